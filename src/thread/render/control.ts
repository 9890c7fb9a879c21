// The control issue: what is live and waits for whom, what was spent, the brake, and how a newcomer uses it. Calls nobody.
import type { ControlView, LiveDelivery, Spent } from "../../control/view.ts";
import { deliveryName } from "../../ids.ts";
import { unreachable } from "../../result.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { Place } from "../delivery-view.ts";
import { command, type Prefix } from "../words/commands.ts";
import { dollars } from "../words/cost.ts";
import { freezeLine } from "../words/freezes.ts";
import { issueUrl } from "../words/links.ts";
import { blocks, count, joinWords, link, number } from "../words/phrase.ts";

/** A title's beginning is enough to know it by. */
const TITLE_LENGTH = 80;

const titleOf = ({ title }: LiveDelivery): string => {
  const characters = [...title.replace(/\s+/g, " ").trim()];
  // One line of a table: whatever ends a cell is code there.
  const short =
    characters.length > TITLE_LENGTH ? `${characters.slice(0, TITLE_LENGTH - 1).join("")}…` : characters.join("");
  return inline(short).replaceAll("|", "\\|");
};

const whoDecides = ({ approvers }: ControlView): string => {
  if (approvers === null || approvers.length === 0) return "somebody with the role maintain or admin";
  const names = approvers.map(codeSpan);
  return names.length <= 5 ? joinWords(names, "or") : `${names.slice(0, 4).join(", ")} or ${names.length - 4} others`;
};

/** "plan, waits for `octocat`" */
const stateOf = (one: LiveDelivery, view: ControlView): string => {
  if (one.holds.includes("freeze"))
    return `${one.phase}, frozen${view.freezes.length === 0 ? " with another repository that takes part" : ""}`;
  if (one.holds.length > 0) return `${one.phase}, on hold`;
  switch (one.runStatus) {
    case "succeeded":
      return one.phase === "close" ? "over" : `${one.phase}, waits for ${whoDecides(view)}`;
    case "failed":
    case "blocked":
      return `${one.phase}, ${one.runStatus} (${codeSpan(one.reason ?? "unknown")}), waits for ${whoDecides(view)}`;
    case "pending":
    case "running":
      return `${one.phase}, at work, waits for nobody`;
    case "canceled":
      return "over";
    default:
      return unreachable(one.runStatus);
  }
};

const brake = (view: ControlView): string => {
  const { prefix, freezes } = view;
  if (freezes.length === 0) return `**Not frozen.** ${command(prefix, "freeze")} in a comment here stops everything.`;
  const lifts = freezes.some(({ by }) => by === "approver")
    ? `${command(prefix, "unfreeze")} in a comment here lifts what an approver froze.`
    : "It goes on by itself when the operator lifts it.";
  return blocks(
    `**Frozen.** Nothing is written, no delivery begins, and no model is paid for. ${lifts}`,
    freezes.map((freeze) => `- ${freezeLine(freeze)}`).join("\n"),
  );
};

const liveTable = (view: ControlView, place: Place): string => {
  const { live, more, repository, deferred } = view;
  const waiting =
    deferred === 0
      ? null
      : `${count(deferred, "label")} put on while it is frozen ${deferred === 1 ? "waits" : "wait"} for its end.`;
  if (live.length === 0) return blocks("**Nothing is live.**", waiting);
  return blocks(
    `**${count(live.length + more, "delivery is", "deliveries are")} live.**`,
    [
      "| delivery | issue | where it is |",
      "| --- | --- | --- |",
      ...live.map(
        (one) =>
          `| ${link(deliveryName(one.id), issueUrl(place, repository, one.issue))} | ${titleOf(one)} | ${stateOf(one, view)} |`,
      ),
    ].join("\n"),
    more === 0 ? null : `And ${count(more, "more", "more")}, older.`,
    waiting,
  );
};

/** Between two signs of the dollar GitHub would set a formula. */
const money = (micros: number): string => codeSpan(dollars(micros));

const amount = ({ tokens, micros }: Spent, showCost: boolean): string =>
  `${number(tokens)} tokens${showCost ? `, ${money(micros)}` : ""}`;

const limits = ({ installation, showCost }: ControlView): string => {
  if (installation === null) return "";
  const { tokens, micros, spent } = installation;
  const most = [
    ...(tokens === null ? [] : [`${number(tokens)} tokens`]),
    ...(micros === null || !showCost ? [] : [money(micros)]),
  ];
  const against = most.length === 0 ? "without a limit of the day" : `of ${joinWords(most, "and")} a day`;
  return ` All repositories of the installation together: ${amount(spent, showCost)} ${against}.`;
};

const howTo = (view: ControlView): string => {
  const { prefix, label } = view;
  return [
    "**How to use it**",
    "",
    `- To have something done: open an issue that says what, and put the label ${codeSpan(label)} on it. Countersign answers there with a plan, and writes nothing before somebody approved exactly what it shows.`,
    `- To stop everything in this repository: comment ${codeSpan(`${prefix === null ? "/" : `/${prefix} `}freeze why`)} here. What is approved stays approved and what was asked for is kept.`,
    `- To go on: comment ${command(prefix, "unfreeze")} here. What was held goes on by itself.`,
    `- Who may: ${view.approvers === null ? "everyone with the role maintain or admin" : whoDecides(view)}. Each is answered here and stands in the ledger.`,
  ].join("\n");
};

/** The text of the issue, without its marker. */
export const controlBody = (view: ControlView, place: Place): string =>
  blocks(
    `### Countersign in ${codeSpan(view.repository)}`,
    brake(view),
    liveTable(view, place),
    `**Spent today** (UTC) in this repository: ${amount(view.spent, view.showCost)}.${limits(view)}`,
    howTo(view),
    "The app keeps this issue: it is brought up to date when something changes, and an edit, a closing or another title is put back. `control_issue: off` in `.github/countersign.yml` ends it.",
  );

/** The text once the configuration does not want it any more: it stands while nobody draws it, so it says nothing that passes. */
export const controlOffBody = (repository: string, prefix: Prefix): string =>
  blocks(
    `### Countersign in ${codeSpan(repository)}`,
    `**Not kept any more.** \`control_issue\` in \`.github/countersign.yml\` is off: what is live and frozen is not shown here, and ${command(prefix, "freeze")} here is refused. A freeze that stands goes on standing. What an approver froze, ${command(prefix, "unfreeze")} of an approver in a comment here still lifts; what the operator froze, only the operator.`,
  );
