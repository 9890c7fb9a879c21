// The comment of the deploy gate: what will be merged and deployed, whole, and what approving it does.
import { codeIn } from "../../delivery/subjects.ts";
import { deliveryName } from "../../ids.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { DeliveryView, Place, ShipView } from "../delivery-view.ts";
import { shipKey } from "../key.ts";
import { command, mainCommand } from "../words/commands.ts";
import { heldLine } from "../words/holds.ts";
import { linkTo, pullLink } from "../words/links.ts";
import { blocks, joinWords, sentences, shortSha, span } from "../words/phrase.ts";
import { undoesWords } from "../words/rollback.ts";
import { METHOD_WORDS, previewList, readyWords } from "../words/shipping.ts";
import { revising } from "../words/ways.ts";
import { type Address, approverLines } from "./approvers.ts";
import { askedAgain } from "./asked-again.ts";
import { type Evidence, evidenceFold } from "./evidence.ts";
import { type GateLife, shipLife } from "./gate-life.ts";
import { buttonsOn } from "./goes-on.ts";
import { COMMENT_LIMIT, FIRST_CHARACTERS, within } from "./layout.ts";
import { lifeLine } from "./life-line.ts";
import { mergeMessages } from "./merge-message.ts";
import { progressOf } from "./progress.ts";

const nameOf = (view: DeliveryView, repoId: number): string =>
  view.repositories.find((one) => one.repoId === repoId)?.name ?? String(repoId);

const pullsOf = (view: DeliveryView, place: Place, { content }: ShipView): readonly string[] =>
  content.merges.map(({ repoId, pullRequest }) => pullLink(place, { name: nameOf(view, repoId) }, pullRequest));

/** What the pull request was opened as; null where no patch set of it is known. */
const titleIn = (view: DeliveryView, repoId: number): string | null => {
  const title = view.patchSets.findLast((made) => made.repoId === repoId)?.text.pullTitle ?? "";
  return title === "" ? null : inline(title);
};

/** For the first line: the title that all of them bear. */
const changeOf = (view: DeliveryView, { content }: ShipView): string => {
  const [title, ...others] = new Set(content.merges.map(({ repoId }) => titleIn(view, repoId)));
  return title == null || others.length > 0 ? "" : `, ${title}`;
};

const environments = ({ content }: ShipView): string => {
  const names = [...new Set(content.deployments.map(({ environment }) => codeSpan(environment)))];
  return joinWords(names, "and");
};

const consequence = (view: DeliveryView, ship: ShipView, needsMore: boolean): string => {
  const approving = needsMore ? "The last approval that is needed" : "Approving";
  const what = ship.content.merges.length === 1 ? "it" : "them in this order";
  const then =
    ship.content.deployments.length === 0
      ? " Countersign deploys nothing itself."
      : ` Then it makes a deployment to ${environments(ship)}.`;
  const watched = view.settings.windowSeconds ?? 0;
  const after = watched === 0 ? "" : ` What follows is watched for ${span(watched * 1000)}.`;
  return `${approving} merges ${what}.${then}${after} Nothing is merged before.`;
};

/** The part that does not change with the gate's life. */
const sections = (view: DeliveryView, place: Place, { content }: ShipView): readonly (string | null)[] => [
  `**What is merged**\n\n${content.merges
    .map(({ repoId, pullRequest, head, baseBranch, method }) => {
      const title = titleIn(view, repoId);
      const named = title === null ? "" : ` (${title})`;
      return `- ${pullLink(place, { name: nameOf(view, repoId) }, pullRequest)}${named} at ${shortSha(head)} into ${codeSpan(baseBranch)}, ${METHOD_WORDS[method]}`;
    })
    .join("\n")}`,
  mergeMessages(view, content),
  content.deployments.length === 0
    ? null
    : `**What is deployed**\n\n${content.deployments
        .map(({ repoId, environment, requiredContexts }) => {
          const waits =
            requiredContexts.length === 0
              ? ""
              : `, once ${joinWords(requiredContexts.map(codeSpan), "and")} ${requiredContexts.length === 1 ? "is" : "are"} green there`;
          return `- the merge commit of ${codeSpan(nameOf(view, repoId))} to ${codeSpan(environment)}${waits}`;
        })
        .join("\n")}`,
];

