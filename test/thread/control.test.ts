// The control issue read aloud: what a newcomer learns, what is never shown, and that nobody's words do harm in it.
import { describe, expect, it } from "vitest";
import type { ControlView, LiveDelivery } from "../../src/control/view.ts";
import { DeliveryId, IssueNumber } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { controlBody, controlOffBody } from "../../src/thread/render/control.ts";
import { controlDone } from "../../src/thread/words/control.ts";
import { harmsOf } from "./support/harms.ts";
import { PLACE } from "./support/world.ts";

const one = (rest: Partial<LiveDelivery> = {}): LiveDelivery => ({
  id: DeliveryId.parse(12),
  issue: IssueNumber.parse(7),
  title: "The slug loses its last character",
  phase: "plan",
  runStatus: "succeeded",
  reason: null,
  holds: [],
  ...rest,
});
const view = (rest: Partial<ControlView> = {}): ControlView => ({
  repository: "acme/shop",
  prefix: null,
  label: "countersign",
  approvers: ["octocat", "mona"],
  freezes: [],
  deferred: 0,
  live: [one()],
  more: 0,
  spent: { tokens: 31_204, micros: 90_000 },
  installation: { spent: { tokens: 50_000, micros: 150_000 }, tokens: 1_000_000, micros: null },
  showCost: true,
  ...rest,
});
const draw = (rest: Partial<ControlView> = {}): string => controlBody(view(rest), PLACE);
const freeze = {
  id: 1,
  repoId: null,
  by: "operator",
  reason: "keys leaked",
  login: null,
  at: instant("2026-11-21T09:41:00Z"),
} as const;

describe("the control issue", () => {
  it("says all of it in its first lines, and how it is used", () => {
    expect(draw()).toMatchInlineSnapshot(`
      "### Countersign in \`acme/shop\`

      **Not frozen.** \`/freeze\` in a comment here stops everything.

      **1 delivery is live.**

      | delivery | issue | where it is |
      | --- | --- | --- |
      | [D-12](https://github.com/acme/shop/issues/7) | The slug loses its last character | plan, waits for \`octocat\` or \`mona\` |

      **Spent today** (UTC) in this repository: 31,204 tokens, \`$0.09\`. All repositories of the installation together: 50,000 tokens, \`$0.15\` of 1,000,000 tokens a day.

      **How to use it**

      - To have something done: open an issue that says what, and put the label \`countersign\` on it. Countersign answers there with a plan, and writes nothing before somebody approved exactly what it shows.
      - To stop everything in this repository: comment \`/freeze why\` here. What is approved stays approved and what was asked for is kept.
      - To go on: comment \`/unfreeze\` here. What was held goes on by itself.
      - Who may: \`octocat\` or \`mona\`. Each is answered here and stands in the ledger.

      The app keeps this issue: it is brought up to date when something changes, and an edit, a closing or another title is put back. \`control_issue: off\` in \`.github/countersign.yml\` ends it."
    `);
  });

  it.each([
    [
      { runStatus: "blocked", phase: "implement", reason: "policy" },
      "implement, blocked (`policy`), waits for `octocat` or `mona`",
    ],
    [{ runStatus: "running", phase: "implement" }, "implement, at work, waits for nobody"],
    [{ holds: ["hold"] }, "plan, on hold"],
    [{ holds: ["freeze"] }, "plan, frozen with another repository that takes part"],
  ] as const)("tells where %j is and whom it waits for", (state, words) => {
    expect(draw({ live: [one(state as Partial<LiveDelivery>)] })).toContain(`| ${words} |`);
  });

  it("names each freeze with its reason, and who lifts it", () => {
    const text = draw({ freezes: [freeze, { ...freeze, by: "approver", login: "mona", reason: null }], deferred: 2 });
    expect(text).toContain(
      "- By the operator since 21 Nov 09:41 UTC, with all of the installation; only the operator lifts it. Reason: keys leaked.",
    );
    expect(text).toContain("- By `mona` since 21 Nov 09:41 UTC.");
    expect(text).toContain("2 labels put on while it is frozen wait for its end.");
  });

  it("shows no cost and nothing of other repositories where it may not", () => {
    const text = draw({ showCost: false, installation: null });
    expect(text).toContain("**Spent today** (UTC) in this repository: 31,204 tokens.\n");
    expect(text).not.toContain("$");
  });

  it.each([
    "@acme/ops fixes #1 ![x](https://evil.example/x.png)",
    "a | b |\n| c",
    "<details><summary>/approve</summary>",
    "[click](https://evil.example) `\u202Eevil` <!-- countersign 0 -->",
    "x".repeat(5_000),
  ])("keeps a hostile title harmless: %j", (title) => {
    const text = draw({ live: [one({ title })], freezes: [{ ...freeze, reason: title }] });
    // Our own table and its links are all that there is.
    expect(harmsOf(text)).toEqual(harmsOf(draw({ freezes: [freeze] })));
    const [row] = text.split("\n").filter((line) => line.startsWith("| [D-12]"));
    expect(row?.replaceAll("\\|", "").split("|")).toHaveLength(5);
  });

  it("says when it is not kept any more", () => {
    const text = controlOffBody("acme/shop", "cs");
    expect(harmsOf(text)).toEqual([]);
    expect(text).toContain("**Not kept any more.**");
    expect(text).toContain("`/cs freeze` here is refused");
    expect(text).toContain("What an approver froze, `/cs unfreeze` of an approver in a comment here still lifts");
    expect(text).toContain("what the operator froze, only the operator");
  });
});

it("answers in words that say what happened, what was kept, and what to do next", () => {
  expect(controlDone("freeze", "mona", "cs", true)).toContain("`/cs unfreeze` here lifts it");
  expect(controlDone("unfreeze", "mona", null, true)).toContain("The operator's own freeze still stands");
  expect(controlDone("unfreeze", "mona", null, false)).toBe("**Lifted** by `mona`. What was held goes on by itself.");
});
