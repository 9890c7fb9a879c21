// A summary is two sentences in one line; what it says is for people to judge.
import { expect, it } from "vitest";
import { summaryProblem } from "../../src/artifacts/summary.ts";

it.each([
  ["Prices show their cents now. `price` no longer rounds down.", null],
  ["Links to e.g. the shop work. The search makes the same addresses.", null],
  ["   ", "The summary is empty."],
  ["One.\nTwo.", "The summary has more than one line."],
  ["One. Two. Three. Four.", "The summary has more than two sentences."],
])("%j: %s", (summary, problem) => {
  expect(summaryProblem({ summary })).toBe(problem);
});
