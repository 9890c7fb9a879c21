import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue } from "../src/catalogue.js";

test("two products of one name have two addresses", () => {
  const catalogue = new Catalogue();
  assert.equal(catalogue.add("Oak table"), "oak-table");
  assert.equal(catalogue.add("Oak table"), "oak-table-2");
});

test("a name without usable characters still has an address", () => {
  const catalogue = new Catalogue();
  assert.equal(catalogue.add("!!!"), "product");
});
