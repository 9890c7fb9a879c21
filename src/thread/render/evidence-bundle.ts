// What a delivery that is over leaves as proof, listed by digests in the text of its check on the pull request: the export holds it whole.
import { deliveryName } from "../../ids.ts";
import { knowsIssue } from "../audience.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, RepositoryView } from "../delivery-view.ts";
import { showsCost } from "../words/cost.ts";
import { blocks, count, moment, number } from "../words/phrase.ts";
import { CHECK_LIMIT, sizeOf, within } from "./layout.ts";

type Listing = Readonly<{ title: string; one: string; lines: readonly string[] }>;

/** The words around the lists. */
const ROOM = CHECK_LIMIT - 4_000;

const shown = (digest: string): string => codeSpan(digest);

const listings = (view: DeliveryView): readonly Listing[] => {
  const nameOf = (repoId: number): string =>
    view.repositories.find((one) => one.repoId === repoId)?.name ?? "another repository";
  return [
    {
      title: "Approvals",
      one: "approval",
      lines: view.approvals.map(
        ({ kind, digest, login, at, voided }) =>
          `- ${codeSpan(login)}, ${kind}, ${moment(at)}${voided === null ? "" : ", no longer counts"}: ${shown(digest)}`,
      ),
    },
    {
      title: "Written",
      one: "commit",
      lines: view.state.targets.flatMap(({ repoId, written }) =>
        written === null
          ? []
          : [
              `- ${codeSpan(`${nameOf(repoId)}#${written.pullRequest}`)}: commit ${shown(written.head)}, tree ${shown(written.tree)}`,
            ],
      ),
    },
    {
      title: "Plans",
      one: "plan",
      lines: view.plans.map(({ version, digest }) => `- plan ${version}: ${shown(digest)}`),
    },
    {
      title: "Patch sets",
      one: "patch set",
      lines: view.patchSets.map(
        ({ repoId, version, digest }) => `- ${codeSpan(nameOf(repoId))}, patch set ${version}: ${shown(digest)}`,
      ),
    },
    {
      title: "Runs",
      one: "run",
      lines: view.runs.map(
        ({ role, model, outcome, inputTokens, outputTokens, contextHash, constraintHash }) =>
          `- ${role}${showsCost(view) ? ` by ${codeSpan(model)}` : ""}, ${outcome}, ${number(inputTokens + outputTokens)} tokens: context ${shown(contextHash)}, constraints ${shown(constraintHash)}`,
      ),
    },
  ];
};

/** As many lines as fit; of those that do not, how many they are is said, and where they stand. */
const fitted = (all: readonly Listing[]): readonly string[] => {
  let left = ROOM;
  return all.flatMap(({ title, one, lines }) => {
    if (lines.length === 0) return [];
    const fitting: string[] = [];
    for (const line of lines) {
      const size = sizeOf(line) + 1;
      if (size > left) break;
      left -= size;
      fitting.push(line);
    }
    const out = lines.length - fitting.length;
    const note =
      out === 0
        ? []
        : [`- ${count(out, `more ${one}`)} left out here, because a check holds no more; the export has all.`];
    return [`**${title}**, ${lines.length}`, [...fitting, ...note].join("\n")];
  });
};

/**
 * The text of the check on a pull request's head, at most 65,535 characters; null while the delivery lives, and where people
 * read who may not know of the issue. The same whenever it is drawn: it speaks of the ledger as it was at the end.
 */
export const evidenceBundle = (view: DeliveryView, repository: RepositoryView): string | null => {
  const { phase, runStatus } = view.state;
  const isOver = runStatus === "canceled" || (phase === "close" && runStatus === "succeeded");
  if (!isOver || !knowsIssue(view, repository)) return null;
  const name = deliveryName(view.id);
  const { entries, head } = view.ledgerAtEnd;
  const known = head === null ? "" : ` --head ${head}`;
  return within(
    CHECK_LIMIT,
    blocks(
      `### Evidence of ${name}`,
      `At its end the ledger of ${name} had ${count(entries, "entry", "entries")}; its head was ${shown(head ?? "none")}. Trace ${shown(view.traceId)}.`,
      "This lists what there is, by digest. Not here: the texts themselves (issue as it was, plans, diffs, transcripts, each ledger entry). Whoever runs Countersign exports them, and anyone can check the export without a database:",
      `\`\`\`\nnpm run countersign -- ledger export ${name} --out ${name}\nnpm run countersign -- ledger verify --bundle ${name}${known}\n\`\`\``,
      head === null ? null : "That head must be in the chain; entries after it are fine.",
      ...fitted(listings(view)),
    ),
  );
};
