// Approvals that end: what was shown too long ago is refused and shown again, and what was not written in time is asked again.
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deliveries } from "../../src/db/schema.ts";
import type { Delivery, GateSubject } from "../../src/delivery/delivery.ts";
import { loadDelivery, stateColumns } from "../../src/delivery/store.ts";
import { DeliveryId } from "../../src/ids.ts";
import { type Instant, instant } from "../../src/instant.ts";
import { nextSecond, PATCHES, PLAN, pullOf, toPatches, toPlan } from "../support/on-the-way.ts";
import { approvalsOf, quiet, rowOf, somebody, stateOf, wordsOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": "approvals:\n  ttl: 90m\n" });
});
afterAll(() => world.close());

const EARLIER_MS = 2 * 3_600_000;
const earlier = (at: Instant): Instant => instant(new Date(Date.parse(at) - EARLIER_MS));
const aged = <S extends GateSubject>(subject: S | null): S | null =>
  subject?.shown == null ? subject : { ...subject, shown: { ...subject.shown, at: earlier(subject.shown.at) } };

/** Two hours pass: what was shown was shown then, and what was said was said then. GitHub's clock cannot be put forward. */
const letTimePass = async (issue: number): Promise<void> => {
  await quiet(world);
  const { db } = world.database;
  const id = DeliveryId.parse((await rowOf(world, issue)).id);
  const stored = await loadDelivery(db, id);
  if (stored === null) throw new Error("no delivery");
  const { id: _, ...state } = stored.delivery;
  const targets = state.targets.map((target): Delivery["targets"][number] => ({
    ...target,
    patchSet: aged(target.patchSet),
  }));
  await db.sql
    .update(deliveries)
    .set(stateColumns({ ...state, plan: aged(state.plan), targets }))
    .where(eq(deliveries.id, id));
  await db.transaction(async ({ sql: tx }) => {
    await tx.execute(sql`alter table webhooks disable trigger user`);
    await tx.execute(sql`
      update webhooks
      set payload = jsonb_set(payload, '{comment,created_at}',
        to_jsonb(to_char((payload #>> '{comment,created_at}')::timestamptz at time zone 'UTC' - interval '2 hours', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
      where event = 'issue_comment' and payload #>> '{issue,number}' = ${String(issue)}`);
    await tx.execute(sql`alter table webhooks enable trigger user`);
  });
};

it("a plan that was shown too long ago is not approved, but shown again by itself", async () => {
  const { issue, code } = await toPlan(world);
  const login = somebody(world, "late", "maintain");
  const before = await rowOf(world, issue);
  await letTimePass(issue);
  expect(await world.say(issue, login, `/approve ${code}`)).toBe("confused");
  await quiet(world);
  const reply = world.ours(issue).find(({ body }) => body.startsWith("Not applied"));
  expect(reply === undefined ? "" : wordsOf(reply)).toBe(
    `Not applied, \`late\`. Plan 1 was shown longer ago than approvals may be (1 h 30 min, \`approvals.ttl\`). It is shown again; look at it, then approve it: \`/approve ${code}\``,
  );
  const after = await rowOf(world, issue);
  expect(after.attempt).toBeGreaterThan(before.attempt);
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
  const gate = world.ours(issue).find(({ body }) => PLAN.test(body));
  expect(gate?.body).toMatch(/Shown again, .* UTC: it was not decided within 1 h 30 min \(`approvals\.ttl`\)\./);
});

it("an approval that is too old when it is to be written is asked again, and nothing is written", async () => {
  const { issue, code } = await toPatches(world);
  const { id } = await rowOf(world, issue);
  const branch = `countersign/d-${id}`;
  world.github.as(PEOPLE.owner).push(branch, { "theirs.txt": "mine\n" });
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await world.until(() => /Not written/.test(world.status(issue)), "the refusal");
  await letTimePass(issue);
  expect(await stateOf(world, issue)).toBe("verify/blocked(write_refused)");

  world.github.as(PEOPLE.owner).deleteBranch(branch);
  expect(await world.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  const asked = (words: RegExp) =>
    world.ours(issue).find(({ body }) => words.test(body) && body.includes("Asked again"));
  await world.until(() => asked(PATCHES), "the patches, asked again");
  await quiet(world);
  expect(asked(PATCHES)?.body).toContain("older than approvals may be");
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  expect(pullOf(world, id)).toBeUndefined();
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect((await approvalsOf(world, id)).filter(({ subjectKind }) => subjectKind === "patchset")).toEqual([
    expect.objectContaining({ voidedAt: expect.any(Date) }),
  ]);

  await nextSecond();
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  // The approval of the plan, on which the patches rest, is as old.
  await world.until(() => asked(PLAN), "the plan, asked again");
  const plan = await world.gate(issue, PLAN);
  await quiet(world);
  expect(pullOf(world, id)).toBeUndefined();
  await nextSecond();
  expect(await world.say(issue, PEOPLE.approver, `/approve ${plan}`)).toBe("+1");
  await world.until(() => pullOf(world, id), "the pull request");
});