const refusedBefore = ({ facts }: DeliveryView): string | null =>
  facts.mergeRefused === undefined ? null : `What was approved before was not merged: ${inline(facts.mergeRefused)}`;

const openHead = (
  view: DeliveryView,
  place: Place,
  ship: ShipView,
  life: GateLife & { kind: "open" },
  address: Address,
): string => {
  const { prefix } = view.settings;
  const { second, rest } = approverLines(view, address);
  const pulls = joinWords(pullsOf(view, place, ship), "and");
  const what = changeOf(view, ship);
  const title = (named: string) =>
    `**Ready to merge, please decide**: ${pulls}${named} (merge ${ship.version} of ${deliveryName(view.id)}).\n${second}`;
  if (life.held) {
    return blocks(title(what), heldLine(view));
  }
  const progress = progressOf(view, ship.digest, life);
  const deciding = (named: string) =>
    blocks(
      title(named),
      askedAgain(view, ship.digest),
      consequence(view, ship, progress !== ""),
      mainCommand(prefix, `approve ${codeIn(view.state, ship.digest)}`),
    );
  // The list below has the titles, too: the command comes first.
  const named = deciding(what);
  return blocks(
    named.length <= FIRST_CHARACTERS ? named : deciding(""),
    sentences(
      `or ${revising(view)}, or ${command(prefix, "reject")} to turn it down, or ${command(prefix, "cancel")} to end it.`,
      progress,
      buttonsOn(view, shipKey(ship), ship.digest),
    ),
    sentences(undoesWords(view, place), readyWords(view, place)),
    refusedBefore(view),
    previewList(view, place),
    rest,
  );
};

const follows = (view: DeliveryView, place: Place, ship: ShipView): string => {
  const merged = ship.content.merges.filter(({ repoId }) =>
    view.state.targets.some((target) => target.repoId === repoId && target.landed !== "no"),
  );
  return merged.length === ship.content.merges.length
    ? `Merged: ${joinWords(pullsOf(view, place, ship), "and")}.`
    : "The merge follows.";
};

const closedHead = (
  view: DeliveryView,
  place: Place,
  ship: ShipView,
  life: Exclude<GateLife, { kind: "open" }>,
): string =>
  blocks(
    lifeLine(life, {
      replacement: life.kind === "replaced" ? linkTo(view, shipKey(life), `merge ${life.version}`) : "",
      follows: follows(view, place, ship),
      again: "New patches follow in a new comment.",
    }),
    sentences(`This was merge ${ship.version} of ${deliveryName(view.id)}.`, undoesWords(view, place)),
  );

const evidence = (view: DeliveryView, { digest, content }: ShipView): Evidence => [
  ["Digest of the merge", digest],
  ["Code", codeIn(view.state, digest)],
  ...content.merges.flatMap(
    ({ repoId, head, tree }) =>
      [
        [`Head of ${nameOf(view, repoId)}`, head],
        [`Approved tree of ${nameOf(view, repoId)}`, tree],
      ] as const,
  ),
  ["Trace", view.traceId],
];

/** For the check run, which says the same. */
export const shipSummary = (view: DeliveryView, place: Place, ship: ShipView): string =>
  blocks(
    sentences(undoesWords(view, place), readyWords(view, place)),
    ...sections(view, place, ship),
    previewList(view, place),
  );

export const shipComment = (view: DeliveryView, place: Place, ship: ShipView, address: Address): string => {
  const life = shipLife(view, ship);
  return within(
    COMMENT_LIMIT,
    blocks(
      life.kind === "open" ? openHead(view, place, ship, life, address) : closedHead(view, place, ship, life),
      ...sections(view, place, ship),
      evidenceFold(evidence(view, ship)),
    ),
  );
};
