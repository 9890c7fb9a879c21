// The plan comment: what a human needs to decide in thirty seconds, and everything that the decision covers.

import type { PlanDocument, PlanTask } from "../../artifacts/plan.ts";
import { codeIn } from "../../delivery/subjects.ts";
import { deliveryName } from "../../ids.ts";
import { block, codeSpan, diagram, inline, listItems } from "../defuse.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import { planKey } from "../key.ts";
import type { PlanView } from "../proposal-view.ts";
import { command, mainCommand } from "../words/commands.ts";
import { forecastWords } from "../words/forecast.ts";
import { heldLine } from "../words/holds.ts";
import { linkTo } from "../words/links.ts";
import { blocks, count, fold, sentences } from "../words/phrase.ts";
import { nothingWritten } from "../words/pulls.ts";
import { conflictWords, undoesWords } from "../words/rollback.ts";
import { type Address, approverLines } from "./approvers.ts";
import { askedAgain } from "./asked-again.ts";
import { evidenceFold, runEvidence } from "./evidence.ts";
import { type GateLife, planLife } from "./gate-life.ts";
import { buttonsOn, goesOn } from "./goes-on.ts";
import { COMMENT_LIMIT, FIRST_CHARACTERS, HEAD_SUMMARY, type Layout, layout, sizeOf, within } from "./layout.ts";
import { lifeLine } from "./life-line.ts";
import { notUsed } from "./not-used.ts";
import { progressOf } from "./progress.ts";

/** The first line and the command have 400 characters together with the line that calls the approvers. */
const LONGEST_TITLE_LINE = 190;

const summaryOf = (plan: PlanDocument): string =>
  sentences(inline(plan.cause), inline(plan.change), `Size: ${inline(plan.size)}.`.replace(/\.\.$/, "."));

/** Null when it is too long for the head of a comment; then it is the first of the sections. */
const headSummary = (plan: PlanDocument): string | null => {
  const summary = summaryOf(plan);
  return sizeOf(summary) <= HEAD_SUMMARY ? summary : null;
};

/** Cause, change and size in a few sentences. */
export const planSummary = ({ document }: Pick<PlanView, "document">): string =>
  headSummary(document) ?? inline(document.title);

const section = (title: string, content: string): string => (content === "" ? "" : `**${title}**\n\n${content}`);

const taskLine = (task: PlanTask): string => {
  const files = task.files.map(codeSpan).join(", ");
  const after = task.dependsOn.length === 0 ? "" : ` After ${task.dependsOn.map(inline).join(", ")}.`;
  return `- **${task.id}** ${inline(task.title)} (${codeSpan(task.repository)})${files === "" ? "" : `: ${files}`}.${after}`;
};

/** A short description stands with its task, a long one is folded below. */
const SHORT_DESCRIPTION = 240;
const isShort = ({ description }: PlanTask): boolean =>
  description.length <= SHORT_DESCRIPTION && !description.includes("\n");

const taskItem = (task: PlanTask): string =>
  isShort(task) ? `${taskLine(task)}\n  ${inline(task.description)}` : taskLine(task);

const taskDetail = (task: PlanTask): string =>
  fold(`${task.id} in detail, ${count(task.description.split("\n").length, "line")}`, block(task.description));

/** The plan as sections in reading order: the part that does not change with the gate's life. */
const planSections = ({ document: plan }: Pick<PlanView, "document">): readonly string[] =>
  [
    headSummary(plan) === null ? section("Why and what", summaryOf(plan)) : "",
    section("In scope", listItems(plan.scope)),
    section("Not in scope", listItems(plan.nonGoals)),
    section("How", block(plan.architecture)),
    plan.diagram === null ? "" : diagram(plan.diagram),
    section("Tasks", plan.tasks.map(taskItem).join("\n")),
    ...plan.tasks.filter((task) => !isShort(task)).map(taskDetail),
    section(
      "Done means",
      plan.criteria.map(({ id, text, check }) => `- **${id}** ${inline(text)} Checked by: ${inline(check)}`).join("\n"),
    ),
    section("Also checked", listItems(plan.qualityGates)),
    section("Risks", listItems(plan.risks)),
    section(
      "Questions",
      plan.questions
        .map(({ text, changesPlan }) => `- ${inline(text)}${changesPlan ? " The answer changes the plan." : ""}`)
        .join("\n"),
    ),
  ].filter((part) => part !== "");

/** Whether a plan can be shown whole; one that cannot is never put to a human. */
export const planFits = (plan: Pick<PlanView, "document">, checks: boolean): boolean =>
  layout(planSections(plan), { check: checks }) !== null;

