// The plan's criteria with the evidence for each: a row that can be checked, or what is missing.
import type { Criterion } from "../../artifacts/plan.ts";
import type { Lacking, Proof } from "../../delivery/gates/criteria.ts";
import type { RepoId } from "../../ids.ts";
import { unreachable } from "../../result.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { CriterionView, DeliveryView, Place } from "../delivery-view.ts";
import { hasSeveral } from "./parts.ts";
import { joinWords, link, moment, person } from "./phrase.ts";

/** A pipe would end the cell, in a code span too; so would a line's end. */
const cell = (text: string): string => text.replaceAll("|", "¦").replaceAll(/\s*\n\s*/g, " ");

const MOST_CHECKS = 3;

/** Whoever reports a status chooses its address: only one that can be nothing else than an address becomes a link. */
const safe = (url: string | null): string | null =>
  url !== null && /^https?:\/\/[\w.-]+(?::\d+)?\/[\w./?=&%#~+,:-]*$/.test(url) && url.length <= 500 ? url : null;

const where = (view: DeliveryView, repoId: RepoId): string => {
  const repository = view.repositories.find((one) => one.repoId === repoId);
  return hasSeveral(view) && repository !== undefined ? ` in ${codeSpan(repository.name)}` : "";
};

/** The line in what was written, where that stands on GitHub. */
const lineUrl = (view: DeliveryView, place: Place, { repoId, path, line }: Extract<Proof, { kind: "file" }>) => {
  const repository = view.repositories.find((one) => one.repoId === repoId);
  const head = view.state.targets.find((one) => one.repoId === repoId)?.written?.head;
  if (repository === undefined || head === undefined) return null;
  const address = path.split("/").map(encodeURIComponent).join("/");
  return `${place.webUrl}/${repository.name}/blob/${head}/${address}#L${line}`;
};

const proofWords = (view: DeliveryView, place: Place, proof: Proof): string => {
  switch (proof.kind) {
    case "check":
      return `${link(`check ${codeSpan(proof.name)}`, safe(proof.url))} is green${where(view, proof.repoId)}`;
    case "test":
      return `${codeSpan(proof.test)} in the report of ${link(`check ${codeSpan(proof.name)}`, safe(proof.url))}${where(view, proof.repoId)}`;
    case "checks": {
      const named = proof.checks
        .slice(0, MOST_CHECKS)
        .map(({ name, url, repoId }) => `${link(codeSpan(name), safe(url))}${where(view, repoId)}`);
      const rest = proof.checks.length - named.length;
      const checks = joinWords(rest > 0 ? [...named, `${rest} more`] : named, "and");
      const tests = proof.file === null ? "" : `, with the tests of ${codeSpan(proof.file)}`;
      return `${checks} ${proof.checks.length === 1 ? "is" : "are"} green${tests}`;
    }
    case "file":
      return `${link(`${codeSpan(proof.path)}, line ${proof.line}`, lineUrl(view, place, proof))} as approved${where(view, proof.repoId)}`;
    default:
      return unreachable(proof);
  }
};

const lackWords = (lacks: Lacking | null): string => {
  switch (lacks?.kind) {
    case "check":
      return `no green check ${codeSpan(lacks.name)}`;
    case "checks":
      return "no green check yet";
    default:
      return "no check or file tells, a person must";
  }
};

const evidence = (view: DeliveryView, place: Place, { proof, lacks, accepted }: CriterionView): string => {
  if (accepted !== null)
    return `accepted by ${person(accepted.login)}, ${moment(accepted.at)}${proof === null ? ", without other evidence" : ""}`;
  return proof === null ? `**none**: ${lackWords(lacks)}` : proofWords(view, place, proof);
};

/** "3 of 3 proven", or "2 of 3 proven, 1 accepted by people". */
export const provenCount = (criteria: readonly CriterionView[]): string => {
  const accepted = criteria.filter((one) => one.accepted !== null && one.proof === null).length;
  const proven = criteria.filter(({ proof }) => proof !== null).length;
  return `${proven} of ${criteria.length} proven${accepted === 0 ? "" : `, ${accepted} accepted by people`}`;
};

/** Three columns; one row for each criterion. */
export const criteriaRows = (
  view: DeliveryView,
  place: Place,
  planned: readonly Criterion[],
  criteria: readonly CriterionView[],
): readonly string[] =>
  planned.map(({ id, text }) => {
    const bound = criteria.find((one) => one.id === id);
    const shown = bound === undefined ? "**none**" : evidence(view, place, bound);
    return `| ${id} | ${cell(inline(text))} | ${cell(shown)} |`;
  });

export const CRITERIA_HEAD = "| criterion | what must hold | evidence |\n| --- | --- | --- |";

/** For the comment that asks people to accept what nothing else proves. */
export const unprovenLines = (view: DeliveryView): readonly string[] => {
  const open = view.state.unproven ?? [];
  const plan = view.plans.findLast(({ digest }) => digest === view.state.plan?.digest);
  return open.map((id) => {
    const criterion = plan?.document.criteria.find((one) => one.id === id);
    const bound = view.criteria?.find((one) => one.id === id);
    const missing = bound === undefined ? "" : ` Evidence: ${lackWords(bound.lacks)}.`;
    if (criterion === undefined) return `- **${id}**${missing}`;
    return `- **${id}** ${inline(criterion.text)} Checked by: ${inline(criterion.check)}.${missing}`;
  });
};
