// Leads a rollback from the command to what a story is about: its gate, its pull request, its end.
import { expect } from "vitest";
import { DeliveryId } from "../../src/ids.ts";
import { collectBundle } from "../../src/ledger/bundle/collect.ts";
import { verifyBundle } from "../../src/ledger/bundle/verify-bundle.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { PATCHES, pullOf, toPull } from "./on-the-way.ts";
import { deliveriesOf, quiet } from "./reading-back.ts";
import { PEOPLE, type World } from "./world.ts";

type Pull = Awaited<ReturnType<typeof toPull>>["pull"];

export type AtMerged = Readonly<{
  issue: number;
  pull: Pull;
  /** The default branch before the merge, and the commit of the merge. */
  before: string;
  merge: string;
}>;

export const ended = ({ until, status }: World, issue: number, delivery: string): Promise<unknown> =>
  until(() => status(issue).includes(`Countersign ${delivery}:`) && /It is over/.test(status(issue)), "the end");

/** Over at verify, and merged by people: the merge closes the issue. */
export async function toMerged(world: World, method: "merge" | "squash" | "rebase" = "squash"): Promise<AtMerged> {
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await ended(world, issue, "D-1");
  await quiet(world);
  const before = world.shop.head() ?? "";
  const merge = world.github.as(PEOPLE.approver).mergePull(pull.number, method);
  await world.until(
    () => world.ours(issue).find(({ body }) => /^\*\*Merged\*\*/.test(body)),
    "the merge in the result",
  );
  await quiet(world);
  return { issue, pull, before, merge };
}

/** Asks for it, and answers the code of the patch set that undoes the merge. */
export async function toUndoing(world: World, issue: number): Promise<string> {
  expect(await world.say(issue, PEOPLE.approver, "/rollback")).toBe("+1");
  const code = await world.gate(issue, PATCHES);
  await quiet(world);
  return code;
}

/** From its gate to the pull request that undoes the merge. */
export async function toUndoingPull(world: World, issue: number, code: string, delivery = 2): Promise<Pull> {
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  const pull = await world.until(() => pullOf(world, delivery), "the pull request that undoes it");
  await world.until(() => /its checks are watched/.test(world.status(issue)), "the watch");
  await quiet(world);
  return pull;
}

/** Every delivery of the issue, as `close/succeeded(rolled_back)`, oldest first. */
export const statesOf = async (world: World, issue: number): Promise<string[]> =>
  (await deliveriesOf(world, issue)).map(
    ({ phase, runStatus, reason }) => `${phase}/${runStatus}${reason === null ? "" : `(${reason})`}`,
  );

/** `ledger verify` and `ledger export` of each. */
export async function expectLedgers(world: World, issue: number): Promise<void> {
  const { db } = world.database;
  for (const { id } of await deliveriesOf(world, issue)) {
    expect(await verifyStored(db.sql, `D-${id}`)).toMatchObject({ ok: true });
    const bundle = await collectBundle(db, DeliveryId.parse(id));
    expect(verifyBundle(bundle ?? new Map(), null).problems).toEqual([]);
  }
}