export type PlanLaidOut = Readonly<{ pages: Layout; sections: readonly string[] }>;

/** Drawn once for all places that show it: what others wrote is dear to make harmless. */
export const planLayout = (view: DeliveryView, plan: PlanView): PlanLaidOut => {
  const sections = planSections(plan);
  const pages = layout(sections, { check: view.settings.checkProposals });
  if (pages === null) throw new RangeError(`plan ${plan.version} of ${deliveryName(view.id)} is too large to be shown`);
  return { pages, sections };
};

/** `last`: one approval is all that is needed. */
const consequence = (view: DeliveryView, plan: PlanView, last: boolean): string => {
  const approving = last ? "Approving" : "The last approval that is needed";
  if (view.state.exitPhase === "plan") return `${approving} ends the delivery: it was asked for the plan alone.`;
  const forecast = forecastWords(view, plan);
  const cost = forecast === null ? "" : ` (${forecast})`;
  return `${approving} starts the patches${cost}; you see them before anything is written.`;
};

const openHead = (view: DeliveryView, plan: PlanView, life: GateLife & { kind: "open" }, address: Address): string => {
  const { prefix } = view.settings;
  const unwritten = nothingWritten(view);
  const { second, rest } = approverLines(view, address);
  const first = `**Plan ready, please decide** (plan ${plan.version} of ${deliveryName(view.id)})`;
  const named = `${first}: ${inline(plan.document.title)}`;
  const title = named.length <= LONGEST_TITLE_LINE ? named : `${first}.`;
  const summary = planSummary(plan);
  const progress = progressOf(view, plan.digest, life);
  if (life.held) {
    return blocks(`${title}\n${second}`, heldLine(view), sentences(unwritten, progress), summary);
  }
  const main = mainCommand(prefix, `approve ${codeIn(view.state, plan.digest)}`);
  const others = sentences(
    `or ${command(prefix, "revise")} and what to change, or ${command(prefix, "reject")} to turn it down, or ${command(prefix, "cancel")} to end it.`,
    consequence(view, plan, progress === ""),
    progress,
    buttonsOn(view, planKey(plan), plan.digest),
  );
  const again = askedAgain(view, plan.digest);
  const short = blocks(`${title}\n${second}`, again, sentences(summary, unwritten), main);
  // A longer summary follows the command.
  return short.length <= FIRST_CHARACTERS
    ? blocks(short, others, rest)
    : blocks(`${title}\n${second}`, again, unwritten, main, others, summary, rest);
};

const closedHead = (view: DeliveryView, plan: PlanView, life: Exclude<GateLife, { kind: "open" }>): string => {
  const follows =
    view.state.exitPhase === "plan"
      ? "The delivery ends here, as it was asked to."
      : "Patches follow in a new comment. Commands here no longer apply.";
  const line = lifeLine(life, {
    replacement: life.kind === "replaced" ? linkTo(view, planKey(life), `plan ${life.version}`) : "",
    follows,
    again: "A new plan follows in a new comment.",
  });
  return blocks(line, `This was plan ${plan.version} of ${deliveryName(view.id)}. ${planSummary(plan)}`);
};

const evidence = (view: DeliveryView, plan: PlanView): string =>
  evidenceFold([
    ["Digest of the plan", plan.digest],
    ["Code", codeIn(view.state, plan.digest)],
    ...view.repositories.map(
      ({ name, baseBranch, baseSha }) => [`Base of ${codeSpan(name)}`, `${baseBranch} at ${baseSha}`] as const,
    ),
    ...runEvidence(view, "planner"),
    ["Trace", view.traceId],
  ]);

/** `address`: approvers are mentioned when the comment is new and named when it is edited. */
export const planComment = (
  view: DeliveryView,
  place: Place,
  plan: PlanView,
  { pages }: PlanLaidOut,
  address: Address,
): string => {
  const life = planLife(view, plan);
  const head = life.kind === "open" ? openHead(view, plan, life, address) : closedHead(view, plan, life);
  return within(
    COMMENT_LIMIT,
    blocks(
      head,
      undoesWords(view, place),
      life.kind === "open" ? conflictWords(view, place) : null,
      ...pages.comment,
      goesOn(view, planKey(plan), pages, (sections) => count(sections.length, "more part")),
      life.kind === "open" ? notUsed(view, plan.commentsUnused, "the label") : null,
      evidence(view, plan),
    ),
  );
};
