// Accepted warnings as annotations: on lines that the commit has, of files that it has, and no more than GitHub takes at once.
import { expect, it } from "vitest";
import type { Sha } from "../../src/ids.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { foreignCheck } from "../../src/thread/render/foreign-check.ts";
import { provenanceChecks } from "../../src/thread/render/provenance.ts";
import { warningsOn } from "../../src/thread/render/warnings-on.ts";
import { VARIANTS } from "./support/variants.ts";
import { PLACE, patchSet, repository, STATIONS, sha } from "./support/world.ts";

const warning = (path: string | null, line: number | null = 3, severity: "warn" | "block" = "warn") => ({
  rule: "build-scripts" as const,
  severity,
  path,
  line,
  message: "This file runs `when` @somebody builds.\n::error::no command",
});
const files = patchSet().files;
const [first] = files;
const path = first?.path ?? "";

it("stand on the lines of files that are there, in plain words on one line", () => {
  const gone = { ...files[0], path: "gone.sh", newBlob: null };
  const of = {
    ...patchSet(),
    files: [...files, ...(first === undefined ? [] : [{ ...first, ...gone }])],
    violations: [warning(path), warning(path, null), warning("gone.sh"), warning("not/in/it"), warning(null)],
  };
  const { annotations, leftOut } = warningsOn(of);
  expect(annotations.map((one) => [one.path, one.line, one.level, one.title])).toEqual([
    [path, 3, "warning", "build-scripts"],
    [path, 1, "warning", "build-scripts"],
  ]);
  expect(annotations[0]?.message).not.toMatch(/\n|@somebody/);
  expect(leftOut).toBeNull();
});

it("are at most fifty, and the others are counted", () => {
  const violations = Array.from({ length: 60 }, (_, at) => warning(path, at + 1));
  const { annotations, leftOut } = warningsOn({ ...patchSet(), violations });
  expect(annotations).toHaveLength(50);
  expect(leftOut).toContain("10 more warnings");
});

it("are not shown where the head holds something else", () => {
  const view = { ...VARIANTS.unapprovedHead, patchSets: [{ ...patchSet(), violations: [warning(path)] }] };
  const [target] = view.state.targets;
  if (target === undefined) throw new Error("no target");
  const checks = provenanceChecks(view, PLACE, target, repository()).map(({ draft }) => draft);
  expect(checks.map(({ conclusion, annotations }) => [conclusion, annotations?.length])).toEqual([
    ["success", 1],
    ["failure", 0],
  ]);
});

/** Rule 11: a healthy default branch turns neither red nor pending. */
it.each([...Object.entries(STATIONS), ...Object.entries(VARIANTS)])(
  "whatever becomes of %s, every check on a base commit is completed and neutral, without a line of annotations",
  (_, view) => {
    const bases = new Set<Sha>([sha("base"), ...view.repositories.map(({ baseSha }) => baseSha)]);
    const heads = new Set(view.provenance.map(({ judged }) => judged.commit));
    for (const one of publicationsOf(view, PLACE)) {
      if (one.kind !== "check_run") continue;
      const { headSha, status, conclusion, annotations = [] } = one.draft;
      expect(status).toBe("completed");
      if (!heads.has(headSha)) {
        expect(bases.has(headSha)).toBe(true);
        expect([conclusion, annotations]).toEqual(["neutral", []]);
      } else expect(bases.has(headSha)).toBe(false);
    }
  },
);

it("nor does a check on what is not ours", () => {
  for (const as of ["pull", "queue"] as const) {
    const draft = foreignCheck({ as, head: sha("head"), branch: "topic", deliveries: [] });
    expect([draft.status, draft.conclusion]).toEqual(["completed", "neutral"]);
  }
});
