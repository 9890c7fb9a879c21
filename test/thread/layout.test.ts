// What does not fit into one comment goes on elsewhere, whole and in order, or is refused.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicationsOf } from "../../src/thread/publications.ts";
import { action } from "../../src/thread/render/check-run.ts";
import { CHECK_LIMIT, COMMENT_LIMIT, layout, sizeOf, within } from "../../src/thread/render/layout.ts";
import { patchSetFits } from "../../src/thread/render/patch-set-sections.ts";
import { planFits } from "../../src/thread/render/plan.ts";
import { runs } from "../support/runs.ts";
import { LONG, VARIANTS } from "./support/variants.ts";
import { DONE, PLACE, PLAN, patchSet, plan, STATIONS } from "./support/world.ts";

test("sections keep their order, none is cut, and no place is over its limit", () => {
  const section = fc.integer({ min: 0, max: 60_000 }).map((size) => "é".repeat(size / 2));
  fc.assert(
    fc.property(fc.array(section, { maxLength: 12 }), fc.boolean(), (sections, check) => {
      const pages = layout(sections, { check });
      if (pages === null) {
        expect(sections.reduce((sum, one) => sum + sizeOf(one), 0)).toBeGreaterThan(COMMENT_LIMIT / 2);
        return;
      }
      expect([...pages.comment, ...pages.check, ...pages.more]).toEqual(sections);
      if (!check) expect(pages.check).toEqual([]);
      for (const [page, limit] of [
        [pages.comment, COMMENT_LIMIT],
        [pages.check, CHECK_LIMIT],
        [pages.more, COMMENT_LIMIT],
      ] as const) {
        expect(sizeOf(page.join("\n\n"))).toBeLessThan(limit);
      }
    }),
    runs(200),
  );
});

describe("a long patch set", () => {
  const publications = publicationsOf(LONG, PLACE);
  const comment = (key: string) => publications.find((one) => one.key === key && one.kind === "comment");
  const main = comment("patch:acme/shop:1");
  const more = comment("patch:acme/shop:1:more");
  const run = publications.find(({ key }) => key === "check:patch:acme/shop:1");

  test("goes on in the check run, then in one more comment, and says so", () => {
    const bodyOf = (one: typeof main) => (one?.kind === "comment" ? one.body : "");
    expect(bodyOf(main)).toContain("<code>src/a.ts</code>, 402 lines");
    expect(bodyOf(main)).not.toContain("<code>src/b.ts</code>");
    expect(run?.kind === "check_run" && run.draft.text).toContain("<code>src/b.ts</code>, 402 lines");
    expect(bodyOf(more)).toContain("<code>src/c.ts</code>, 402 lines");
    expect(bodyOf(main)).toContain(
      "**This goes on**: 1 more part in the [check run](https://github.com/acme/shop/runs/502) and 2 more parts in the next comment. An approval covers all of it.",
    );
    expect(bodyOf(more)).toMatch(/^\*\*The rest of patch set 1 in `acme\/shop`\*\* of D-12/);
  });

  test("is open only with all of its parts", () => {
    for (const part of [main, more, run]) {
      expect(part?.kind === "comment" || part?.kind === "check_run" ? part.shows : null).toEqual({
        repoId: 77,
        digest: patchSet().digest,
      });
    }
  });
});

describe("what changed since the last version", () => {
  const { secondVersion } = VARIANTS;
  const second = secondVersion.patchSets[1];
  if (second?.since == null) throw new Error("there is no second version");
  const { since } = second;
  const [file] = second.files;
  if (file === undefined) throw new Error("the patch set has no file");
  const different = (count: number, size: number) =>
    Array.from({ length: count }, (_, i) => ({
      path: `src/${i}.ts`,
      how: "different" as const,
      diff: `+${"x".repeat(size)}\n`,
    }));
  const drawn = (files: (typeof since)["delta"]["files"], whole: number, stands = since.delta.stands) => {
    const patchSet = {
      ...second,
      files: Array.from({ length: whole }, (_, i) => ({
        ...file,
        path: `whole/${i}.ts`,
        diff: `+${"y".repeat(40_000)}\n`,
      })),
      since: { ...since, delta: { ...since.delta, files, stands } },
    };
    const texts = publicationsOf(
      { ...secondVersion, patchSets: [secondVersion.patchSets[0], patchSet] },
      PLACE,
    ).flatMap((one) => {
      if (one.key.startsWith("patch:acme/shop:2") && one.kind === "comment") return [one.body];
      return one.key === "check:patch:acme/shop:2" && one.kind === "check_run" ? [one.draft.text ?? ""] : [];
    });
    return texts.join("\n");
  };

  test("stands before the whole where there is room", () => {
    const text = drawn(different(2, 100), 1);
    expect(text).toContain("**Since patch set 1**: 2 files are different. An approval is for the whole patch set");
    // Two in the comment, and the same two in the check run, which has the whole for those who work there.
    expect(text.match(/<code>src\/\d\.ts<\/code> since patch set 1/g)).toHaveLength(4);
  });

  test("gives way to the whole, file by file, and says so", () => {
    const text = drawn(different(3, 40_000), 2);
    expect(text).toContain("2 differences are too long to be shown beside the whole, which is.");
    expect(text.match(/<code>src\/\d\.ts<\/code> since patch set 1/g)).toHaveLength(1);
    expect(text.match(/<code>whole\/\d\.ts<\/code>, 1 line/g)).toHaveLength(2);
    expect(text).toContain("- Different: `src/0.ts`, `src/1.ts` and `src/2.ts`");
    const none = drawn(different(1, 40_000), 3);
    expect(none).toContain("1 difference is too long to be shown beside the whole, which is.");
    expect(none).not.toMatch(/<code>src\/0\.ts<\/code> since/);
    expect(none.match(/<code>whole\/\d\.ts<\/code>, 1 line/g)).toHaveLength(3);
  });

  test("names what is new, what is gone and what stayed, many names only as far as there is room", () => {
    const files = [
      { path: "src/a.ts", how: "added" as const, diff: "" },
      { path: "src/b.ts", how: "dropped" as const, diff: "" },
      ...Array.from({ length: 300 }, (_, i) => ({
        path: `long/${"n".repeat(30)}/${i}.ts`,
        how: "same" as const,
        diff: "",
      })),
    ];
    const text = drawn(files, 1);
    expect(text).toContain("**Since patch set 1**: 1 file is new, 1 is no longer part of it and 300 are as before.");
    expect(text).toContain(
      "- New, shown with the whole: `src/a.ts`\n- No longer part of it: `src/b.ts`\n- As before: `long/",
    );
    expect(text).toMatch(/ and \d+ more\n/);
  });

  test("says when the base moved, and when the newer one stands on what is written", () => {
    expect(drawn(different(1, 10), 1, "other_base")).toMatch(
      /The base moved from `[0-9a-f]{7}` to `[0-9a-f]{7}` in between: what others changed in these files meanwhile is among/,
    );
    const onTop = drawn(different(1, 10), 1, "on_top");
    expect(onTop).toContain(
      "**On top of patch set 1**, which is written: all that patch set 2 changes is shown below.",
    );
    expect(onTop).not.toContain("since patch set 1");
  });
});

