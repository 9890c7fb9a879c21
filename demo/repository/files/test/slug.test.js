import assert from "node:assert/strict";
import { test } from "node:test";
import { slug } from "../src/slug.js";

test("words are joined by single hyphens", () => {
  assert.equal(slug("  Oak table,   6 seats "), "oak-table-6-seats");
});

test("an address has no more than 60 characters and no hyphen at its ends", () => {
  const long = slug(`${"a".repeat(59)} table`);
  assert.equal(long, "a".repeat(59));
});

test("accented letters become plain letters", () => {
  assert.equal(slug("Crème brûlée set"), "creme-brulee-set");
});
