// What GitHub could not tell us, in words: nobody shall wait for an answer to what was never heard.
import type { DeliveryView } from "../delivery-view.ts";
import { count, moment } from "./phrase.ts";

/** Null where nothing was lost since the delivery began. */
export const missedWords = ({ facts: { lost } }: DeliveryView): string | null =>
  lost === undefined
    ? null
    : `GitHub could not hand over ${count(lost.count, "event")} (the last of ${moment(lost.last)}), so something may not have been seen here. A command that has no reaction: post it again.`;
