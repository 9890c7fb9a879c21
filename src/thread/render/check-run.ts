// Check runs of proposals: on the base commit, completed and neutral in one call, so that nothing turns red or pending.
import { codeIn } from "../../delivery/subjects.ts";
import type { CheckAction, CheckRunDraft } from "../../github/speaking.ts";
import { type Digest, deliveryName, type Sha } from "../../ids.ts";
import { unreachable } from "../../result.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place, RepositoryView, ShipView } from "../delivery-view.ts";
import { checkKey, patchKey, planKey, shipKey } from "../key.ts";
import type { PatchSetView, PlanView } from "../proposal-view.ts";
import { conversation, issueLink } from "../words/conversation.ts";
import { blocks } from "../words/phrase.ts";
import { decidedBy } from "./by-code.ts";
import { evidenceList } from "./evidence.ts";
import { sizeOfFiles, sizeWords } from "./files.ts";
import { type GateLife, patchSetLife, planLife, shipLife } from "./gate-life.ts";
import { CHECK_LIMIT, type Layout, RESERVED, sizeOf, within } from "./layout.ts";
import { laidOut } from "./patch-set-sections.ts";
import { type PlanLaidOut, planSummary } from "./plan.ts";
import { policyTable } from "./policy-table.ts";
import { shipSummary } from "./ship.ts";

/** GitHub's limits: three actions; 20, 40 and 20 characters. Throws RangeError. */
export const action = (label: string, description: string, identifier: string): CheckAction => {
  if (label.length > 20 || description.length > 40 || identifier.length > 20) {
    throw new RangeError(`a button's words are too long: ${label}, ${description}, ${identifier}`);
  }
  return { label, description, identifier };
};

/** The identifier carries the code: the page with the button may be older than the version now shown. */
const buttons = (view: DeliveryView, life: GateLife, digest: Digest): readonly CheckAction[] => {
  if (life.kind !== "open" || life.held) return [];
  const code = codeIn(view.state, digest);
  const approve = action(`Approve ${code}`, "Approve exactly this version", `approve:${code}`);
  const reject = action(`Reject ${code}`, "Turn it down, go back one phase", `reject:${code}`);
  switch (decidedBy(view, digest)) {
    case "comment":
      return [];
    case "code":
      return [reject];
    case "button":
      return [approve, reject];
  }
};

/** The check run of a delivery is told from one of another database by the trace. */
export const externalId = (view: DeliveryView, key: string): string =>
  `${deliveryName(view.id)}.${view.traceId.slice(0, 12)}:${key}`;

type Proposal = Readonly<{
  repository: RepositoryView;
  key: string;
  kind: "plan" | "patch set" | "merge";
  version: number;
  headSha: Sha;
  digest: Digest;
  life: GateLife;
  summary: string;
  text: string | null;
}>;

const stateWords = ({ life, kind }: Pick<Proposal, "life" | "kind">): string => {
  switch (life.kind) {
    case "open":
      return life.held ? "on hold" : "waits for a decision";
    case "approved":
      return life.by.length === 0 ? "approved" : `approved by ${life.by.map(({ login }) => login).join(", ")}`;
    case "rejected":
      return "turned down";
    case "revised":
      return "sent back";
    case "canceled":
      return "canceled";
    case "closed":
      return "not open now";
    case "replaced":
      return `replaced by ${kind} ${life.version}`;
    default:
      return unreachable(life);
  }
};

/** What goes on from the comment; or all of it where it fits, for people who work in the checks. */
const textOf = (pages: Layout, all: readonly string[]): string | null => {
  if (pages.check.length > 0) return blocks(...pages.check);
  if (pages.more.length > 0) return null;
  const whole = blocks(...all);
  return sizeOf(whole) <= CHECK_LIMIT - RESERVED ? whole : null;
};

const decidingWords = (issue: string | null, by: ReturnType<typeof decidedBy>): string => {
  const where = issue === null ? "where it was asked for" : `on ${issue}`;
  switch (by) {
    case "comment":
      return `This was shown again, and a click tells no time. Decide with a command ${where}.`;
    case "code":
      return `Approve it with a comment ${where} that quotes the code; the button rejects.`;
    case "button":
      return issue === null ? "Decide with the buttons." : `Decide with the buttons, or with a command ${where}.`;
  }
};

const draft = (view: DeliveryView, place: Place, proposal: Proposal): CheckRunDraft => {
  const issue = issueLink(view, place, proposal.repository);
  const open = proposal.life.kind === "open" && !proposal.life.held;
  const deciding = decidingWords(issue, decidedBy(view, proposal.digest));
  const name = deliveryName(view.id);
  const what = `${proposal.kind} ${proposal.version}`;
  return {
    name: `countersign / ${name} / ${what}`,
    headSha: proposal.headSha,
    externalId: externalId(view, checkKey(proposal.key)),
    status: "completed",
    conclusion: "neutral",
    detailsUrl: null,
    title: `${what}: ${stateWords(proposal)}`,
    summary: within(
      CHECK_LIMIT,
      blocks(
        open ? deciding : conversation(view, place, proposal.repository),
        proposal.summary,
        evidenceList([
          ["Digest", proposal.digest],
          ["Code", codeIn(view.state, proposal.digest)],
          ["Trace", view.traceId],
        ]),
      ),
    ),
    text: proposal.text === null ? null : within(CHECK_LIMIT, proposal.text),
    actions: buttons(view, proposal.life, proposal.digest),
  };
};

export const planCheck = (
  view: DeliveryView,
  place: Place,
  plan: PlanView,
  { pages, sections }: PlanLaidOut,
  primary: RepositoryView,
): CheckRunDraft =>
  draft(view, place, {
    repository: primary,
    key: planKey(plan),
    kind: "plan",
    version: plan.version,
    headSha: primary.baseSha,
    digest: plan.digest,
    life: planLife(view, plan),
    summary: planSummary(plan),
    text: textOf(pages, sections),
  });

export const patchSetCheck = (
  view: DeliveryView,
  place: Place,
  patchSet: PatchSetView,
  repository: RepositoryView,
): CheckRunDraft => {
  const { pages, sections } = laidOut(view, patchSet);
  return draft(view, place, {
    repository,
    key: patchKey(repository.name, patchSet),
    kind: "patch set",
    version: patchSet.version,
    headSha: patchSet.text.baseSha,
    digest: patchSet.digest,
    life: patchSetLife(view, patchSet),
    summary: blocks(
      `${sizeWords(sizeOfFiles(patchSet.files))} in ${codeSpan(repository.name)}.`,
      policyTable(patchSet.violations),
    ),
    text: textOf(pages, sections),
  });
};

/** On the head of the first pull request, which is what is merged. */
export const shipCheck = (
  view: DeliveryView,
  place: Place,
  ship: ShipView,
  { repository, head }: Readonly<{ repository: RepositoryView; head: Sha }>,
): CheckRunDraft =>
  draft(view, place, {
    repository,
    key: shipKey(ship),
    kind: "merge",
    version: ship.version,
    headSha: head,
    digest: ship.digest,
    life: shipLife(view, ship),
    summary: shipSummary(view, place, ship),
    text: null,
  });
