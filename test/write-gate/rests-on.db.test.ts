// What a write rests on, judged by the rules of now: the approvals of the plan, and those of a head that people pushed.
import { describe, expect, it } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import { headDigest } from "../../src/delivery/head-digest.ts";
import { PullNumber, Sha } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import {
  approve,
  MONA,
  OCTOCAT,
  type Person,
  PLANNER,
  planApprovalRows,
  setState,
  theOnly,
  voidApproval,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const { test, delivery } = openWorlds();

const expectVoid = async (world: World, of: "plan" | "head", note: RegExp): Promise<void> => {
  expect((await world.write()).end).toMatchObject({ kind: "approval_void", of, note: expect.stringMatching(note) });
  expect(world.github.writes).toEqual([]);
  expect(world.github.tokens.some(({ permissions }) => permissions["contents"] === "write")).toBe(false);
  expect(await writeRows(world)).toEqual([]);
};
const expectWritten = async (world: World): Promise<void> =>
  expect((await world.write()).end).toEqual({ kind: "written" });

describe("the plan's approval", () => {
  it("counts no more when its person may not approve plans any more, though they may approve patches", async () => {
    const world = await delivery();
    world.today.plan.approvers.clear();
    world.today.approvers.add(PLANNER.id);
    await expectVoid(world, "plan", /planner.*may not approve any more/);
  });

  it("is too few for the quorum of today", async () => {
    const world = await delivery();
    world.today.plan.quorum = 2;
    await expectVoid(world, "plan", /1 of 2 approvals count/);
  });

  it("is the requester's alone, where two people are asked for", async () => {
    const world = await delivery();
    world.today.notAlone = [PLANNER];
    await expectVoid(world, "plan", /somebody else than `planner`/);
  });

  it("has grown too old, while that of the patches has not", async () => {
    const world = await delivery({ approvers: [] });
    world.today.endedBefore = instant("2026-11-21T09:00:01Z");
    const [target] = (await world.deliveryNow()).targets;
    const digest = target?.patchSet?.digest;
    if (digest === undefined) throw new Error("a patch set");
    const about = { deliveryId: world.id, on: theOnly(world.repos), issue: world.issue, kind: "patchset" } as const;
    const at = "2026-11-21T09:30:00Z";
    await approve(test.db, { ...about, subjectId: target?.patchSet?.id ?? 0, digest, at }, OCTOCAT);
    await expectVoid(world, "plan", /planner.*older than approvals may be/);
  });

  it("was given in a comment that was edited since", async () => {
    const world = await delivery();
    const comment = theOnly(world.repos)
      .comments.get(world.issue)
      ?.find(({ author }) => author.id === PLANNER.id);
    Object.assign(comment ?? {}, { body: "/approve but not really" });
    await expectVoid(world, "plan", /planner.*edited/);
  });

  it("was voided, under a gate that still says approved", async () => {
    const world = await delivery();
    await voidApproval(world, theOnly(await planApprovalRows(world)).id);
    await expectVoid(world, "plan", /0 of 1 approvals count/);
  });

  it("is voided during the write: no further call is made", async () => {
    const world = await delivery();
    const { id } = theOnly(await planApprovalRows(world));
    const during = async (point: string) => {
      if (point === "write.after.intend") await voidApproval(world, id);
    };
    expect((await world.write({ during })).end).toMatchObject({ kind: "approval_void" });
    expect(world.github.writes).toEqual([]);
  });
});

/** Somebody pushed the commit on which the patch set stands, and others countersigned it. */
const onHead = async (people: readonly Person[], over: object = {}): Promise<World> => {
  const world = await delivery();
  const repo = theOnly(world.repos);
  const head = Sha.parse(repo.refs.get("refs/heads/main"));
  repo.refs.set(`refs/heads/countersign/d-${world.id}`, head);
  await setState(world, (state) => ({
    ...state,
    targets: state.targets.map((target) => {
      const digest = headDigest(target.repoId, head);
      const approvals = people.map(({ id }) => id);
      const strayHead = {
        version: 1,
        digest,
        head,
        shown: null,
        approvals,
        approved: true,
        madeBy: [MONA.id],
        ...over,
      };
      const pullRequest = PullNumber.parse(50);
      return { ...target, written: { head: Sha.parse("a".repeat(40)), tree: head, pullRequest }, strayHead };
    }),
  }));
  const digest = headDigest((await world.deliveryNow()).targets[0]?.repoId ?? theOnly([]), head);
  const about = { deliveryId: world.id, on: repo, issue: world.issue, kind: "head", subjectId: world.id } as const;
  for (const person of people) {
    await approve(test.db, { ...about, digest, words: `/approve ${codeOf(digest)}` }, person);
  }
  return world;
};

describe("the approval of a head that people pushed", () => {
  it("counts: the patch set is written onto it", async () => {
    await expectWritten(await onHead([MONA]));
  });

  it("counts no more when its person may not approve any more", async () => {
    const world = await onHead([MONA]);
    world.today.approvers.delete(MONA.id);
    await expectVoid(world, "head", /mona.*may not approve any more/);
  });

  it("is too few for the quorum of today", async () => {
    const world = await onHead([MONA]);
    await approve(
      test.db,
      {
        deliveryId: world.id,
        on: theOnly(world.repos),
        issue: world.issue,
        kind: "patchset",
        subjectId: (await world.deliveryNow()).targets[0]?.patchSet?.id ?? 0,
        digest: (await world.deliveryNow()).targets[0]?.patchSet?.digest ?? theOnly([]),
      },
      MONA,
    );
    world.today.quorum = 2;
    await expectVoid(world, "head", /1 of 2 approvals count/);
  });

  it("is its maker's alone, where two people are asked for since", async () => {
    const makers = { madeBy: [OCTOCAT.id] };
    const world = await onHead([OCTOCAT], makers);
    world.today.notAlone = [MONA];
    await expectVoid(world, "head", /somebody else than `mona` and whoever made it/);
    const two = await onHead([OCTOCAT, MONA], makers);
    two.today.notAlone = [MONA];
    await expectVoid(two, "head", /2 of 1 approvals count; somebody else/);
  });

  it("was found wanting before, and a retry came first", async () => {
    await expectVoid(await onHead([MONA], { approved: false }), "head", /approvals count/);
  });

  it("has no row", async () => {
    await expectVoid(await onHead([]), "head", /0 of 1 approvals count/);
  });
});
