// Sources and installations follow GitHub in any order of events; live deliveries are held, freed and ended with them.
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveryRepos, sources } from "../../src/db/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { DeliveryId, RepoId } from "../../src/ids.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runs } from "../support/runs.ts";
import * as sample from "./samples.ts";
import { crashPointsOf, createScene, dieAt, Killed, type Scene } from "./scene.ts";
import { shaOf } from "./world.ts";

let database: TestDatabase;
let scene: Scene;
/** Each test has an installation and a repository of its own. */
let base = 10_000;
let installationId: number;
let repo: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const facts = (
  change: Readonly<{ archived?: boolean; installationId?: number; name?: string; owner?: string }> = {},
) => {
  const now = scene.world.repositories.get(repo) ?? {
    id: RepoId.parse(repo),
    installationId,
    owner: "acme",
    name: `shop${repo}`,
    defaultBranch: "main",
    visibility: "private" as const,
    archived: false,
  };
  scene.world.repositories.set(repo, { ...now, ...change });
};
beforeEach(() => {
  scene = createScene(database);
  base += 10;
  installationId = base + 1;
  repo = base + 2;
  scene.world.installations.set(installationId, "here");
  facts();
});

const listed = () => sample.listed(repo, `acme/shop${repo}`);
const time = (second: number) => ({ updated_at: new Date(Date.UTC(2026, 10, 21, 8, 0, second)).toISOString() });
const created = (second = 1) =>
  sample.installation("created", { id: installationId, ...time(second) }, { repositories: [listed()] });
const membership = (what: "added" | "removed", second: number) =>
  sample.installationRepositories(what, [listed()], { id: installationId, ...time(second) });
const installationEvent = (action: string, second: number, change: sample.Json = {}) =>
  sample.installation(action, { id: installationId, ...time(second), ...change }, { repositories: undefined });
const suspend = (second: number) => installationEvent("suspend", second, { suspended_at: time(second).updated_at });
const repositoryEvent = (action: string) => ({
  ...sample.repositoryEvent(action, { id: repo, name: `shop${repo}` }),
  installation: { id: installationId },
});
const tell = (event: string, payload: sample.Json) => scene.tell(event, payload);

/** A live delivery in this test's repository. */
const admit = async (): Promise<DeliveryId> => {
  const issue = scene.world.issue(base);
  await scene.tell("issues", {
    ...sample.labeled({}, { id: issue.id, number: base }),
    installation: { id: installationId },
    repository: sample.repository({ id: repo, name: `shop${repo}` }),
  });
  const [row] = await scene.deliveriesOf(base);
  if (row === undefined) throw new Error("not admitted");
  return DeliveryId.parse(row.id);
};
const holds = async (id: DeliveryId) => (await scene.delivery(id)).holds;

describe("rows", () => {
  it("are made by an installation, and again under a new one", async () => {
    expect(await tell("installation", created())).toBe("followed");
    expect(await scene.installation(installationId)).toMatchObject({
      accountId: 3,
      accountLogin: "acme",
      removedAt: null,
    });
    expect(await scene.source(repo)).toMatchObject({
      installationId,
      active: true,
      owner: "acme",
      visibility: "private",
    });
    await tell("installation", installationEvent("deleted", 5));
    expect(await scene.installation(installationId)).toMatchObject({ removedAt: expect.any(Date) });
    expect((await scene.source(repo))?.active).toBe(false);
    const renewed = sample.installation("created", { id: base + 5, ...time(9) }, { repositories: [listed()] });
    await tell("installation", renewed);
    expect(await scene.source(repo)).toMatchObject({ installationId: base + 5, active: true });
  });

  it("a removed installation does not come back with a late event of its own", async () => {
    await tell("installation", installationEvent("deleted", 5));
    expect(await tell("installation", created(1))).toBe("followed");
    expect(await scene.installation(installationId)).toMatchObject({ removedAt: expect.any(Date) });
    expect(await scene.source(repo)).toBeUndefined();
  });

  it("follow renaming, visibility and the archive as they are now, whatever the event says", async () => {
    await tell("installation", created());
    facts({ name: "renamed", owner: "other", archived: true });
    await tell("repository", repositoryEvent("publicized"));
    expect(await scene.source(repo)).toMatchObject({ name: "renamed", owner: "other", archived: true });
  });

  it("of a repository that nobody labeled yet are not made by its own events", async () => {
    await tell("repository", repositoryEvent("renamed"));
    expect(await scene.source(repo)).toBeUndefined();
  });

  it("keep the newest of two memberships, and say in the ledger who changed what", async () => {
    await tell("installation", created(1));
    await tell("installation_repositories", membership("removed", 3));
    await tell("installation_repositories", membership("added", 2));
    expect((await scene.source(repo))?.active).toBe(false);
    await tell("installation_repositories", membership("added", 4));
    expect((await scene.source(repo))?.active).toBe(true);
    const chain = await scene.chain(`R-${repo}`);
    expect(chain.map(({ action, actorKind }) => [action, actorKind])).toEqual([
      ["source_deactivated", "github"],
      ["source_activated", "github"],
    ]);
    expect(await verifyStored(database.db.sql, `R-${repo}`)).toMatchObject({ ok: true });
  });

  it("many at once", async () => {
    const many = Array.from({ length: 450 }, (_, at) => sample.listed(2_000_000 + at, `acme/r${at}`, at % 2 === 0));
    await tell("installation", sample.installation("created", { id: installationId }, { repositories: many }));
    expect(await scene.source(2_000_449)).toMatchObject({ installationId, visibility: "public", name: "r449" });
  });

  it("an operator's word stands against GitHub's, GitHub's own does not against what can be read", async () => {
    await tell("installation", created(1));
    await tell("installation_repositories", membership("removed", 3));
    const id = await admit();
    expect(id).toBeGreaterThan(0);
    expect((await scene.source(repo))?.active).toBe(true);
    await scene.end(id);
    await database.db.sql.update(sources).set({ active: false }).where(eq(sources.repoId, repo));
    const outcome = await scene.tell("issues", {
      ...sample.labeled({}, { id: scene.world.issue(base).id, number: base, updated_at: "2026-11-21T12:00:00Z" }),
      installation: { id: installationId },
      repository: sample.repository({ id: repo, name: `shop${repo}` }),
    });
    expect(outcome).toBe("refused source_inactive");
  });
});

