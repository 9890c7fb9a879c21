// Says of an open gate why it is shown again: nobody should wonder why the same thing is asked of them twice.
import { subjectsIn } from "../../delivery/subjects.ts";
import type { Digest } from "../../ids.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { joinWords, moment, person, span } from "../words/phrase.ts";
import { approvalsOf } from "./gate-life.ts";

/** What nobody decided on in time, where it is still this showing that followed. */
const grownOld = (view: DeliveryView, digest: Digest): string | null => {
  const { expired } = view.facts;
  const found = subjectsIn(view.state).find(({ subject }) => subject.digest === digest)?.subject;
  const made = [...view.plans, ...view.patchSets, ...(view.ships ?? [])].find(
    (version) => version.digest === digest,
  )?.madeAt;
  if (expired === undefined || found === undefined || made === undefined || made > expired.at) return null;
  if (found.shown !== null && found.shown.at < expired.at) return null;
  return `Shown again, ${moment(expired.at)}: it was not decided within ${span(expired.ttl * 1000)} (${codeSpan("approvals.ttl")}).`;
};

/** Null where nothing was lost, or everybody who lost an approval has approved again. */
export const askedAgain = (view: DeliveryView, digest: Digest): string | null => {
  const stands = new Set(approvalsOf(view, digest).map(({ login }) => login));
  const lost = view.approvals.filter(
    (approval) => approval.digest === digest && approval.voided !== null && !stands.has(approval.login),
  );
  const why = lost.at(-1)?.voided ?? null;
  if (why === null) return grownOld(view, digest);
  const people = joinWords([...new Set(lost.map(({ login }) => person(login)))], "and");
  return `Asked again: the approval of ${people} no longer counts (${inline(why)}).`;
};
