// What is read of approvals beside them: whether they stand, which buttons are of them, and what was decided already.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { commands, policyViolations, publications } from "../../src/db/schema.ts";
import { ApprovalId, RepoId } from "../../src/ids.ts";
import { allStand, decidedComments, decidedReviews, isRisky, runsShowing } from "../../src/write-gate/approval-rows.ts";
import { approvalRows, MONA, OCTOCAT, theOnly, voidApproval, type World } from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

describe("approvals", () => {
  it("stand while none of them was voided, and only those that are there", async () => {
    const world = await delivery({ approvers: [OCTOCAT, MONA] });
    const { sql } = world.db;
    const ids = (await approvalRows(world)).map(({ id }) => ApprovalId.parse(id));
    expect(await allStand(sql, ids)).toBe(true);
    expect(await allStand(sql, [])).toBe(true);
    expect(await allStand(sql, [...ids, ApprovalId.parse(999_999_999)])).toBe(false);
    await voidApproval(world, ids[1] ?? 0);
    expect(await allStand(sql, ids)).toBe(false);
    expect(await allStand(sql, ids.slice(0, 1))).toBe(true);
  });
});

describe("the check runs", () => {
  const HERE = RepoId.parse(501);
  const THERE = RepoId.parse(502);
  const showing = async (world: World) => {
    const row = { deliveryId: world.id, kind: "check_run" };
    const base = world.id * 100;
    await world.db.sql.insert(publications).values([
      { ...row, key: "check:patch:acme/widgets:1", repoId: HERE, remoteId: base + 1 },
      { ...row, key: "check:patch:acme/widgets:2", repoId: HERE, remoteId: base + 2 },
      { ...row, key: "check:patch:acme/other:1", repoId: THERE, remoteId: base + 3 },
      { ...row, key: "check:plan:1", repoId: HERE, remoteId: base + 4 },
      { ...row, key: "check:ship:1", repoId: THERE, remoteId: base + 5 },
      { ...row, key: "check:ship:2", repoId: HERE, remoteId: null },
      { ...row, key: "check:provenance:acme/widgets", repoId: HERE, remoteId: base + 6 },
      { ...row, key: "ship:1", kind: "comment", repoId: HERE, remoteId: base + 7 },
    ]);
    return async (kind: "plan" | "patchset" | "head" | "ship", repoId: RepoId, version: number) =>
      (await runsShowing(world.db.sql, world.id, { kind, repoId, version })).map((id) => id - base);
  };

  it("of a plan or a patch set stand in its repository and show its version", async () => {
    const runs = await showing(await delivery());
    expect(await runs("patchset", HERE, 1)).toEqual([1]);
    expect(await runs("patchset", HERE, 2)).toEqual([2]);
    expect(await runs("patchset", THERE, 1)).toEqual([3]);
    expect(await runs("plan", HERE, 1)).toEqual([4]);
    expect(await runs("plan", THERE, 1)).toEqual([]);
    expect(await runs("head", HERE, 1)).toEqual([]);
  });

  it("of a ship stand in any of its repositories; one that was not made yet has no number", async () => {
    const runs = await showing(await delivery());
    expect(await runs("ship", HERE, 1)).toEqual([5]);
    expect(await runs("ship", THERE, 1)).toEqual([5]);
    expect(await runs("ship", HERE, 2)).toEqual([]);
  });

  it("of another delivery are none of it", async () => {
    await showing(await delivery());
    const other = await delivery();
    expect(await runsShowing(other.db.sql, other.id, { kind: "ship", repoId: HERE, version: 1 })).toEqual([]);
  });
});

describe("what was decided", () => {
  const said = async (world: World, over: Partial<typeof commands.$inferInsert>) => {
    const { commandId } = theOnly(await approvalRows(world));
    const [row] = await world.db.sql.select().from(commands).where(eq(commands.id, commandId));
    if (row === undefined) throw new Error("no command");
    const { id: _, ...same } = row;
    await world.db.sql.insert(commands).values({ ...same, ...over });
  };

  it("of a comment is known by its number and the place of the command in it, unless it still waits", async () => {
    const world = await delivery();
    const comment = 5_000_000 + world.id * 10;
    const about = { originKind: "comment", originId: comment };
    await said(world, { ...about, position: 0, verdict: "accepted" });
    await said(world, { ...about, position: 1, verdict: "waiting", decidedAt: null });
    await said(world, { ...about, position: 2, verdict: "refused" });
    await said(world, {
      originKind: "review",
      originId: comment + 1,
      name: "revise",
      position: 0,
      verdict: "accepted",
    });
    const ids = [comment, comment + 1];
    expect(await decidedComments(world.db.sql, ids)).toEqual(new Set([`${comment}:0`, `${comment}:2`]));
    expect(await decidedComments(world.db.sql, [])).toEqual(new Set());
    expect(await decidedReviews(world.db.sql, ids)).toEqual(new Set([comment + 1]));
    expect(await decidedReviews(world.db.sql, [])).toEqual(new Set());
  });

  it("by policy of this patch set asks for a code where its rule does, or is not known any more", async () => {
    for (const [rule, risky] of [
      ["dependency-changes", false],
      ["build-scripts", true],
      ["of-an-older-version", true],
    ] as const) {
      const world = await delivery();
      const patchSetId = theOnly(await approvalRows(world)).subjectId;
      expect(await isRisky(world.db.sql, patchSetId)).toBe(false);
      const found = { severity: "warn", path: null, line: null, message: "found" } as const;
      await world.db.sql
        .insert(policyViolations)
        .values({ deliveryId: world.id, patchSetId, attempt: 1, rule, ...found });
      expect(await isRisky(world.db.sql, patchSetId), rule).toBe(risky);
      expect(await isRisky(world.db.sql, patchSetId + 1)).toBe(false);
    }
  });
});