describe("live deliveries", () => {
  it("are held while the installation is suspended", async () => {
    const id = await admit();
    scene.world.installations.set(installationId, "suspended");
    expect(await tell("installation", suspend(5))).toBe(`told D-${id}`);
    expect(await holds(id)).toEqual(["suspended"]);
    expect((await scene.installation(installationId))?.suspendedAt).toEqual(new Date(time(5).updated_at));
    scene.world.installations.set(installationId, "here");
    await tell("installation", installationEvent("unsuspend", 6));
    expect(await holds(id)).toEqual([]);
    expect((await scene.installation(installationId))?.suspendedAt).toBeNull();
  });

  it("are not held by a suspension that is over when its event comes", async () => {
    const id = await admit();
    await tell("installation", installationEvent("unsuspend", 6));
    await tell("installation", suspend(5));
    expect(await holds(id)).toEqual([]);
    expect((await scene.installation(installationId))?.suspendedAt).toBeNull();
  });

  it("are held while their repository is archived", async () => {
    const id = await admit();
    facts({ archived: true });
    await tell("repository", repositoryEvent("archived"));
    expect(await holds(id)).toEqual(["archived"]);
    facts({ archived: false });
    await tell("repository", repositoryEvent("archived"));
    expect(await holds(id)).toEqual([]);
  });

  it("are held while their repository is out of the installation", async () => {
    const id = await admit();
    facts({ installationId: 1 });
    await tell("installation_repositories", membership("removed", 5));
    expect(await holds(id)).toEqual(["source_inactive"]);
    facts({ installationId });
    await tell("installation_repositories", membership("added", 6));
    expect(await holds(id)).toEqual([]);
  });

  it("go on under the new names of their repository", async () => {
    const id = await admit();
    facts({ owner: "new-owner", name: "new-name" });
    await tell("repository", repositoryEvent("transferred"));
    const [row] = await database.db.sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
    expect(row).toMatchObject({ owner: "new-owner", name: "new-name", installationId });
  });

  it("end with the app, and with their repository", async () => {
    const first = await admit();
    await tell("installation", installationEvent("deleted", 9));
    expect(await scene.delivery(first)).toMatchObject({ runStatus: "canceled", reason: "source_gone" });
    expect(await tell("installation", installationEvent("deleted", 9))).toBe("followed");
    expect(await scene.told(first)).toEqual(["source_gone"]);
  });

  it("end with their repository, when it is really gone", async () => {
    const id = await admit();
    await tell("repository", repositoryEvent("deleted"));
    expect((await scene.delivery(id)).runStatus).toBe("pending");
    scene.world.repositories.delete(repo);
    await tell("repository", repositoryEvent("deleted"));
    expect(await scene.delivery(id)).toMatchObject({ runStatus: "canceled", reason: "source_gone" });
    expect((await scene.source(repo))?.active).toBe(false);
  });

  it("of which a repository is but a secondary one are held when it is gone", async () => {
    const id = await admit();
    const other = base + 7;
    await database.db.sql.insert(deliveryRepos).values({
      deliveryId: id,
      repoId: other,
      installationId,
      owner: "acme",
      name: "lib",
      visibility: "private",
      role: "secondary",
      baseBranch: "main",
      baseSha: shaOf("x"),
    });
    await tell("repository", {
      ...repositoryEvent("deleted"),
      repository: sample.repository({ id: other, name: "lib" }),
    });
    expect(await holds(id)).toEqual(["source_inactive"]);
    expect((await scene.delivery(id)).runStatus).toBe("pending");
  });

  it("stay held for a secondary repository when the primary one has nothing to hold them for", async () => {
    const id = await admit();
    const other = base + 7;
    const lib = { ...repositoryEvent("archived"), repository: sample.repository({ id: other, name: "lib" }) };
    const libFacts = (archived: boolean) => {
      const shop = scene.world.repositories.get(repo);
      if (shop === undefined) throw new Error("there is no repository");
      scene.world.repositories.set(other, { ...shop, id: RepoId.parse(other), name: "lib", archived });
    };
    libFacts(true);
    await database.db.sql.insert(deliveryRepos).values({
      deliveryId: id,
      repoId: other,
      installationId,
      owner: "acme",
      name: "lib",
      visibility: "private",
      role: "secondary",
      position: 1,
      baseBranch: "main",
      baseSha: shaOf("x"),
    });
    await tell("repository", lib);
    expect(await holds(id)).toEqual(["archived"]);
    await tell("repository", repositoryEvent("renamed"));
    expect(await holds(id)).toEqual(["archived"]);
    libFacts(false);
    await tell("repository", repositoryEvent("renamed"));
    expect(await holds(id)).toEqual([]);
  });

  it("wait for a better moment when GitHub does not answer", async () => {
    const id = await admit();
    scene.world.onCall = () => {
      throw new GitHubError("server", "bad gateway", { status: 502 });
    };
    const guid = await scene.receive("repository", repositoryEvent("archived"));
    await expect(scene.run(guid)).rejects.toThrow("bad gateway");
    expect(await scene.outcome(guid)).toBeNull();
    expect(await holds(id)).toEqual([]);
  });

  it("killed at each point and run again, are told once", async () => {
    const suspended = async () => {
      scene.world.installations.set(installationId, "suspended");
      const guid = await scene.receive("installation", suspend(5));
      return () => scene.run(guid);
    };
    await admit();
    const points = await crashPointsOf(scene, await suspended());
    expect(points).toBeGreaterThan(4);
    for (let nth = 0; nth < points; nth++) {
      base += 10;
      installationId = base + 1;
      repo = base + 2;
      scene.world.installations.set(installationId, "here");
      facts();
      const id = await admit();
      const run = await suspended();
      dieAt(scene, nth);
      await expect(run()).rejects.toThrow(Killed);
      scene.crash = () => {};
      await run();
      await scene.settle();
      expect(await scene.told(id)).toEqual(["hold_added"]);
    }
  });
});

