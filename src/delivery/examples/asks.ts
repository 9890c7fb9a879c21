// At least one example of everything that a person can ask of a delivery as it is: what help is made of, and the proofs.
import { CommandId, CommentId, UserId } from "../../ids.ts";
import { instant } from "../../instant.ts";
import { codeOf } from "../code.ts";
import { type Delivery, EXIT_PHASES } from "../delivery.ts";
import {
  type Actor,
  ASK_NAMES,
  type Ask,
  type AskOf,
  type CommandEvent,
  type Origin,
  type Recorded,
} from "../event.ts";
import { ONLY_A_NUMBER } from "../needs.ts";
import { subjectsIn } from "../subjects.ts";

type Labelled = Readonly<{ label: string; ask: Ask }>;

/** `label` tells examples of one command apart; `/approve` alone is the plain one. */
export type AskExample = Readonly<{ label: string; recorded: Recorded & Readonly<{ event: CommandEvent }> }>;

const approve = (label: string, part: Partial<AskOf<"approve">> = {}): Labelled => ({
  label,
  ask: { name: "approve", target: null, code: null, quorum: 1, codeRequired: false, needs: ONLY_A_NUMBER, ...part },
});

const asks: { readonly [N in Ask["name"]]: (d: Delivery) => readonly Labelled[] } = {
  approve: (d) => [
    approve("/approve"),
    approve("/approve, more needed", { quorum: 2 }),
    approve("/approve all", { target: "all" }),
    ...d.targets.map(({ repoId }) => approve("/approve R", { target: repoId })),
    approve("/approve CODE, of nothing", { code: "none" }),
    ...subjectsIn(d).map(({ ref, subject }) =>
      approve(`/approve CODE, of the ${ref.kind}`, { code: codeOf(subject.digest) }),
    ),
  ],
  reject: (d) => [
    { label: "/reject", ask: { name: "reject", target: null, why: "not like this" } },
    ...d.targets.map(
      ({ repoId }): Labelled => ({ label: "/reject R", ask: { name: "reject", target: repoId, why: null } }),
    ),
  ],
  revise: (d) => [
    { label: "/revise", ask: { name: "revise", target: null, feedback: "smaller" } },
    { label: "/revise plan", ask: { name: "revise", target: "plan", feedback: "smaller" } },
    ...d.targets.map(
      ({ repoId }): Labelled => ({
        label: "/revise R",
        ask: { name: "revise", target: repoId, feedback: "smaller" },
      }),
    ),
  ],
  retry: () => [
    { label: "/retry, cause unknown", ask: { name: "retry", causeGone: null } },
    { label: "/retry, cause gone", ask: { name: "retry", causeGone: true } },
    { label: "/retry, cause remains", ask: { name: "retry", causeGone: false } },
  ],
  cancel: () => [{ label: "/cancel", ask: { name: "cancel" } }],
  plan: () => [{ label: "/plan", ask: { name: "plan" } }],
  hold: () => [{ label: "/hold", ask: { name: "hold" } }],
  resume: () => [{ label: "/resume", ask: { name: "resume" } }],
  rollback: () => [{ label: "/rollback", ask: { name: "rollback" } }],
  accept: ({ unproven }) => [{ label: "/accept", ask: { name: "accept", criterion: unproven?.[0] ?? "AC-1" } }],
  exit: () => EXIT_PHASES.map((exitPhase) => ({ label: `/exit ${exitPhase}`, ask: { name: "exit", exitPhase } })),
  budget: () => [{ label: "/budget", ask: { name: "budget", tokens: 10_000, micros: 0, ms: 0 } }],
};

/** Somebody who has approved nothing here yet. */
const someone = (d: Delivery): Actor => {
  const taken = subjectsIn(d).flatMap(({ subject }) => subject.approvals);
  const id = UserId.parse(Math.max(0, ...taken) + 1);
  return { kind: "human", id, login: `approver-${id}` };
};

/** A comment newer than whatever is shown. */
const AT_LAST = instant("9999-12-31T23:59:59Z");
const origin: Origin = { kind: "comment", commentId: CommentId.parse(Number.MAX_SAFE_INTEGER), writtenAt: AT_LAST };
const commandId = CommandId.parse(1);

/** As they reach the machine: in comments of a person who may. */
export const askExamples = (d: Delivery): readonly AskExample[] => {
  const actor = someone(d);
  return ASK_NAMES.flatMap((name) => asks[name](d)).map(({ label, ask }) => ({
    label,
    recorded: { event: { type: "command", commandId, ask, origin }, actor, at: AT_LAST },
  }));
};
