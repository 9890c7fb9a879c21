// Makes one check run say what it should; found again by its external id.
import { GitHubError } from "../github/errors.ts";
import type { Posted } from "../github/speaking.ts";
import { CheckRunId, type Digest } from "../ids.ts";
import { instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import { type Desk, giveUp, now, type Put } from "./desk.ts";
import { markGone, markUnknown } from "./publication-rows.ts";
import type { CheckPublication } from "./publications.ts";

export const hashOfCheck = ({ draft }: CheckPublication): Digest => digestOf(draft);

/** `forbidden` where the installation has not granted the permission. */
export const putCheck = async (desk: Desk, wanted: CheckPublication): Promise<Put> => {
  try {
    return await put(desk, wanted);
  } catch (error) {
    if (error instanceof GitHubError && error.code === "forbidden") return { kind: "forbidden" };
    throw error;
  }
};

const put = async (desk: Desk, wanted: CheckPublication): Promise<Put> => {
  const { key, repoId, draft } = wanted;
  const made = desk.rows.has(key) ? "there" : await desk.intend(key, "check_run", repoId);
  if (made === "made") return create(desk, wanted);
  const row = desk.rows.get(key);
  if (row === undefined) throw new Error(`the intent of ${key} is gone`);
  if (row.remoteId !== null) {
    // Nobody but us can change it, so our memory is proof.
    if (row.bodyHash === hashOfCheck(wanted))
      return {
        kind: "stands",
        id: row.remoteId,
        at: row.publishedAt === null ? now(desk) : instant(row.publishedAt),
        fresh: false,
      };
    return edit(desk, wanted, CheckRunId.parse(row.remoteId));
  }
  const speaking = await desk.speaking(repoId);
  await desk.step("before.find_check");
  const found = await speaking.findCheckRun(repoId, draft.headSha, draft.externalId);
  if (found !== null) return edit(desk, wanted, found.id);
  return wanted.makes ? create(desk, wanted) : giveUp(desk, key);
};

const received = async (desk: Desk, wanted: CheckPublication, posted: Posted<CheckRunId>): Promise<Put> => {
  const { id, url, at } = posted;
  await desk.receive(wanted.key, { remoteId: id, url, bodyHash: hashOfCheck(wanted), at });
  return { kind: "stands", id, at, fresh: false };
};

const create = async (desk: Desk, wanted: CheckPublication): Promise<Put> => {
  const seconds = await desk.slot(wanted.repoId);
  if (seconds !== null) return { kind: "later", seconds };
  const speaking = await desk.speaking(wanted.repoId);
  await desk.step("before.create_check");
  const posted = await speaking.createCheckRun(wanted.repoId, wanted.draft);
  await desk.step("after.create_check");
  return received(desk, wanted, posted);
};

const edit = async (desk: Desk, wanted: CheckPublication, id: CheckRunId): Promise<Put> => {
  const { key, repoId, draft } = wanted;
  await desk.remember((tx) => markUnknown(tx, desk.deliveryId, key));
  const speaking = await desk.speaking(repoId);
  await desk.step("before.update_check");
  try {
    const posted = await speaking.updateCheckRun(repoId, id, draft);
    await desk.step("after.update_check");
    return await received(desk, wanted, posted);
  } catch (error) {
    // GitHub deletes old runs of a name that has more than a thousand.
    if (!(error instanceof GitHubError) || error.code !== "not_found") throw error;
    await desk.remember((tx) => markGone(tx, desk.deliveryId, key));
    return wanted.makes ? create(desk, wanted) : giveUp(desk, key);
  }
};
