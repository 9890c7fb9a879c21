// The look right before each call, asked by itself: every way in which a write is not wanted any more has its own end.
import { describe, expect, it } from "vitest";
import type { PatchSetRef, Target } from "../../src/delivery/delivery.ts";
import { freeze } from "../../src/freeze/change.ts";
import { DeliveryId, Digest, InstallationId, PatchSetId, RepoId, TraceId } from "../../src/ids.ts";
import { stillWanted } from "../../src/write-gate/fence.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import type { PatchSetFacts } from "../../src/write-gate/permit-facts.ts";
import {
  approvalRows,
  hold,
  MONA,
  NOW,
  OCTOCAT,
  planApprovalRows,
  setState,
  theOnly,
  voidApproval,
  type World,
} from "./approved-delivery.ts";
import { permitOf } from "./permits.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

/** The end that the look comes to, null where the write is wanted. */
const endOf = async (world: World, facts: PatchSetFacts) => {
  try {
    await stillWanted(world.db.sql, facts);
    return null;
  } catch (error) {
    if (error instanceof WriteStop) return error.end;
    throw error;
  }
};
const factsOf = async (world: World): Promise<PatchSetFacts> => (await permitOf(world)).permit.facts;
const notWanted = (why: string) => ({ kind: "not_wanted", why });
const voided = ({ repoId }: PatchSetFacts) => ({
  kind: "approval_void",
  of: "patchset",
  repoId,
  note: "an approval was voided during the write",
});

const alter = (world: World, change: (target: Target) => Target): Promise<void> =>
  setState(world, (state) => ({ ...state, targets: state.targets.map(change) }));
const alterPatchSet = (world: World, over: Partial<PatchSetRef>): Promise<void> =>
  alter(world, (target) => ({
    ...target,
    patchSet: target.patchSet === null ? null : { ...target.patchSet, ...over },
  }));

describe("a write is wanted", () => {
  it("while nothing of it has changed", async () => {
    const world = await delivery();
    expect(await endOf(world, await factsOf(world))).toBeNull();
  });
});

describe("a write is not wanted", () => {
  it("of a delivery that is gone", async () => {
    const world = await delivery();
    const facts = { ...(await factsOf(world)), deliveryId: DeliveryId.parse(999_999_999) };
    expect(await endOf(world, facts)).toEqual(notWanted("gone"));
  });

  it("of a delivery that was canceled, is held, or has begun anew", async () => {
    const world = await delivery();
    const facts = await factsOf(world);
    expect(await endOf(world, { ...facts, attempt: facts.attempt - 1 })).toEqual(notWanted("other_attempt"));
    await hold(world, ["issue_closed"]);
    expect(await endOf(world, facts)).toEqual(notWanted("held"));
    await setState(world, (state) => ({ ...state, runStatus: "canceled", reason: "by_command" }));
    expect(await endOf(world, facts)).toEqual(notWanted("canceled"));
  });

  it("where the patch set is another one, by its row or by its digest alone", async () => {
    const byRow = await delivery();
    const facts = await factsOf(byRow);
    await alterPatchSet(byRow, { id: PatchSetId.parse(facts.subjectId + 1) });
    expect(await endOf(byRow, facts)).toEqual(notWanted("superseded"));

    const byDigest = await delivery();
    const others = await factsOf(byDigest);
    await alterPatchSet(byDigest, { digest: Digest.parse("f".repeat(64)) });
    expect(await endOf(byDigest, others)).toEqual(notWanted("superseded"));
  });

  it("where the repository has none any more, or takes no part, while another one still waits for its own", async () => {
    const world = await delivery({ repos: 2 });
    const facts = await factsOf(world);
    expect(await endOf(world, { ...facts, repoId: RepoId.parse(1) })).toEqual(notWanted("superseded"));
    await alter(world, (target) => (target.repoId === facts.repoId ? { ...target, patchSet: null } : target));
    expect(await endOf(world, facts)).toEqual(notWanted("superseded"));
  });

  it("where the gate was closed again, though each approval has its row", async () => {
    const world = await delivery();
    const facts = await factsOf(world);
    await alterPatchSet(world, { approved: false });
    expect(await endOf(world, facts)).toEqual(voided(facts));
  });

  it("where one of several approvals was voided, though the gate is open", async () => {
    const world = await delivery({ approvers: [OCTOCAT, MONA] });
    const facts = await factsOf(world);
    expect(facts.approvals.map(({ by }) => by.login)).toEqual(["octocat", "mona"]);
    const [, second] = await approvalRows(world);
    await voidApproval(world, second?.id ?? 0);
    expect(await endOf(world, facts)).toEqual(voided(facts));
  });

  it("where the plan's approval was voided, on which it rests", async () => {
    const world = await delivery();
    const facts = await factsOf(world);
    const { id } = theOnly(await planApprovalRows(world));
    expect(facts.restsOn).toEqual([id]);
    await voidApproval(world, id);
    expect(await endOf(world, facts)).toEqual(voided(facts));
  });

  it("while the repository is frozen, and nothing else is wrong", async () => {
    const world = await delivery();
    const facts = await factsOf(world);
    const frozen = { kind: "repository", repoId: facts.repoId, installationId: InstallationId.parse(77) } as const;
    const traceId = TraceId.parse(`${world.id}`.padStart(32, "0"));
    await world.db.transaction((tx) => freeze(tx, { frozen, word: { by: "operator" }, at: NOW, traceId }, null));
    expect(await endOf(world, facts)).toEqual(notWanted("frozen"));
  });
});
