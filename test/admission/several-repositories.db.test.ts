// From the label to a delivery in several repositories, on a real database: what is read, stored, judged again, and cut short.
import { and, asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { deliveryRepos, repositoryPins, sources } from "../../src/db/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { DeliveryId, RepoId } from "../../src/ids.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import * as sample from "../webhooks/samples.ts";
import { crashPointsOf, createScene, dieAt, Killed, type Scene } from "../webhooks/scene.ts";
import { accountOf, shaOf } from "../webhooks/world.ts";

const [LIB, DOCS] = [7_001, 7_002];

let database: TestDatabase;
let scene: Scene;
let next = 300;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  scene = createScene(database);
  scene.installationLimit = 1000;
  const { world } = scene;
  const shop = world.repositories.get(sample.REPO);
  if (shop === undefined) throw new Error("there is no repository");
  world.repositories.set(LIB, { ...shop, id: RepoId.parse(LIB), name: "lib", defaultBranch: "trunk" });
  world.repositories.set(DOCS, { ...shop, id: RepoId.parse(DOCS), name: "docs" });
  world.configs.set(sample.REPO, "repos: {include: [acme/lib], allow: [acme/*]}\nlimits: {live_deliveries: 1000}\n");
  world.configs.set(LIB, "accept_from: [acme/shop]\npolicy: {max_files: 3}\n");
  world.configs.set(DOCS, "accept_from: [acme/*]\n");
  world.heads.set(LIB, shaOf("lib"));
});

const labeled = (body = "Prices lose their cents.") => {
  const { id, number } = scene.world.issue(next++, { body });
  return { number, payload: sample.labeled({}, { id, number, body }) };
};
const reposOf = (id: number) =>
  database.db.sql
    .select()
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, id))
    .orderBy(asc(deliveryRepos.position));
/** Of the refusal that the ledger keeps. */
const whyNot = async (number: number) =>
  (await scene.chain(`R-${sample.REPO}`)).flatMap(({ after }) =>
    Object(after).issue === number ? [Object(after).refusal?.repositories] : [],
  )[0];
const only = async (number: number) => {
  const [row, ...more] = await scene.deliveriesOf(number);
  if (row === undefined || more.length > 0) throw new Error(`not one delivery of issue ${number}`);
  return DeliveryId.parse(row.id);
};

it("each has its base, its place in the order, and a row as a source", async () => {
  const { number, payload } = labeled("Cents.\n\nRepos: acme/docs");
  expect(await scene.tell("issues", payload)).toMatch(/^admitted/);
  const id = await only(number);
  expect(
    (await reposOf(id)).map(({ repoId, role, position, baseBranch, baseSha }) => [
      repoId,
      role,
      position,
      baseBranch,
      baseSha,
    ]),
  ).toEqual([
    [sample.REPO, "primary", 0, "main", shaOf("head")],
    [LIB, "secondary", 1, "trunk", shaOf("lib")],
    [DOCS, "secondary", 2, "main", shaOf("head")],
  ]);
  expect((await scene.delivery(id)).targets.map(({ repoId, role }) => [repoId, role])).toEqual([
    [sample.REPO, "primary"],
    [LIB, "secondary"],
    [DOCS, "secondary"],
  ]);
  expect(await scene.source(LIB)).toMatchObject({ name: "lib", active: true, installationId: sample.INSTALLATION });
  const [recorded] = (await scene.chain(`D-${id}`)).filter(({ action }) => action === "trigger_recorded");
  expect(recorded?.after).toMatchObject({
    beside: [
      { repoId: LIB, repository: "acme/lib", base: { branch: "trunk", sha: shaOf("lib") } },
      { repoId: DOCS, repository: "acme/docs" },
    ],
  });
});

it("is judged again under the lock: an operator who was faster is heard", async () => {
  const { number, payload } = labeled();
  await scene.tell("issues", labeled().payload);
  const guid = await scene.receive("issues", payload);
  const setActive = (active: boolean) => database.db.sql.update(sources).set({ active }).where(eq(sources.repoId, LIB));
  scene.crash = async (name) => {
    if (name === "admission.before.decide") await setActive(false);
  };
  await scene.run(guid);
  scene.crash = () => {};
  await setActive(true);
  expect(await scene.outcome(guid)).toBe("refused repositories_refused");
  expect(await scene.deliveriesOf(number)).toEqual([]);
});

it("a name stands for the repository that bore it first: one that took it over needs its number confirmed", async () => {
  const { world } = scene;
  const lib = world.repositories.get(LIB);
  if (lib === undefined) throw new Error("there is no lib");
  world.configs.set(sample.REPO, "repos: [acme/lib]\nlimits: {live_deliveries: 1000}\n");
  await scene.tell("issues", labeled().payload);
  const stored = () => database.db.sql.select().from(repositoryPins).where(eq(repositoryPins.name, "acme/lib"));
  expect(await stored()).toMatchObject([{ holderId: sample.REPO, key: "repos", repoId: LIB }]);

  const taken = RepoId.parse(7_003);
  world.repositories.set(LIB, { ...lib, name: "lib-of-before" });
  world.repositories.set(taken, { ...lib, id: taken });
  world.configs.set(taken, "accept_from: [acme/shop]\n");
  world.heads.set(taken, shaOf("taken"));
  const { number, payload } = labeled();
  expect(await scene.tell("issues", payload)).toBe("refused repositories_refused");
  expect(await scene.deliveriesOf(number)).toEqual([]);
  expect(await whyNot(number)).toEqual([{ name: "acme/lib", why: { code: "name_taken", id: taken } }]);
  expect(await stored()).toMatchObject([{ repoId: LIB }]);

  const confirmed = `repos: {include: [acme/lib], confirmed: [${taken}]}\nlimits: {live_deliveries: 1000}\n`;
  world.configs.set(sample.REPO, confirmed);
  const again = labeled();
  expect(await scene.tell("issues", again.payload)).toMatch(/^admitted/);
  expect((await reposOf(await only(again.number))).map(({ repoId }) => repoId)).toEqual([sample.REPO, taken]);
  expect(await stored()).toMatchObject([{ repoId: taken }]);
  // The later tests know acme/lib as it was.
  await database.db.sql.update(repositoryPins).set({ repoId: LIB }).where(eq(repositoryPins.name, "acme/lib"));
});

