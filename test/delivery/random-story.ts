// Random stories of a delivery: mostly events that lead somewhere, and among them everything that an adversary or a bad day sends.
import fc from "fast-check";
import { type Delivery, EXIT_PHASES } from "../../src/delivery/delivery.ts";
import type { Recorded } from "../../src/delivery/event.ts";
import { type Example, examples } from "../../src/delivery/examples/events.ts";
import type { Step } from "../../src/delivery/step.ts";
import { transition } from "../../src/delivery/transition.ts";
import { rule } from "../../src/delivery/transitions/table.ts";
import { CheckRunId, CommentId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { newborn, ofTwo } from "./reach.ts";

export type Told = Readonly<{ label: string; before: Delivery; recorded: Recorded; step: Step }>;

const TWISTS = [
  "none",
  "earlier attempt",
  "later attempt",
  "old comment",
  "button",
  "no person",
  "again the same person",
  "wrong code",
  "code required",
] as const;
type Twist = (typeof TWISTS)[number];

type Among = "onward" | "moving" | "all";

const chapter = fc.record({
  /** Whether to take the way to the end, anything that moves the delivery, or just anything. */
  among: fc.constantFrom<Among>("onward", "onward", "onward", "moving", "moving", "all"),
  pick: fc.nat(10_000),
  twist: fc.constantFrom<Twist>("none", "none", "none", "none", ...TWISTS),
});

const story = fc.record({
  repositories: fc.constantFrom(1, 2),
  exitPhase: fc.constantFrom(...EXIT_PHASES, "observe" as const),
  chapters: fc.array(chapter, { minLength: 5, maxLength: 60, size: "max" }),
});

/** Rare in life, and most of what could be picked here: ends, and holds that nobody lifts. */
const isRare = ({ label }: Example): boolean =>
  /^(\/cancel|source_gone|hold_added|\/hold|exit_|effect_dead|deadline)/.test(label);

const twisted = (recorded: Recorded, twist: Twist): Recorded => {
  const { event, actor, at } = recorded;
  if ("attempt" in event && (twist === "earlier attempt" || twist === "later attempt")) {
    const attempt = Math.max(0, event.attempt + (twist === "later attempt" ? 1 : -1));
    return { event: { ...event, attempt }, actor, at };
  }
  if (event.type !== "command") return recorded;
  const long = instant("2020-01-01T00:00:00Z");
  switch (twist) {
    case "old comment":
      return {
        event: { ...event, origin: { kind: "comment", commentId: CommentId.parse(1), writtenAt: long } },
        actor,
        at,
      };
    case "button":
      return {
        event: { ...event, origin: { kind: "button", checkRunId: CheckRunId.parse(1), clickedAt: at } },
        actor,
        at,
      };
    case "no person":
      return { event, actor: { kind: "github", id: "4711" }, at };
    case "again the same person":
      return { event, actor: { kind: "human", id: UserId.parse(1), login: "first" }, at };
    case "wrong code":
      return event.ask.name === "approve"
        ? { event: { ...event, ask: { ...event.ask, code: "zzzz" } }, actor, at }
        : recorded;
    case "code required":
      return event.ask.name === "approve"
        ? { event: { ...event, ask: { ...event.ask, codeRequired: true } }, actor, at }
        : recorded;
    default:
      return recorded;
  }
};

/** The way from any state towards the end, nearest the end first. */
const ONWARD = [
  ...[
    "close_published",
    "window_clean",
    "shipped",
    "gate_published, deploy",
    "ready_to_ship",
    "checks_green",
    "written",
  ],
  ...["gate_published, review", "patches_made", "gate_published, plan", "plan_made", "triaged, GO"],
  ...["/approve all", "/retry, cause gone", "/plan", "/revise", "/resume"],
];

/** From `pick` on the first that moves the delivery. */
const choose = (d: Delivery, pick: number, among: Among): Example | undefined => {
  const all = examples(d);
  const from = pick % all.length;
  const inOrder = [...all.slice(from), ...all.slice(0, from)];
  const moves = (example: Example): boolean => !isRare(example) && rule(d, example.recorded).kind === "move";
  switch (among) {
    case "onward":
      return (
        ONWARD.flatMap((label) => inOrder.filter((each) => each.label === label)).find(moves) ?? inOrder.find(moves)
      );
    case "moving":
      return inOrder.find(moves);
    default:
      return inOrder[0];
  }
};

/** Each value is a whole story; shrinking shortens it. */
export const stories: fc.Arbitrary<readonly Told[]> = story.map(({ repositories, exitPhase, chapters }) => {
  const told: Told[] = [];
  let d = repositories === 1 ? newborn({ exitPhase }) : ofTwo({ exitPhase });
  for (const { among, pick, twist } of chapters) {
    const example = choose(d, pick, among);
    if (example === undefined) continue;
    const recorded = twisted(example.recorded, twist);
    const step = transition(d, recorded);
    told.push({ label: `${example.label}${twist === "none" ? "" : ` [${twist}]`}`, before: d, recorded, step });
    if (step.kind === "moved") d = step.next;
  }
  // What a counterexample prints as: states and steps whole would be pages.
  return Object.assign(told, { [fc.toStringMethod]: () => told.map(({ label }) => label).join(" > ") });
});
