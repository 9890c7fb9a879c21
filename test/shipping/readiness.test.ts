// What is missing before a merge, by what GitHub says: each demand alone, and all together.
import { describe, expect, it } from "vitest";
import { g4 } from "../../src/delivery/gates/g4.ts";
import type { ReviewFacts } from "../../src/github/reading.ts";
import type { Mergeability } from "../../src/github/reading-shipping.ts";
import { PullNumber, RepoId, UserId } from "../../src/ids.ts";
import {
  approvedBy,
  causeOf,
  isLost,
  isReady,
  type Missing,
  missingOf,
  type ReadinessFacts,
} from "../../src/shipping/readiness.ts";

const checks = (conclusion: "success" | "failure") =>
  g4({
    checks: [
      {
        source: "check_run",
        id: 1,
        name: "test",
        appId: 1,
        state: "completed",
        conclusion,
        url: null,
        startedAt: null,
        completedAt: null,
      },
    ],
    complete: true,
    required: null,
    ours: { appIds: [], statusNames: [] },
    secondsWaited: 0,
    noChecksAfterSeconds: 10,
  });

const review = (id: number, state: ReviewFacts["state"]): ReviewFacts => ({
  author: { id: UserId.parse(id), login: `user-${id}`, type: "User" },
  state,
});

const clean: Mergeability = { draft: false, mergeable: true, state: "clean" };
const facts: ReadinessFacts = {
  mergeability: clean,
  reviews: [],
  rules: { reviews: 0, queue: false },
  checks: checks("success"),
  merges: true,
};
const kinds = (change: Partial<ReadinessFacts>): string[] => missingOf({ ...facts, ...change }).map(({ kind }) => kind);
const at = (change: Partial<Mergeability>) => ({ mergeability: { ...clean, ...change } });

describe("a pull request", () => {
  const cases: readonly [string, Partial<ReadinessFacts>, string[]][] = [
    ["that nothing stands in the way of", {}, []],
    ["with a check that is red but asked for by nobody but GitHub's sum", at({ state: "unstable" }), []],
    ["that is a draft", at({ draft: true, state: "draft" }), ["draft"]],
    ["that conflicts", at({ mergeable: false, state: "dirty" }), ["conflicts"]],
    ["of which GitHub has not said", at({ mergeable: null, state: "unknown" }), ["computing"]],
    ["that is behind", at({ state: "behind" }), ["behind"]],
    ["that is blocked by what is not shown", at({ state: "blocked" }), ["blocked"]],
    ["whose checks are red", { checks: checks("failure") }, ["checks"]],
    ["that a queue merges", { rules: { reviews: 0, queue: true } }, ["queue"]],
    ["that its repository leaves to people", { merges: false }, ["left_to_people"]],
    ["whose rules cannot be read", { rules: null }, []],
    ["that wants a review", { rules: { reviews: 1, queue: false } }, ["reviews"]],
    ["with that review", { rules: { reviews: 1, queue: false }, reviews: [review(1, "APPROVED")] }, []],
    [
      "whose review was taken back",
      { rules: { reviews: 1, queue: false }, reviews: [review(1, "APPROVED"), review(1, "DISMISSED")] },
      ["reviews"],
    ],
    [
      "with a comment after the review",
      { rules: { reviews: 1, queue: false }, reviews: [review(1, "APPROVED"), review(1, "COMMENTED")] },
      [],
    ],
    ["that anybody says no to", { reviews: [review(9, "CHANGES_REQUESTED")] }, []],
    [
      "that is blocked by a no",
      { ...at({ state: "blocked" }), reviews: [review(9, "CHANGES_REQUESTED")] },
      ["changes_requested"],
    ],
  ];
  it.each(cases)("%s", (_name, change, expected) => {
    expect(kinds(change)).toEqual(expected);
  });
});

describe("several together", () => {
  const pull = (...missing: Missing[]) => ({
    repoId: RepoId.parse(1),
    pullRequest: PullNumber.parse(2),
    missing,
    previews: null,
  });
  it("are ready when all are, and never when there is none", () => {
    expect(isReady({ pulls: [pull(), pull()] })).toBe(true);
    expect(isReady({ pulls: [pull(), pull({ kind: "draft" })] })).toBe(false);
    expect(isReady({ pulls: [] })).toBe(false);
  });
  it("lose nothing while GitHub computes anew", () => {
    expect(isLost({ pulls: [pull({ kind: "computing" })] })).toBe(false);
    expect(isLost({ pulls: [pull({ kind: "computing" }), pull({ kind: "behind" })] })).toBe(true);
  });
  it("go back to the checks where nothing but them is missing", () => {
    const red: Missing = { kind: "checks", names: ["test"] };
    expect(causeOf({ pulls: [pull(red), pull()] })).toBe("checks");
    expect(causeOf({ pulls: [pull(red), pull({ kind: "behind" })] })).toBe("merge");
  });
});

it("is approved by those whose newest opinion says so", () => {
  const reviews = [
    review(1, "APPROVED"),
    review(2, "APPROVED"),
    review(2, "CHANGES_REQUESTED"),
    review(1, "COMMENTED"),
  ];
  expect(approvedBy(reviews)).toEqual(["user-1"]);
});
