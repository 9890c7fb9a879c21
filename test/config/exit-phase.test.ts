// Where a delivery ends by configuration and by word, and which of the ends merge.
import { expect, it } from "vitest";
import { AVAILABLE_EXITS, endOf, exitOf, merges } from "../../src/config/exit-phase.ts";

it("deploy is to observe for no time; every other end is its own", () => {
  expect(AVAILABLE_EXITS.map(endOf)).toEqual(["plan", "review", "verify", "observe", "observe", "close"]);
});

it("what goes further than a pull request merges", () => {
  expect(AVAILABLE_EXITS.filter(merges)).toEqual(["deploy", "observe", "close"]);
});

it.each([
  ["Verify", "verify"],
  ["observe", "observe"],
  ["deploy", null],
  ["implement", null],
])("the word %s is the end %s", (word, end) => {
  expect(exitOf(word)).toBe(end);
});
