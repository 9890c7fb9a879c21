// The comment for a delivery that stands still until a human acts; and what becomes of it when it has gone on.
import { isTerminal } from "../../delivery/delivery.ts";
import { BLOCKED_REASONS, FAILED_REASONS, Reason } from "../../delivery/reason.ts";
import { deliveryName } from "../../ids.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import { noteKey, STATUS } from "../key.ts";
import { comesBack } from "../words/budget.ts";
import { linkTo } from "../words/links.ts";
import { blocks, sentences } from "../words/phrase.ts";
import { nothingWritten } from "../words/pulls.ts";
import { stopOf } from "../words/stop.ts";
import { waysOn } from "../words/ways.ts";
import { evidenceFold } from "./evidence.ts";
import { COMMENT_LIMIT, within } from "./layout.ts";

/** Where nobody has to act: a person did it, or it goes on by itself. The status comment says so. */
const SILENT: readonly Reason[] = ["rejected", "rolling_back"];

const isSilent = (view: DeliveryView, reason: Reason): boolean =>
  SILENT.includes(reason) ||
  (reason === "endpoint" && view.state.restartsLeft > 0) ||
  (reason === "budget" && comesBack(view));

/** The key of the note that the present state asks for; null where it asks for none. */
export const wantedNote = (view: DeliveryView): string | null => {
  const { phase, attempt, runStatus, reason } = view.state;
  if ((runStatus !== "failed" && runStatus !== "blocked") || reason === null) return null;
  if (isSilent(view, reason)) return null;
  return noteKey(phase, attempt, reason);
};

export const noteComment = (view: DeliveryView, place: Place, reason: Reason): string => {
  const { lead, what, detail } = stopOf(reason, view, place);
  const unwritten = lead.includes("nothing written") ? null : nothingWritten(view);
  return within(
    COMMENT_LIMIT,
    blocks(
      sentences(lead, what, unwritten),
      detail,
      waysOn(view),
      evidenceFold([
        ["Delivery", deliveryName(view.id)],
        ["Phase", view.state.phase],
        ["Reason", reason],
        ["Trace", view.traceId],
      ]),
    ),
  );
};

const NOTE = /^note:[a-z]+:\d+:([a-z_]+)$/;

/** The reason of a note that was posted before, by its key. */
export const reasonOfNote = (key: string): Reason | null => {
  const parsed = Reason.safeParse(NOTE.exec(key)?.[1]);
  return parsed.success && [...FAILED_REASONS, ...BLOCKED_REASONS].some((reason) => reason === parsed.data)
    ? parsed.data
    : null;
};

/** What an old note says once the delivery has gone on: its commands are gone, what it said stays in the comment's history. */
export const settledNote = (view: DeliveryView, place: Place, reason: Reason): string =>
  `**No longer open** (${stopOf(reason, view, place).short}): ${deliveryName(view.id)} ${isTerminal(view.state) ? "is over" : "has continued"}. See ${linkTo(view, STATUS, "its status")}.`;
