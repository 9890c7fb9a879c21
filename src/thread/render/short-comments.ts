// Comments of a few lines: the reminder of a gate, a repeated label, a permission that is missing.
import { codeIn } from "../../delivery/subjects.ts";
import { type Digest, deliveryName } from "../../ids.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { STATUS } from "../key.ts";
import { command } from "../words/commands.ts";
import { linkTo } from "../words/links.ts";
import { moment, sentences } from "../words/phrase.ts";
import { type Address, approverLines } from "./approvers.ts";

/** Rule 2: once, at half the deadline; it mentions the approvers alone. */
export const reminder = (
  view: DeliveryView,
  gate: Readonly<{ key: string; what: string; digest: Digest; repository: string }>,
  address: Address,
): string => {
  const { second, rest } = approverLines(view, address);
  const until = view.deadlineAt === null ? "" : ` until ${moment(view.deadlineAt)}`;
  return sentences(
    `${second}${rest === null ? "" : ` ${rest}`}\n${linkTo(view, gate.key, gate.what)} of ${deliveryName(view.id)} in ${codeSpan(gate.repository)} waits for a decision${until}.`,
    `${command(view.settings.prefix, `approve ${codeIn(view.state, gate.digest)}`)} approves it.`,
    "This is the only reminder.",
  );
};

export const repeatedTrigger = (view: DeliveryView): string =>
  `${deliveryName(view.id)} is at work on this issue already, so the label starts no other: ${linkTo(view, STATUS, "its status")}.`;

/** `permission` as GitHub calls it: *Checks: write*. */
export const missingPermission = (view: DeliveryView, permission: string): string =>
  sentences(
    `**Waiting for an owner.** The app needs *${permission}* on this repository (Settings, GitHub Apps, of ${codeSpan(view.issue.repository.split("/")[0] ?? "")}).`,
    `Until then ${deliveryName(view.id)} cannot show all that is to be decided, so nothing can be decided. It continues by itself.`,
  );
