// The line that tells those who must act: mentioned once, in a new gate comment, and named in code spans ever after.

import { gateOf } from "../../config/gate-approvers.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { joinWords } from "../words/phrase.ts";

/** The second line must leave the command its place among the first 400 characters. */
const LONGEST_LINE = 120;

/** Anything else is the id of somebody whose login is not known. */
const MENTIONABLE = /^[\w./-]+$/;

export type Address = "mention" | "name";

export type ApproverLines = Readonly<{ second: string; rest: string | null }>;

/** Those of the gate that waits now. */
const names = ({ state, settings }: DeliveryView): readonly string[] => {
  const approvers = settings.gateApprovers[gateOf(state.phase)] ?? settings.approvers;
  return approvers === null ? [] : [...approvers.users, ...approvers.teams];
};

/** `octocat` or `mona`, for sentences; who decides where nobody is named. */
export const approversNamed = (view: DeliveryView): string => {
  const all = names(view).map(codeSpan);
  if (all.length === 0) return "somebody with the role maintain or admin";
  return all.length <= 5 ? joinWords(all, "or") : `${all.slice(0, 4).join(", ")} or ${all.length - 4} others`;
};

/** The second line of a gate comment, and where not all find room in it, a later one. */
export const approverLines = (view: DeliveryView, address: Address): ApproverLines => {
  const all = names(view);
  if (all.length === 0)
    return { second: "For everyone with the role maintain or admin on this repository.", rest: null };
  if (address === "name") return { second: `For ${approversNamed(view)}.`, rest: null };
  const mentions = all.map((name) => (MENTIONABLE.test(name) ? `@${name}` : codeSpan(name)));
  let length = 0;
  const over = mentions.findIndex((mention) => {
    length += mention.length + 1;
    return length > LONGEST_LINE;
  });
  const first = over < 0 ? mentions.length : Math.max(1, over);
  const rest = mentions.slice(first);
  return { second: mentions.slice(0, first).join(" "), rest: rest.length === 0 ? null : `Also: ${rest.join(" ")}` };
};
