// `/reject` (M1): back to the previous phase, where nothing starts by itself.
import type { RepoId } from "../../ids.ts";
import type { Delivery, Phase } from "../delivery.ts";
import type { Effect } from "../effect.ts";
import type { AskOf, CommandEvent } from "../event.ts";
import type { Refusal } from "../refusal.ts";
import { type Changed, isHead, isPlan, oneOf, retire, type Standing } from "../subjects.ts";
import { isShowing } from "../work.ts";
import { fail, move, notNow, refuse, type Verdict } from "./ruling.ts";
import { subjectsOf } from "./showing.ts";

const BEFORE: Partial<Record<Phase, Phase>> = { plan: "intake", review: "implement", deploy: "verify" };

export const reject = (d: Delivery, { commandId }: CommandEvent, { target, why }: AskOf<"reject">): Verdict => {
  const before = BEFORE[d.phase];
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
const rejecting = (d: Delivery, rejected: Standing): Changed => {
  const own = retire(d, oneOf([rejected]), "rejected", "rejected");
  if (!isPlan(rejected)) return own;
  const { delivery, effects } = retire(own.delivery, (each) => !isHead(each), "its plan was rejected");
  return { delivery, effects: [...own.effects, ...effects] };
};

const chooseRejected = (gate: readonly Standing[], target: RepoId | null): Standing | Refusal => {
  const open = gate.flatMap(({ repoId }) => repoId ?? []);
  const [meant, other] = target === null ? gate : gate.filter(({ repoId }) => repoId === target);
  if (meant === undefined) return { code: "no_such_target", given: String(target), open };
  return other === undefined ? meant : { code: "name_one", open };
};
