// `/reject` (M1): back to the previous phase, where nothing starts by itself.
import type { RepoId } from "../../ids.ts";
import type { Delivery, Phase } from "../delivery.ts";
import type { Effect } from "../effect.ts";
import type { AskOf, CommandEvent } from "../event.ts";
import type { Refusal } from "../refusal.ts";
import { type Changed, isHead, isPlan, oneOf, type PlacedSubject, retire } from "../subjects.ts";
import { isShowing } from "../work.ts";
import { fail, move, notNow, refuse, type Verdict } from "./ruling.ts";
import { subjectsOf } from "./showing.ts";

const BEFORE: Partial<Record<Phase, Phase>> = { plan: "intake", review: "implement", deploy: "verify" };

/** What undoes a merge was never triaged: without its plan it is where that is computed. */
const phaseBefore = ({ phase, undoes }: Delivery): Phase | undefined =>
  phase === "plan" && undoes !== undefined ? "implement" : BEFORE[phase];

export const reject = (d: Delivery, { commandId }: CommandEvent, { target, why }: AskOf<"reject">): Verdict => {
  const before = phaseBefore(d);
  if (before === undefined || d.runStatus !== "succeeded") {
    return isShowing(d) ? refuse({ code: "still_publishing" }) : notNow(d);
  }
  const rejected = chooseRejected(
    subjectsOf(d).filter(({ used }) => !used),
    target,
  );
  if ("code" in rejected) return refuse(rejected);
  const { delivery, effects } = rejecting(d, rejected);
  const words: Effect[] =
    why === null ? [] : [{ kind: "keep_feedback", commandId, scope: rejected.repoId ?? "plan", text: why }];
  return move(fail(delivery, "rejected", before), [...effects, ...words]);
};

/** What was made of a plan goes with it. */
const rejecting = (d: Delivery, rejected: PlacedSubject): Changed => {
  const own = retire(d, oneOf([rejected]), "rejected", "rejected");
  if (!isPlan(rejected)) return own;
  const { delivery, effects } = retire(own.delivery, (each) => !isHead(each), "its plan was rejected");
  return { delivery, effects: [...own.effects, ...effects] };
};

const chooseRejected = (gate: readonly PlacedSubject[], target: RepoId | null): PlacedSubject | Refusal => {
  const open = gate.flatMap(({ repoId }) => repoId ?? []);
  const [meant, other] = target === null ? gate : gate.filter(({ repoId }) => repoId === target);
  if (meant === undefined) return { code: "no_such_target", given: String(target), open };
  return other === undefined ? meant : { code: "name_one", open };
};
