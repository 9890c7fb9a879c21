// Green exactly where applying what was approved to the base gives the head.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Digest, Sha } from "../../src/ids.ts";
import type { FileChange } from "../../src/patches/patch-set.ts";
import { type Change, type Changes, changesOf, oneAfterTheOther } from "../../src/provenance/changes.ts";
import { type Approved, differences, judge } from "../../src/provenance/judge.ts";
import { runs } from "../support/runs.ts";
import { between, edited, edits, tree } from "./random-trees.ts";

const blob = (digit: string): Sha => Sha.parse(digit.repeat(40));
const entry = (digit: string, mode = "100644") => ({ mode, sha: blob(digit) });
const by = (digit: string) => ({ kind: "patchset", digest: Digest.parse(digit.repeat(64)), head: null }) as const;
const approvedAs = (changes: Changes, digit = "a"): Approved => ({ by: by(digit), changes });

const change = (part: Partial<FileChange> & Pick<FileChange, "kind" | "path">): FileChange => ({
  previousPath: null,
  oldBlob: null,
  newBlob: null,
  oldMode: null,
  newMode: null,
  before: null,
  after: null,
  additions: 0,
  deletions: 0,
  tasks: [],
  ...part,
});

const modified = change({
  kind: "modify",
  path: "src/slug.ts",
  oldBlob: blob("1"),
  newBlob: blob("2"),
  oldMode: "100644",
  newMode: "100644",
});

describe("a comparison", () => {
  it("is green where the head is the base with exactly the approved changes, and nowhere else", () => {
    fc.assert(
      fc.property(tree, edits, edits, fc.boolean(), (base, approved, stray, isClean) => {
        const wanted = edited(base, approved);
        const head = isClean ? wanted : edited(wanted, stray);
        const judged = judge([approvedAs(between(base, wanted))], between(base, head));
        const isSame = between(wanted, head).size === 0;
        expect(judged.kind).toBe(isSame ? "approved" : "unapproved");
      }),
      runs(300),
    );
  });

  it("stays green when the base is merged in, as long as it touches nothing of ours", () => {
    fc.assert(
      fc.property(tree, edits, edits, (base, approved, theirs) => {
        const wanted = edited(base, approved);
        const moved = edited(base, theirs);
        const changes = between(base, wanted);
        // What a merge gives where no path was changed by both.
        const merged = edited(
          moved,
          [...changes].map(([path, { after }]) => [path, after] as const),
        );
        const touched = [...between(base, moved).keys()].some((path) => changes.has(path));
        const judged = judge([approvedAs(changes)], between(moved, merged));
        expect(judged.kind).toBe(touched ? "unapproved" : "approved");
      }),
      runs(300),
    );
  });

  it("names every path that differs, and none other", () => {
    fc.assert(
      fc.property(tree, edits, edits, (base, approved, stray) => {
        const wanted = edited(base, approved);
        const head = edited(wanted, stray);
        const found = differences(between(base, wanted), between(base, head));
        expect(found.map(({ path }) => path)).toEqual([...between(wanted, head).keys()].sort());
      }),
      runs(300),
    );
  });

  it.each([
    ["content", { before: entry("1"), after: entry("3") }],
    ["content", { before: entry("1"), after: null }],
    ["mode", { before: entry("1"), after: entry("2", "100755") }],
    ["base_changed", { before: entry("9"), after: entry("2") }],
    ["base_changed", { before: null, after: entry("2") }],
  ])("says what is wrong with an approved path: %s", (what, is) => {
    expect(differences(changesOf([modified]), new Map([["src/slug.ts", is]] as const))).toMatchObject([
      { path: "src/slug.ts", what },
    ]);
  });

  it("says what is missing and what nobody approved", () => {
    const found = new Map([["other.ts", { before: null, after: entry("5") }]]);
    expect(differences(changesOf([modified]), found).map(({ path, what }) => `${what} ${path}`)).toEqual([
      "not_approved other.ts",
      "missing src/slug.ts",
    ]);
  });

  it("knows a rename by both of its names, and neither half alone will do", () => {
    const renamed = changesOf([
      change({
        kind: "rename",
        path: "new.ts",
        previousPath: "old.ts",
        oldBlob: blob("1"),
        newBlob: blob("2"),
        oldMode: "100644",
        newMode: "100644",
      }),
    ]);
    const away = ["old.ts", { before: entry("1"), after: null }] as const;
    const there = ["new.ts", { before: null, after: entry("2") }] as const;
    expect(judge([approvedAs(renamed)], new Map<string, Change>([away, there])).kind).toBe("approved");
    expect(differences(renamed, new Map<string, Change>([there])).map(({ what }) => what)).toEqual(["missing"]);
    expect(differences(renamed, new Map<string, Change>([away])).map(({ what }) => what)).toEqual(["missing"]);
  });

  it("is green by whichever approval it holds, and red is told of the newest", () => {
    const [first, second] = [
      new Map([["a", { before: null, after: entry("1") }]]),
      new Map([["b", { before: null, after: entry("2") }]]),
    ];
    const both = [approvedAs(first, "a"), approvedAs(second, "b")];
    expect(judge(both, first)).toEqual({ kind: "approved", by: by("a") });
    expect(judge(both, second)).toEqual({ kind: "approved", by: by("b") });
    const judged = judge(both, new Map());
    expect(judged.kind === "unapproved" && judged.differences.map(({ path }) => path)).toEqual(["b"]);
  });

  it("is never green where nothing was approved", () => {
    expect(judge([], new Map()).kind).toBe("unapproved");
  });
});

describe("changes one after the other", () => {
  it("are the change from the first tree to the last", () => {
    fc.assert(
      fc.property(tree, edits, edits, (base, one, other) => {
        const [middle, last] = [edited(base, one), edited(edited(base, one), other)];
        const both = oneAfterTheOther(between(base, middle), between(middle, last));
        expect(new Map([...both].sort())).toEqual(new Map([...between(base, last)].sort()));
      }),
      runs(300),
    );
  });
});
