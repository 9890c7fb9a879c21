// `/revise` (M1): a new version now, with the words of the person, as often as the configuration allows.
import type { RepoId } from "../../ids.ts";
import type { Delivery, Target } from "../delivery.ts";
import type { Effect } from "../effect.ts";
import type { AskOf, CommandEvent } from "../event.ts";
import type { Reason } from "../reason.ts";
import type { Refusal } from "../refusal.ts";
import { isHead, isShip, type Pick, patchSetOf, retire } from "../subjects.ts";
import { isShowing, isUndoing, isUnwritten } from "../work.ts";
import { begin, block, is, move, notNow, refuse, type Verdict } from "./ruling.ts";

type Scope = "plan" | RepoId;

/** Blocked for these reasons, other content is a way on; the rest is for `/retry`, or for the hands of people. */
const OTHER_CONTENT_HELPS: readonly (Reason | null)[] = [
  "questions",
  "policy",
  "qa_failed",
  "injection",
  "not_ready",
  "unproven",
  "revisions_spent",
];

export const revise = (d: Delivery, { commandId }: CommandEvent, { target, feedback }: AskOf<"revise">): Verdict => {
  const scope = scopeOf(d, target);
  if (typeof scope === "object") return "kind" in scope ? scope : refuse(scope);
  const words: Effect = { kind: "keep_feedback", commandId, scope, text: feedback };
  if (d.revisionsLeft === 0) {
    if (d.reason === "revisions_spent") return refuse({ code: "cause_remains", reason: d.reason });
    return move(block(d, "revisions_spent"), [words]);
  }
  // A new plan leaves nothing of the old standing; what people pushed themselves is there whatever is planned.
  const isOver: Pick = scope === "plan" ? (each) => !isHead(each) : (each) => patchSetOf(scope)(each) || isShip(each);
  const { delivery, effects } = retire(d, isOver, "superseded by a revision");
  const next = begin({ ...delivery, revisionsLeft: d.revisionsLeft - 1 }, scope === "plan" ? "plan" : "implement");
  return move(next, [...effects, words]);
};

const isStuck = (d: Delivery): boolean =>
  d.runStatus === "failed" || (d.runStatus === "blocked" && OTHER_CONTENT_HELPS.includes(d.reason));

/** What was to go onto pull requests does not fit them any more: made anew, it stands on what they hold now. */
const isBesideItsPull = (d: Delivery): boolean =>
  d.reason === "write_refused" && d.targets.filter(isUnwritten).every(({ written }) => written !== null);

const nothing: Refusal = { code: "nothing_to_revise" };

const scopeOf = (d: Delivery, target: Scope | null): Scope | Refusal | Extract<Verdict, { kind: "refuse" }> => {
  switch (d.phase) {
    case "intake":
      if (d.reason !== "rejected" && d.reason !== "injection") return notNow(d);
      return planScope(target);
    case "plan":
      if (isStuck(d) || d.runStatus === "succeeded") return planScope(target);
      return isShowing(d) ? { code: "still_publishing" } : notNow(d);
    case "implement":
      return isStuck(d) ? anyScope(d, target) : notNow(d);
    case "review":
      if (target === "plan" || d.runStatus === "succeeded" || isStuck(d)) return anyScope(d, target);
      return isShowing(d) ? { code: "still_publishing" } : notNow(d);
    case "verify":
      if (d.runStatus === "blocked" && !isStuck(d) && !isBesideItsPull(d)) return notNow(d);
      // Once its pull requests are looked at, it is they that are revised.
      return target === "plan" && !is(d, "verify", "pending") ? notNow(d) : anyScope(d, target);
    case "deploy":
      return target === "plan" || (d.runStatus === "blocked" && !isStuck(d)) ? notNow(d) : anyScope(d, target);
    default:
      return notNow(d);
  }
};

const planScope = (target: Scope | null): Scope | Refusal =>
  target === null || target === "plan" ? "plan" : { code: "no_such_target", given: String(target), open: [] };

const anyScope = (d: Delivery, target: Scope | null): Scope | Refusal => {
  // What was computed would come out the same again: words are for the agent, who begins with a plan. What is merged is past that.
  if (isUndoing(d)) return d.targets.some(({ landed }) => landed === "no") ? "plan" : nothing;
  if (target === "plan") return d.plan === null ? nothing : "plan";
  const unmerged = d.targets.filter(({ landed }) => landed === "no");
  // In implement the patch set that is wanted may not exist yet; one that was for a merged pull request exists no more.
  const isThere = ({ patchSet, written }: Target): boolean => patchSet !== null || written !== null;
  const open = d.phase === "implement" ? unmerged : unmerged.filter(isThere);
  const repos = open.map(({ repoId }) => repoId);
  if (target !== null && !d.targets.some(({ repoId }) => repoId === target)) {
    return { code: "no_such_target", given: String(target), open: repos };
  }
  const [meant, other] = target === null ? repos : repos.filter((repoId) => repoId === target);
  if (meant === undefined) return nothing;
  return other === undefined ? meant : { code: "name_one", open: repos };
};
