// Puts reactions and labels on the issue, and takes labels off again: what can be asked for twice without harm.
import { GitHubError, type GitHubErrorCode } from "../github/errors.ts";
import { type Desk, now, type Put } from "./desk.ts";
import { forget, keepReceipt, leaveToOthers } from "./publication-rows.ts";
import type { Publication } from "./publications.ts";

const done = (desk: Desk): Put => ({ kind: "stands", id: 0, at: now(desk), fresh: false });

/** Neither is worth a gate: what GitHub will not take is left out, and asked for again with the next drawing. */
const unlessRefused = async (put: () => Promise<Put>): Promise<Put> => {
  try {
    return await put();
  } catch (error) {
    if (error instanceof GitHubError && REFUSED.includes(error.code)) return { kind: "forbidden" };
    throw error;
  }
};
const REFUSED: readonly GitHubErrorCode[] = ["forbidden", "not_found", "unprocessable"];

/** GitHub gives one reaction of a kind to each user, however often it is asked. */
export const putReaction = (desk: Desk, one: Extract<Publication, { kind: "reaction" }>): Promise<Put> =>
  unlessRefused(() => react(desk, one));

const react = async (desk: Desk, one: Extract<Publication, { kind: "reaction" }>): Promise<Put> => {
  const seconds = await desk.slot(one.repoId);
  if (seconds !== null) return { kind: "later", seconds };
  await desk.intend(one.key, "reaction", one.repoId);
  await desk.step("before.react");
  await (await desk.speaking(one.repoId)).reactToIssue(one.repoId, one.issue, one.reaction);
  await desk.step("after.react");
  return confirm(desk, one.key);
};

/** A row means that the label may be there: it is made before the label, and goes after it. */
export const putLabel = (desk: Desk, one: Extract<Publication, { kind: "label" }>): Promise<Put> =>
  unlessRefused(() => label(desk, one));

const label = async (desk: Desk, one: Extract<Publication, { kind: "label" }>): Promise<Put> => {
  const speaking = await desk.speaking(one.repoId);
  if (one.wanted) {
    await desk.intend(one.key, "label", one.repoId);
    await desk.step("before.add_label");
    await speaking.addLabels(one.repoId, one.issue, [one.label]);
    await desk.step("after.add_label");
    return confirm(desk, one.key);
  }
  if (await isOthers(desk, one)) return done(desk);
  await desk.step("before.remove_label");
  await speaking.removeLabel(one.repoId, one.issue, one.label);
  await desk.step("after.remove_label");
  // Somebody may have put it on while we took it off.
  if (!(await isOthers(desk, one))) await desk.remember((tx) => forget(tx, desk.deliveryId, one.key));
  return done(desk);
};

const isOthers = (desk: Desk, one: Extract<Publication, { kind: "label" }>): Promise<boolean> =>
  desk.remember((tx) => leaveToOthers(tx, desk.deliveryId, one.key, one));

const confirm = async (desk: Desk, key: string): Promise<Put> => {
  const at = now(desk);
  await desk.remember((tx) => keepReceipt(tx, desk.deliveryId, key, { remoteId: null, url: null, bodyHash: null, at }));
  return done(desk);
};
