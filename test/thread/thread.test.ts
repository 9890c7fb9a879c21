// The whole thread of a delivery, as it stands on GitHub: each text is kept beside this file, to be read as a person reads it.
import { describe, expect, test } from "vitest";
import { BLOCKED_REASONS, FAILED_REASONS, type Reason } from "../../src/delivery/reason.ts";
import type { Shortage } from "../../src/delivery/shortage.ts";
import { PullNumber } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import type { DeliveryView } from "../../src/thread/delivery-view.ts";
import { type Publication, publicationsOf } from "../../src/thread/publications.ts";
import { labelsOf } from "../../src/thread/render/labels.ts";
import { noteComment, wantedNote } from "../../src/thread/render/note.ts";
import { statusComment } from "../../src/thread/render/status.ts";
import { MERGES } from "./support/merges.ts";
import { PLACES_OF_REASONS, VARIANTS } from "./support/variants.ts";
import { DONE, PLACE, repository, STATIONS, stopped } from "./support/world.ts";

const written = (one: Publication): string => {
  switch (one.kind) {
    case "comment":
      return one.firstBody === one.body ? one.body : `(when it is new)\n\n${one.firstBody}`;
    case "check_run": {
      const { name, headSha, conclusion, title, summary, text, actions } = one.draft;
      const buttons = actions.map(({ label, description, identifier }) => `[${label}] ${description} (${identifier})`);
      return [
        `${name} on ${headSha.slice(0, 7)}: ${conclusion}`,
        title,
        ...buttons,
        "",
        summary,
        "",
        text ?? "(no text)",
      ].join("\n");
    }
    case "reaction":
      return one.reaction;
    case "label":
      return one.wanted ? `has ${one.label}` : `has not ${one.label}`;
  }
};

const whole = (view: DeliveryView): string =>
  publicationsOf(view, PLACE)
    .map((one) => {
      const folded = one.kind === "comment" && one.minimized ? " (minimized)" : "";
      return `<!-- ===== ${one.key}${folded} ===== -->\n\n${written(one)}`;
    })
    .join("\n\n");

describe("a normal delivery reads well at each station", () => {
  test.each(Object.entries({ ...STATIONS, done: DONE }))("%s", async (name, view) => {
    await expect(`${whole(view)}\n`).toMatchFileSnapshot(`golden/${name}.md`);
  });
});

/** Without what is folded or follows it: the stations above show that. */
const unfolded = (view: DeliveryView): string =>
  whole(view)
    .split(/(?=<!-- ===== )/)
    .map((text) => text.split("<details>")[0]?.trimEnd() ?? "")
    .join("\n\n");

describe("so do the ways beside it", () => {
  test.each(Object.entries({ ...VARIANTS, ...MERGES }))("%s", async (name, view) => {
    await expect(`${unfolded(view)}\n`).toMatchFileSnapshot(`golden/variants/${name}.md`);
  });
});

test("what changed since the last version stands before the whole, and the approval is for the whole", async () => {
  const { secondVersion } = VARIANTS;
  const comment = commentsOf(secondVersion).find(({ key }) => key === "patch:acme/shop:2");
  await expect(`${comment?.body}\n`).toMatchFileSnapshot("golden/delta.md");
});