test("what is too large to be reviewed is told beforehand", () => {
  const [file] = patchSet().files;
  if (file === undefined) throw new Error("the patch set has no file");
  const large = { ...patchSet(), files: [{ ...file, diff: `+${"x".repeat(60_000)}\n` }] };
  const four = {
    ...patchSet(),
    files: ["a", "b", "c", "d"].map((path) => ({ ...file, path, diff: `+${"x".repeat(40_000)}\n` })),
  };
  expect(patchSetFits(patchSet(), true)).toBe(true);
  expect(patchSetFits(large, true)).toBe(false);
  expect(patchSetFits(four, true)).toBe(false);
  expect(planFits(plan(), false)).toBe(true);
  expect(
    planFits(
      plan(1, {
        ...PLAN,
        tasks: Array.from({ length: 20 }, (_, i) => ({ ...task(), id: `T${i + 1}`, description: "\n@x".repeat(2000) })),
      }),
      true,
    ),
  ).toBe(false);
});

const task = () => {
  const [first] = PLAN.tasks;
  if (first === undefined) throw new Error("the plan has no task");
  return first;
};

test("GitHub's limits of a button hold by construction", () => {
  for (const one of publicationsOf(STATIONS.patchesReady, PLACE)) {
    if (one.kind !== "check_run") continue;
    expect(one.draft.actions.length).toBeLessThanOrEqual(3);
    for (const { label, description, identifier } of one.draft.actions) {
      expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([true, true, true]);
    }
  }
  expect(() => action("a label that is far too long", "x", "x")).toThrow(RangeError);
  expect(() => within(3, "four")).toThrow(RangeError);
});

test("the largest things that can be shown stay under the limit, with everybody named that may be named", () => {
  const wide = (size: number) => "@é\u202E#1 ".repeat(Math.ceil(size / 7)).slice(0, size);
  const approvers = {
    users: Array.from({ length: 100 }, (_, i) => `${"a".repeat(36)}${i}`),
    teams: Array.from({ length: 20 }, (_, i) => `${"b".repeat(39)}/${"c".repeat(90)}${i}`),
  };
  const tasks = [2, 3, 4, 5].map((id) => ({ ...task(), id: `T${id}`, description: wide(2500) }));
  const document = {
    ...PLAN,
    title: wide(120),
    cause: wide(1500),
    change: wide(1500),
    size: wide(200),
    architecture: wide(3000),
    tasks: [task(), ...tasks],
    risks: Array.from({ length: 8 }, () => wide(400)),
  };
  const settings = { ...STATIONS.planReady.settings, approvers, quorum: { plan: 10, review: 10 } };
  const note = wide(2000);
  expect(planFits(plan(1, document), true)).toBe(true);
  for (const view of [...Object.values(STATIONS), DONE]) {
    const large = {
      ...view,
      settings,
      plans: view.plans.map(() => plan(1, document)),
      newestPlan: document,
      facts: { ...view.facts, note, issueEdited: true },
      runs: Array.from({ length: 200 }, () => view.runs[0] ?? []).flat(),
      decisions: Array.from({ length: 200 }, () => ({ command: "revise", login: "a".repeat(39), at: view.createdAt })),
    };
    for (const one of publicationsOf(large, PLACE)) {
      if (one.kind !== "comment") continue;
      for (const body of [one.body, one.firstBody]) expect(sizeOf(body) + 100).toBeLessThan(COMMENT_LIMIT);
    }
  }
});
