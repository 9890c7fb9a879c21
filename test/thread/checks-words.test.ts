// What is said of checks: each answer of GitHub in a word, what is missing, and what was run again.
import { expect, it } from "vitest";
import type { CheckView } from "../../src/thread/delivery-view.ts";
import { checksWords } from "../../src/thread/words/checks.ts";

const check = (name: string, meaning: CheckView["meaning"], said: string, reruns = 0): CheckView => ({
  repoId: null,
  name,
  meaning,
  said,
  url: null,
  reruns,
});
const words = (...checks: readonly CheckView[]) => checksWords({ checks, repositories: [] });

it.each<[string, string, readonly CheckView[]]>([
  ["what failed", "`test` failed, 1 passed.", [check("test", "failed", "failure"), check("lint", "passed", "success")]],
  ["cancelled", "`test` (cancelled) failed.", [check("test", "failed", "cancelled")]],
  ["timed out", "`test` (timed out) failed.", [check("test", "failed", "timed_out")]],
  ["stale", "`test` (given up as stale) failed.", [check("test", "failed", "stale")]],
  ["never begun", "`test` (could not start) failed.", [check("test", "failed", "startup_failure")]],
  ["held", "`CI` waits for a maintainer.", [check("CI", "held", "action_required")]],
  ["unfinished", "`test` is not finished.", [check("test", "waiting", "in_progress")]],
  ["missing", "`test` is required and not reported yet.", [check("test", "waiting", "missing")]],
  ["run again", "2 passed (1 when run again).", [check("a", "passed", "success", 2), check("b", "passed", "success")]],
  [
    "passed over",
    "1 passed, 1 skipped, 2 neutral.",
    [
      check("a", "passed", "success"),
      check("b", "no_opinion", "skipped"),
      check("c", "no_opinion", "neutral"),
      check("d", "no_opinion", "neutral"),
    ],
  ],
])("%s", (_, expected, checks) => {
  expect(words(...checks)).toBe(expected);
});

it("nothing where nothing is known", () => {
  expect(words()).toBeNull();
  expect(checksWords({ checks: null, repositories: [] })).toBeNull();
});