it("and one that let a repository in by its name let that one in, and none that took the name over", async () => {
  const { world } = scene;
  await scene.tell("issues", labeled().payload);
  const pin = and(eq(repositoryPins.holderId, LIB), eq(repositoryPins.key, "accept_from"));
  expect(await database.db.sql.select().from(repositoryPins).where(pin)).toMatchObject([
    { name: "acme/shop", repoId: sample.REPO },
  ]);
  // As if acme/shop had been another one then.
  await database.db.sql.update(repositoryPins).set({ repoId: 999 }).where(pin);
  // It is private: nobody learns that it lets in another of that name.
  const { number, payload } = labeled();
  expect(await scene.tell("issues", payload)).toBe("refused repositories_refused");
  expect(await whyNot(number)).toEqual([{ name: "acme/lib", why: { code: "unavailable" } }]);
  world.configs.set(LIB, `accept_from: [acme/shop, ${sample.REPO}]\n`);
  expect(await scene.tell("issues", labeled().payload)).toMatch(/^admitted/);
  await database.db.sql.update(repositoryPins).set({ repoId: sample.REPO }).where(pin);
});

it("nothing is looked up that the configuration does not permit, nor for people who may not begin", async () => {
  scene.world.configs.set(sample.REPO, "repos: {allow: [acme/docs]}\nlimits: {live_deliveries: 1000}\n");
  expect(await scene.tell("issues", labeled("Repos: acme/lib, acme/docs").payload)).toBe(
    "refused repositories_refused",
  );
  expect(scene.world.calls.filter((call) => call.startsWith("find "))).toEqual(["find acme/docs"]);
  scene.world.calls.length = 0;
  scene.world.roles.set("mona", { role: "triage", account: accountOf(sample.mona) });
  expect(await scene.tell("issues", labeled("Repos: acme/docs").payload)).toBe("refused labeler_role");
  expect(scene.world.calls.filter((call) => call.startsWith("find "))).toEqual([]);
});

it("one that has another name by now, or no token, is none; GitHub that does not answer is asked again", async () => {
  const lib = scene.world.repositories.get(LIB);
  if (lib === undefined) throw new Error("there is no lib");
  scene.world.repositories.set(LIB, { ...lib, name: "library" });
  expect(await scene.tell("issues", labeled().payload)).toBe("refused repositories_refused");
  // Another installation's: it is found by its name, and no token is given for it.
  scene.world.repositories.set(LIB, { ...lib, installationId: 999 });
  expect(await scene.tell("issues", labeled().payload)).toBe("refused repositories_refused");
  scene.world.repositories.set(LIB, lib);
  const { number, payload } = labeled();
  const guid = await scene.receive("issues", payload);
  scene.world.onCall = (name) => {
    if (name === "find acme/lib") throw new GitHubError("server", "bad gateway", { status: 502 });
  };
  await expect(scene.run(guid)).rejects.toThrow("bad gateway");
  scene.world.onCall = () => {};
  expect(scene.world.said(number)).toEqual([]);
  await scene.run(guid);
  expect(await scene.outcome(guid)).toMatch(/^admitted/);
});

it("a refusal is said once, stands in the ledger, and leaves no row of anything", async () => {
  scene.world.configs.set(LIB, null);
  const { number, payload } = labeled();
  await scene.tell("issues", payload);
  await scene.tell("issues", payload);
  expect(scene.world.said(number)).toHaveLength(1);
  expect(await scene.deliveriesOf(number)).toEqual([]);
  const refusals = (await scene.chain(`R-${sample.REPO}`)).filter(({ after }) => Object(after).issue === number);
  expect(refusals.map(({ after }) => Object(after).refusal)).toEqual([
    {
      code: "repositories_refused",
      primary: "acme/shop",
      repositories: [{ name: "acme/lib", why: { code: "unavailable" } }],
    },
  ]);
});

it("killed at each point and run again, it leaves one delivery with all its repositories", async () => {
  const points = await crashPointsOf(scene, () => scene.tell("issues", labeled("Repos: acme/docs").payload));
  expect(points).toBeGreaterThan(8);
  for (let nth = 0; nth < points; nth++) {
    const { number, payload } = labeled("Repos: acme/docs");
    const guid = await scene.receive("issues", payload);
    dieAt(scene, nth);
    await scene.run(guid).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    scene.crash = () => {};
    await scene.run(guid);
    expect(await reposOf(await only(number))).toHaveLength(3);
  }
});