test("what was rolled back is told so in the first version of its result", () => {
  const result = commentsOf(VARIANTS.endsRolledBack).find(({ key }) => key === "result");
  expect(result?.firstBody).toMatch(/^\*\*Rolled back\.\*\* What \[acme\/shop#57\]/);
  expect(result?.firstBody).not.toMatch(/Done|proven/);
});

test("the search for what waits finds an issue that the merge has closed: what breaks after it waits too", () => {
  const status = statusComment(stopped("observe", "failed", "regressed"), PLACE);
  const [, search = ""] = /\(([^()]*issues\?q=[^()]*)\)/.exec(status) ?? [];
  expect(new URL(search).searchParams.get("q")).toBe(
    'is:issue user:acme label:"countersign:plan","countersign:review","countersign:needs-human"',
  );
});

test("while what undoes it lives, a delivery offers no command: each would be for the other", () => {
  const [status] = statusComment(VARIANTS.rollingBack, PLACE).split("<details>");
  expect(status).toContain("D-13 is to undo it");
  expect(status).not.toMatch(/`\//);
});

test("what waits for people without a gate is found by its label", () => {
  const needs = (view: DeliveryView) =>
    labelsOf(view).some(({ label, wanted }) => wanted && label.endsWith("needs-human"));
  expect(needs(VARIANTS.checksHeld)).toBe(true);
  expect(needs(VARIANTS.rejected)).toBe(true);
  expect(needs(STATIONS.watching)).toBe(false);
  expect(needs(VARIANTS.rollingBack)).toBe(false);
  const paused = { ...VARIANTS.checksHeld.state, holds: ["hold" as const] };
  expect(needs({ ...VARIANTS.checksHeld, state: paused })).toBe(false);
});

const noteOf = (reason: Reason): string => {
  const failed = FAILED_REASONS.some((one) => one === reason);
  const view = stopped(PLACES_OF_REASONS[reason] ?? "verify", failed ? "failed" : "blocked", reason);
  const pull = view.state.targets.some((target) => target.written !== null) ? PullNumber.parse(57) : null;
  const note = "What the event said";
  const shown = { ...view, repositories: [repository({ pullRequest: pull })], facts: { ...view.facts, note } };
  return noteComment(shown, PLACE, reason).split("\n\n<details>")[0] ?? "";
};

test("every reason to stand still has its words and its ways on", async () => {
  const notes = [...FAILED_REASONS, ...BLOCKED_REASONS].map((reason) => `## ${reason}\n\n${noteOf(reason)}`);
  await expect(`${notes.join("\n\n")}\n`).toMatchFileSnapshot("golden/reasons.md");
});

test("each limit that refuses a call says what is left, which it was, and how to go on", async () => {
  const base = stopped("plan", "blocked", "budget");
  const short = (rest: Partial<Shortage>): Shortage => ({
    scope: "delivery",
    unit: "tokens",
    limit: 200_000,
    used: 187_350,
    needed: 26_000,
    model: "my-model",
    until: null,
    ...rest,
  });
  const tomorrow = instant("2026-11-22T00:00:00Z");
  const money = { unit: "money", limit: 2_000_000, used: 1_950_000, needed: 260_000 } as const;
  const spentDay = { scope: "day", until: tomorrow } as const;
  const cases: readonly (readonly [string, Shortage, Partial<DeliveryView>])[] = [
    ["tokens of the delivery", short({}), {}],
    ["money of the delivery", short(money), {}],
    ["the same where cost is not shown", short(money), { issue: { ...base.issue, visibility: "public" } }],
    ["time of the delivery", short({ unit: "time", limit: 600_000, used: 601_000, needed: 0 }), {}],
    ["tokens of a run", short({ scope: "run", limit: 20_000, used: 0 }), {}],
    ["a price that nobody knows", short({ ...money, unit: "price", needed: 0 }), {}],
    [
      "the same where models are not shown",
      short({ ...money, unit: "price", needed: 0 }),
      { issue: { ...base.issue, visibility: "public" } },
    ],
    ["the day", short(spentDay), {}],
    ["the day, too often", short(spentDay), { state: { ...base.state, restartsLeft: 0 } }],
  ];
  const told = cases.map(([name, shortage, rest]) => {
    const view = { ...base, ...rest, facts: { ...base.facts, shortage } };
    const note = wantedNote(view) === null ? "(no comment of its own)" : noteComment(view, PLACE, "budget");
    const status = statusComment(view, PLACE).split("\n\n<details>")[0] ?? "";
    return `## ${name}\n\n${note.split("\n\n<details>")[0]}\n\n---\n\n${status}`;
  });
  await expect(`${told.join("\n\n")}\n`).toMatchFileSnapshot("golden/budgets.md");
});

const commentsOf = (view: DeliveryView) =>
  publicationsOf(view, PLACE).flatMap((one) => (one.kind === "comment" ? [one] : []));

test("a normal delivery makes four comments, three check runs, and one reaction of its own", () => {
  const keys = new Set(
    Object.values({ ...STATIONS, done: DONE }).flatMap((view) =>
      publicationsOf(view, PLACE).map(({ kind, key }) => `${kind} ${key}`),
    ),
  );
  const of = (kind: string) => [...keys].filter((key) => key.startsWith(`${kind} `));
  expect(of("comment").toSorted()).toEqual([
    "comment patch:acme/shop:1",
    "comment plan:1",
    "comment result",
    "comment status",
  ]);
  expect(of("check_run")).toHaveLength(3);
  expect(of("reaction")).toEqual(["reaction eyes"]);
});

test("the first 400 characters of an open gate say what happened, whose turn it is, and the command", () => {
  for (const [view, code] of [
    [STATIONS.planReady, "plan:1"],
    [STATIONS.patchesReady, "patch:acme/shop:1"],
    [VARIANTS["planWithLongWords"], "plan:1"],
    [VARIANTS["manyApprovers"], "plan:1"],
    [VARIANTS["twoRepositories"], "patch:acme/shop:1"],
  ] as const) {
    const gate = commentsOf(view).find(({ key }) => key === code);
    const start = gate?.firstBody.slice(0, 400) ?? "";
    expect(start).toMatch(/^\*\*(Plan|Patches) ready, please/);
    expect(start.split("\n")[1]).toMatch(/^@/);
    expect(start).toMatch(/\n\/approve (acme\/shop )?[2-9a-z]{4}\n/);
    expect(start).toMatch(/Nothing has been written to (the|any) repository\./);
  }
});

test("approvers are mentioned in the second line of a new gate comment and nowhere else", () => {
  const mention = /(?:^|[^`\w])@\w/m;
  for (const view of [...Object.values(STATIONS), DONE, ...Object.values(VARIANTS)]) {
    for (const { key, body, firstBody } of commentsOf(view)) {
      expect(body).not.toMatch(mention);
      const lines = firstBody.split("\n");
      const mentioning = lines.filter((line) => mention.test(line) && !line.startsWith("Also: @"));
      expect(mentioning.length).toBeLessThanOrEqual(1);
      if (/^(plan|patch):/.test(key) && mentioning.length === 1) expect(lines[1]).toBe(mentioning[0]);
      else if (!key.startsWith("reminder:")) expect(mentioning).toEqual([]);
    }
  }
});

test("only an open gate shows commands and buttons", () => {
  for (const view of [STATIONS.planApproved, STATIONS.watching, DONE]) {
    for (const one of publicationsOf(view, PLACE)) {
      if (one.kind === "check_run") expect(one.draft.actions).toEqual([]);
      if (one.kind === "comment" && /^(plan|patch):/.test(one.key)) expect(one.body).not.toContain("/approve");
    }
  }
});
