// Heads that no delivery brought: whether the repository asks for a word on them, and which.
import { describe, expect, it } from "vitest";
import { NO_CEILING, parseCeiling } from "../../src/config/ceiling.ts";
import { DeliveryId, Sha } from "../../src/ids.ts";
import { isRequired, queuedPull, standingOf } from "../../src/provenance/foreign.ts";
import { foreignCheck } from "../../src/thread/render/foreign-check.ts";

describe("a repository asks for it", () => {
  it.each([
    [null, false],
    ["", false],
    ["provenance: shown\n", false],
    ["provenance: required\n", true],
    // What cannot be used still says it plainly: else nobody could mend it where a ruleset asks for the check.
    ["provenance: required\nnonsense: 1\n", true],
    ['provenance: "required" # always\n: [\n', true],
    ["nonsense: 1\n", false],
    ["# provenance: required\nnonsense: 1\n", false],
    ["policy:\n  provenance: required\n", false],
  ])("with %j: %s", (text, is) => {
    expect(isRequired(text, NO_CEILING)).toBe(is);
  });

  it("where the operator asks for it, whatever the file says", () => {
    for (const text of [null, "provenance: shown\n", "nonsense: 1\n"]) {
      const ceiling = parseCeiling("provenance: required\n");
      expect(ceiling.ok && isRequired(text, ceiling.value)).toBe(true);
    }
  });
});

describe("a branch", () => {
  it.each([
    ["countersign/d-12", "imitation"],
    ["Countersign/D-12", "imitation"],
    ["countersign/d-１２", "imitation"],
    ["countersign/d-12-more", "pull"],
    ["topic/countersign/d-12", "pull"],
    ["countersign", "pull"],
    ["topic", "pull"],
  ])("%s is judged by its name: %s", (branch, as) => {
    expect(standingOf(branch)).toBe(as);
  });

  it("of the merge queue names the pull request whose turn it is", () => {
    expect(queuedPull(`refs/heads/gh-readonly-queue/main/pr-57-${"a".repeat(40)}`)).toBe(57);
    expect(queuedPull("refs/heads/main")).toBeNull();
  });
});

describe("the check", () => {
  const head = Sha.parse("a".repeat(40));
  const checkOf = (as: "pull" | "imitation" | "queue") =>
    foreignCheck({ as, head, branch: "countersign/d-1`@team`", deliveries: [DeliveryId.parse(12)] });

  it("bears exactly the name that a ruleset asks for, once a commit, and is done in one call", () => {
    for (const as of ["pull", "imitation", "queue"] as const) {
      expect(checkOf(as)).toMatchObject({
        name: "countersign / provenance",
        status: "completed",
        externalId: `provenance:${head}`,
        actions: [],
      });
    }
  });

  it("is neutral, and red for a borrowed name alone", () => {
    expect([checkOf("pull").conclusion, checkOf("queue").conclusion, checkOf("imitation").conclusion]).toEqual([
      "neutral",
      "neutral",
      "failure",
    ]);
  });

  it("shows the branch's name as code", () => {
    expect(checkOf("imitation").summary).toContain("`` countersign/d-1`@team` ``");
  });
});
