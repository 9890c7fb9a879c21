// What GitHub could not tell us, in words: nobody shall wait for an answer to what was never heard.
import type { DeliveryView } from "../delivery-view.ts";
import { count, joinWords, moment, person, sentences } from "./phrase.ts";

/** More of them say nothing more. */
const NAMED = 3;

const lostWords = ({ facts: { lost } }: DeliveryView): string | null =>
  lost === undefined
    ? null
    : `GitHub could not hand over ${count(lost.count, "event")} (the last of ${moment(lost.last)}), so something may not have been seen here. A command that has no reaction: post it again.`;

const unheardWords = ({ facts: { unheard = [] } }: DeliveryView): string | null => {
  if (unheard.length === 0) return null;
  const named = unheard.slice(-NAMED).map(({ login, at }) => `${person(login)} (${moment(at)})`);
  const more = unheard.length > NAMED ? `, and ${unheard.length - NAMED} before` : "";
  const [a, it] = unheard.length === 1 ? ["A command", "it"] : ["Commands", "them"];
  return `${a} of ${joinWords(named, "and")}${more} never reached this app, so nothing was done on ${it}: GitHub did not hand ${it} over. Post ${it} again.`;
};

const unsettledWords = ({ facts: { unsettledSince } }: DeliveryView): string | null =>
  unsettledSince === undefined
    ? null
    : `Since ${moment(unsettledSince)} this could not be compared with GitHub, so what stands here may be out of date. It is tried again every hour. If it stays so, an owner should look whether the app may still read these repositories.`;

/** Null where nothing was lost since the delivery began. */
export const missedWords = (view: DeliveryView): string | null =>
  sentences(lostWords(view), unheardWords(view), unsettledWords(view)) || null;