it("any order of a history, with repetitions, ends where GitHub is", async () => {
  const history = () => [
    ["installation", created(1)] as const,
    ["installation_repositories", membership("removed", 2)] as const,
    ["installation_repositories", membership("added", 3)] as const,
    ["installation", suspend(4)] as const,
    ["installation", installationEvent("unsuspend", 5)] as const,
    ["repository", repositoryEvent("archived")] as const,
    ["repository", repositoryEvent("unarchived")] as const,
    ["repository", repositoryEvent("renamed")] as const,
  ];
  const orders = fc
    .array(fc.nat({ max: 7 }), { maxLength: 6 })
    .chain((again) =>
      fc
        .shuffledSubarray([...history().keys(), ...again.map((at) => at + 8)], { minLength: 8 + again.length })
        .map((order) => order.map((at) => (at < 8 ? at : at - 8))),
    );
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      base += 10;
      installationId = base + 1;
      repo = base + 2;
      scene.world.installations.set(installationId, "here");
      facts();
      const id = await admit();
      const events = history();
      for (const at of order) {
        const event = events[at];
        if (event !== undefined) await tell(event[0], event[1]);
      }
      expect(await holds(id)).toEqual([]);
      expect(await scene.source(repo)).toMatchObject({ active: true, archived: false, installationId });
      expect(await scene.installation(installationId)).toMatchObject({ suspendedAt: null, removedAt: null });
    }),
    runs(8),
  );
});
