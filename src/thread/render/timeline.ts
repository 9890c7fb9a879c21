// Where the time went: one line, and the same as a picture for those who would rather look.
import type { Instant } from "../../instant.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { between, span } from "../words/phrase.ts";

const MOST_STAYS = 24;

/** Null before two phases are over. */
export const timeline = (view: DeliveryView): string | null => {
  const stays = view.stays.filter(({ phase, leftAt }) => phase !== "close" && leftAt !== null).slice(-MOST_STAYS);
  if (stays.length < 2) return null;
  const end: Instant = stays.at(-1)?.leftAt ?? view.createdAt;
  const parts = stays.map(({ phase, enteredAt, leftAt }) => ({
    phase,
    time: span(between(enteredAt, leftAt ?? enteredAt)),
  }));
  const total = span(between(view.createdAt, end));
  return [
    `**Time**: ${total} in all; ${parts.map(({ phase, time }) => `${phase} ${time}`).join(", ")}.`,
    "",
    "```mermaid",
    "timeline",
    `    title ${total} in all`,
    ...parts.map(({ phase, time }) => `    ${phase} : ${time}`),
    "```",
  ].join("\n");
};
