// The permits of a ship: each is good for its own merge or deployment alone, and the database takes no row of another.
import { describe, expect, it } from "vitest";
import { writes } from "../../src/db/schema.ts";
import { ApprovalId, DeliveryId, Digest, InstallationId, RepoId, Sha } from "../../src/ids.ts";
import { authorizeShip, redeem, type WritePermit } from "../../src/write-gate/authorize.ts";
import { shipStillWanted } from "../../src/write-gate/fence.ts";
import type { DeploymentFacts, MergeFacts } from "../../src/write-gate/permit-facts.ts";
import { readingsOf } from "../../src/write-gate/readings.ts";
import { intend, type Receipts, receiveDeployment, receiveMerge } from "../../src/write-gate/receipts.ts";
import { loadShipCase } from "../../src/write-gate/ship-case.ts";
import { openDeployer, openMergeClient } from "../../src/write-gate/ship-client.ts";
import { withWriteTokens } from "../../src/write-gate/write-token.ts";
import {
  ledgerActions,
  MONA,
  NOW,
  OCTOCAT,
  shipApprovalRows,
  theOnly,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { asked, mergedIn, type ShipWorld } from "./approved-ship.ts";
import { BOT_ID } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

type Row = { -readonly [Field in keyof Receipts]: Receipts[Field] };

const rowOf = ({ facts }: WritePermit<MergeFacts> | WritePermit<DeploymentFacts>): Row => {
  const { writeId: id, subjectKind, subjectId, digest, repoId } = facts;
  const none = { treeSha: null, commitSha: null, branchAt: null, pullNumber: null, deploymentId: null };
  return { id, subjectKind, subjectId, digest, repoId, ...none };
};

/** Real permits of a merge and of the deployment after it. */
const permitsOf = async (world: ShipWorld) => {
  const deps = world.deps(() => {});
  const wanted = await loadShipCase(world.db.sql, world.id, world.attempt);
  if (typeof wanted === "string") throw new Error(wanted);
  const readingOf = readingsOf(deps.github, wanted, undefined);
  const permits = await authorizeShip({ sql: world.db.sql, readingOf, rules: deps.rules }, wanted);
  const merge = permits.find((permit): permit is WritePermit<MergeFacts> => permit.facts.subjectKind === "merge");
  const deployment = permits.find(
    (permit): permit is WritePermit<DeploymentFacts> => permit.facts.subjectKind === "deployment",
  );
  if (merge === undefined || deployment === undefined) throw new Error("no permit");
  return { permits, merge, deployment };
};
const clientDeps = (world: World) => ({
  ...world.deps(() => {}),
  stillWanted: async () => {},
  slot: async () => {},
  botId: BOT_ID,
});
const tokenOf = (repoId: RepoId) => ({
  value: "t",
  installation: InstallationId.parse(77),
  expiresAt: NOW,
  repos: [{ id: repoId, owner: "acme", name: "widgets" }],
});

describe("the permits", () => {
  it("say exactly what may be done, one for each part, in the declared order", async () => {
    const world = await ship({ repos: 2, environment: "production", approvers: [OCTOCAT, MONA] });
    const { permits } = await permitsOf(world);
    const approvals = (await shipApprovalRows(world)).map(({ id, personId, personLogin }) => ({
      id,
      by: { id: personId, login: personLogin },
    }));
    expect(permits.map(({ facts }) => facts)).toEqual(
      world.ship.parts.map((part, index) => ({
        writeId: permits[index]?.facts.writeId,
        deliveryId: world.id,
        attempt: world.attempt,
        traceId: "a".repeat(32),
        subjectKind: part.kind,
        subjectId: part.id,
        digest: part.digest,
        ship: { id: world.ship.id, digest: world.ship.digest },
        repoId: part.content.repoId,
        installationId: 77,
        approvals,
        restsOn: [],
        content: part.content,
      })),
    );
    expect(new Set(permits.map(({ facts }) => facts.writeId)).size).toBe(4);
    expect(world.ship.parts.map(({ kind }) => kind)).toEqual(["merge", "merge", "deployment", "deployment"]);
  });

  it("cannot be copied or changed", async () => {
    const { merge } = await permitsOf(await ship({ environment: "production" }));
    expect(() => redeem(Object.assign(Object.create(Object.getPrototypeOf(merge)), merge), rowOf(merge))).toThrow(
      /^this is no permit$/,
    );
    expect(() => Object.assign(merge.facts.content, { baseBranch: "release" })).toThrow(TypeError);
    expect(() => Object.assign(merge.facts.ship, { id: 1 })).toThrow(TypeError);
    expect(redeem(merge, rowOf(merge))).toBe(merge.facts);
  });

  it("are good for their own row and token alone", async () => {
    const world = await ship({ environment: "production" });
    const { merge, deployment } = await permitsOf(world);
    const { merge: other } = await permitsOf(await ship({ environment: "production" }));
    const deps = clientDeps(world);
    const { repoId } = merge.facts;
    const token = tokenOf(repoId);
    for (const permit of [merge, deployment]) {
      const row = rowOf(permit);
      const open = (use: typeof row, by = token) =>
        permit === merge
          ? openMergeClient(deps, merge, use, by, undefined)
          : openDeployer(deps, deployment, use, by, undefined);
      const uses = [
        { ...row, id: other.facts.writeId },
        { ...row, repoId: RepoId.parse(1) },
        { ...row, digest: Digest.parse("0".repeat(64)) },
        { ...row, subjectId: row.subjectId + 100 },
        { ...row, subjectKind: "revert" },
        permit === merge ? rowOf(deployment) : rowOf(merge),
      ];
      for (const use of uses) {
        expect(() => open(use)).toThrow(`a permit for write ${row.id} was used for write ${use.id}`);
      }
      const tokens = [
        { ...token, repos: [...token.repos, { id: RepoId.parse(1), owner: "acme", name: "other" }] },
        { ...token, repos: [] },
        { ...token, installation: InstallationId.parse(78) },
      ];
      for (const wrong of tokens) expect(() => open(row, wrong)).toThrow(/^this token is another's$/);
      expect(() => open(row, tokenOf(RepoId.parse(1)))).toThrow(`this client was not opened for repository ${repoId}`);
      expect(open(row)).toBeDefined();
    }
    expect(asked(world)).toEqual([]);
  });

  it("are looked at once more right before the call", async () => {
    const world = await ship({ environment: "production" });
    const { merge, deployment } = await permitsOf(world);
    const token = tokenOf(merge.facts.repoId);
    for (const permit of [merge, deployment]) {
      const row = { ...rowOf(permit) };
      const points: string[] = [];
      const deps = {
        ...clientDeps(world),
        crash: (point: string) => {
          points.push(point);
          row.subjectId += 1;
        },
      };
      const call =
        permit === merge
          ? openMergeClient(deps, merge, row, token, undefined).merge()
          : openDeployer(deps, deployment, row, token, undefined).make(Sha.parse("a".repeat(40)));
      await expect(call).rejects.toThrow(/^a permit for write/);
      expect(points).toHaveLength(1);
    }
    expect(asked(world)).toEqual([]);
  });

  it("of a delivery that is gone are good for nothing", async () => {
    const world = await ship({ environment: "production" });
    const { merge } = await permitsOf(world);
    const look = (deliveryId: DeliveryId) => shipStillWanted(world.db.sql, { ...merge.facts, deliveryId });
    await expect(look(world.id)).resolves.toBeUndefined();
    const gone = { end: { kind: "not_wanted", why: "gone" } };
    await expect(look(DeliveryId.parse(2_000_000_000))).rejects.toMatchObject(gone);
  });

  it("used twice merge once: GitHub refuses the second", async () => {
    const world = await ship({ environment: "production" });
    const { merge } = await permitsOf(world);
    const deps = clientDeps(world);
    await withWriteTokens(deps, [merge.facts], undefined, async ([token]) => {
      if (token === undefined) throw new Error("no token");
      const client = openMergeClient(deps, merge, rowOf(merge), token, undefined);
      expect(await client.merge()).toBe(mergedIn(theOnly(world.repos)));
      await expect(client.merge()).rejects.toMatchObject({ status: 405 });
    });
  });
});

describe("receipts", () => {
  const made = { commit: Sha.parse("a".repeat(40)), tree: Sha.parse("b".repeat(40)) };

  it("of another run that was faster stay, and are not told of twice", async () => {
    const world = await ship();
    let nested = false;
    const during = async (point: string) => {
      if (point !== "ship.before.record_merge" || nested) return;
      nested = true;
      expect((await world.merge()).end).toEqual({ kind: "written" });
    };
    expect((await world.merge({ during })).end).toEqual({ kind: "written" });
    expect(asked(world)).toHaveLength(1);
    expect(await ledgerActions(world)).toEqual(["write_intended", "write_resumed", "merge_found"]);
  });

  it("answer what stands then, and need the row of their write", async () => {
    const world = await ship({ environment: "production" });
    const { permits, merge, deployment } = await permitsOf(world);
    const clock = () => NOW;
    const receive = () => receiveMerge(world.db, clock, merge.facts, made, "made");
    const deploy = () => receiveDeployment(world.db, clock, deployment.facts, { id: 7, commit: made.commit }, "found");
    await expect(receive()).rejects.toThrow(`write ${merge.facts.writeId} has no row`);
    await expect(deploy()).rejects.toThrow(`write ${deployment.facts.writeId} has no row`);
    const facts = permits.map((permit) => permit.facts);
    expect(await intend(world.db, clock, facts)).toEqual([rowOf(merge), rowOf(deployment)]);
    const merged = { ...rowOf(merge), commitSha: made.commit, treeSha: made.tree };
    expect(await receive()).toEqual(merged);
    const late = { commit: Sha.parse("c".repeat(40)), tree: made.tree };
    expect(await receiveMerge(world.db, clock, merge.facts, late, "found")).toEqual(merged);
    expect(await deploy()).toEqual({ ...rowOf(deployment), commitSha: made.commit, deploymentId: 7 });
    expect((await intend(world.db, clock, facts)).map(({ commitSha }) => commitSha)).toEqual([
      made.commit,
      made.commit,
    ]);
    expect(await ledgerActions(world)).toEqual([
      "write_intended",
      "write_intended",
      "merge_made",
      "deployment_found",
      "write_resumed",
      "write_resumed",
    ]);
  });

  it("are not even intended without an approval", async () => {
    const world = await ship({ environment: "production" });
    const { merge } = await permitsOf(world);
    const intent = intend(world.db, () => NOW, [{ ...merge.facts, approvals: [] }]);
    await expect(intent).rejects.toThrow("a permit without an approval");
    const { facts } = merge;
    const by = theOnly(facts.approvals);
    const forged = intend(world.db, () => NOW, [{ ...facts, approvals: [{ ...by, id: ApprovalId.parse(999_999) }] }]);
    await expect(forged).rejects.toThrow();
    expect(await writeRows(world)).toEqual([]);
    expect(await ledgerActions(world)).toEqual([]);
  });
});

it("the database takes no row of a part that is not the approved ship's own", async () => {
  const [world, other] = [await ship({ environment: "production" }), await ship({ environment: "production" })];
  const { merge, deployment } = await permitsOf(world);
  const theirs = (await permitsOf(other)).merge.facts;
  const { facts } = merge;
  const approval = theOnly(await shipApprovalRows(world));
  const intent = {
    id: facts.writeId,
    deliveryId: world.id,
    approvalId: approval.id,
    subjectKind: "merge",
    subjectId: facts.subjectId,
    digest: facts.digest,
    shipId: facts.ship.id,
    shipDigest: facts.ship.digest,
    repoId: facts.repoId,
    branch: "main",
    intendedAt: NOW,
  };
  const forged: Partial<typeof writes.$inferInsert>[] = [
    { subjectId: theirs.subjectId },
    { subjectId: theirs.subjectId, digest: theirs.digest, repoId: theirs.repoId },
    { shipId: theirs.ship.id, shipDigest: theirs.ship.digest },
    { subjectId: deployment.facts.subjectId },
    { subjectKind: "deployment" },
    { subjectKind: "patchset" },
    { digest: deployment.facts.digest },
    { shipId: null },
    { shipDigest: null },
    { shipDigest: theirs.ship.digest },
    { repoId: theirs.repoId },
    { deliveryId: other.id },
    { approvalId: theOnly(await shipApprovalRows(other)).id },
  ];
  for (const columns of forged) {
    await expect(world.db.sql.insert(writes).values({ ...intent, ...columns })).rejects.toThrow();
  }
  await world.db.sql.insert(writes).values(intent);
});
