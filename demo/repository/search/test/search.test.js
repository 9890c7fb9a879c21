import assert from "node:assert/strict";
import { test } from "node:test";
import { search } from "../src/search.js";

const PRODUCTS = ["Oak table", "Oak chair", "Crème brûlée set"];

test("products are found by a part of their name", () => {
  assert.deepEqual(
    search(PRODUCTS, " oak ").map(({ name }) => name),
    ["Oak table", "Oak chair"],
  );
});

test("a product without usable characters has a page too", () => {
  assert.deepEqual(search(["!!!"], "!"), [{ name: "!!!", page: "/p/product" }]);
});

test("a link leads to where the shop has the page", () => {
  assert.deepEqual(search(PRODUCTS, "crème"), [{ name: "Crème brûlée set", page: "/p/creme-brulee-set" }]);
});
