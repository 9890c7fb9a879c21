// What must hold whatever happens, judged from what people saw and said, not from the books that the machine keeps.
import type { MachineEvent } from "../../../src/delivery/event.ts";
import { workIn } from "../../../src/delivery/work.ts";
import type { Digest, RepoId } from "../../../src/ids.ts";
import { mayStill } from "./hearing.ts";
import {
  bytesOf,
  digestOfContent,
  type Listener,
  mayWriteTo,
  OWNER,
  type Permit,
  REQUESTER,
  type Said,
  type Told,
  type Town,
} from "./town.ts";

/** Somebody said so and was heard. `turn`: its place in the order in which the machine was told. */
type Evidence = Readonly<{ said: Said; digest: Digest; turn: number }>;

const STOPS: readonly MachineEvent["type"][] = ["write_refused", "approval_void", "base_rewritten"];

export class Broken extends Error {
  override readonly name = "Broken";
}

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Broken(what);
};

/** What a person's no, or the loss of the ground that was approved, takes away. */
const withdrawn = ({ before, recorded: { event }, step }: Told): readonly Digest[] => {
  if (step.kind !== "moved") return [];
  const standing = before.targets.flatMap(({ repoId, patchSet }) =>
    patchSet === null || patchSet.written ? [] : [{ repoId, digest: patchSet.digest }],
  );
  const of = (repoId: RepoId | null): readonly Digest[] => {
    const hit = standing.filter((each) => repoId === null || each.repoId === repoId);
    return repoId === null && hit.length > 1 ? [] : hit.map(({ digest }) => digest);
  };
  const plan = before.plan === null ? [] : [before.plan.digest];
  if (event.type === "approval_void" && event.of === "plan") return plan;
  if (event.type === "base_rewritten" || event.type === "approval_void") return of(event.repoId);
  if (event.type !== "command") return [];
  const { ask } = event;
  if (ask.name === "reject") return before.phase === "plan" ? plan : before.phase === "review" ? of(ask.target) : [];
  if (ask.name !== "revise" || (step.next.phase === before.phase && step.next.runStatus === "blocked")) return [];
  const isOfPlan = ask.target === "plan" || step.next.phase === "plan";
  return isOfPlan ? [...plan, ...standing.map(({ digest }) => digest)] : of(ask.target === "plan" ? null : ask.target);
};

/** Whether the person had this very text before them, under this very code. */
const sawIt = ({ saw }: Said, digest: Digest, bytes: string): boolean => saw.get(digest) === bytes;

export type Oracle = Listener & Readonly<{ counts: Map<string, number> }>;

export const openOracle = (): Oracle => {
  const evidence: Evidence[] = [];
  const gone = new Map<Digest, number>();
  const counts = new Map<string, number>();
  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  let turn = 0;

  const standsFor = (digest: Digest): readonly Evidence[] =>
    evidence.filter((each) => each.digest === digest && each.turn > (gone.get(digest) ?? -1));

  const checkPlan = (town: Town, { content: { planDigest } }: Permit): void => {
    if (planDigest === null) throw new Broken("a patch set without a plan");
    const plan = town.contents.get(planDigest);
    if (plan === undefined) throw new Broken("a patch set of a plan that nobody made");
    const heard = standsFor(planDigest).filter(({ said }) => said.by.isHuman && sawIt(said, planDigest, bytesOf(plan)));
    must(heard.length > 0, "written for a plan that nobody approved as it was shown");
    const { today, now } = town;
    const counted = heard.filter(
      ({ said }) =>
        (said.kind === "button" || said.state === "as posted") &&
        (today.ttl === undefined || said.at + today.ttl > now) &&
        mayStill(town, said.by.id, planDigest),
    );
    const voices = [...new Set(counted.map(({ said }) => said.by.id))];
    must(voices.length >= today.quorum, `${voices.length} of ${today.quorum} people approved its plan`);
    must(!today.notAlone || voices.some((id) => id !== REQUESTER.id), "the requester alone approved its plan");
  };

  return {
    counts,

    told: (_town, told, said) => {
      turn += 1;
      const { step, recorded } = told;
      count(step.kind);
      if (recorded.event.type === "command") count(`${recorded.event.ask.name}, ${step.kind}`);
      if (step.kind === "refused") {
        count(step.refusal.code);
        must(
          step.effects.every(({ kind }) => kind === "answer"),
          "a refusal did something",
        );
      }
      if (workIn(told.before) === "write" && STOPS.includes(recorded.event.type)) count("stopped at the write");
      for (const digest of withdrawn(told)) gone.set(digest, turn);
      for (const effect of step.effects) {
        if (effect.kind === "void_approvals") count("voided");
        if (effect.kind !== "record_approval") continue;
        if (said === null) throw new Broken("an approval that nobody gave");
        evidence.push({ said, digest: effect.subject.digest, turn });
      }
    },

    authorised: (town, permit) => {
      count("authorised");
      const { digest, repoId, content } = permit;
      const { today, now } = town;
      must(digestOfContent(content) === digest, "the digest names other content than what is to be written");
      const counted = standsFor(digest).filter(
        ({ said }) =>
          said.verb === "approve" &&
          said.by.isHuman &&
          (said.kind === "button" || said.state === "as posted") &&
          sawIt(said, digest, bytesOf(content)) &&
          (today.ttl === undefined || said.at + today.ttl > now) &&
          mayStill(town, said.by.id, digest) &&
          mayWriteTo(town, repoId, said.by.id),
      );
      const people = new Set(counted.map(({ said }) => said.by.id));
      const voices = [...people].filter((id) => today.approvers.has(id));
      must(voices.length >= today.quorum, `${voices.length} of ${today.quorum} people approved what is to be written`);
      must(!today.notAlone || voices.some((id) => id !== REQUESTER.id), "the requester alone approved it");
      must(!(today.ownersCount && content.isOwned) || people.has(OWNER.id), "no owner approved owned paths");
      checkPlan(town, permit);
    },

    written: (town, permit, bytes) => {
      count("written");
      if (town.repositories.size > 1) count("written to one of several");
      const { digest, content } = permit;
      must(town.panels.get(digest) !== undefined, "something was written that was never shown");
      must(
        bytes === town.panels.get(digest)?.shows || bytes === bytesOf(content),
        "other bytes were written than those that were shown",
      );
      must(town.d.holds.length === 0 && town.d.runStatus !== "canceled", "written while it was held or over");
      must(standsFor(digest).length > 0, "the approval was withdrawn before the write");
    },
  };
};
