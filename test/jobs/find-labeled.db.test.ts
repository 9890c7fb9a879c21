// Labels that no webhook told of: people are asked to put them on again, once, and nothing begins by itself.
import { afterEach, beforeEach, expect, it } from "vitest";
import { sayRefusal } from "../../src/admission/say-refusal.ts";
import type { Account } from "../../src/github/reading.ts";
import { DeliveryId, RepoId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { findLabeledJob } from "../../src/jobs/find-labeled.ts";
import { repositoryChain } from "../../src/ledger/entry.ts";
import { admissionWords } from "../../src/thread/words/admission.ts";
import { keepLook } from "../../src/webhooks/missed/look.ts";
import { meetRepositories } from "../../src/webhooks/reconcile/due.ts";
import { labelsSettledUntil } from "../../src/webhooks/reconcile/labels.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import * as sample from "../webhooks/samples.ts";
import { createScene, dieAt, Killed, type Scene } from "../webhooks/scene.ts";
import { accountOf } from "../webhooks/world.ts";

let database: TestDatabase;
let scene: Scene;
let now: Date;
const repoId = RepoId.parse(sample.REPO);
const at = (time: string) => instant(`2026-11-21T${time}Z`);

beforeEach(async () => {
  database = await testDatabase();
  scene = createScene(database);
  now = new Date("2026-11-21T11:00:00.000Z");
  // One that was heard of, so that the repository is known.
  await scene.admit(11);
  scene.world.puts.set(11, [put("09:59:59")]);
  await meetRepositories(database.db.sql, now, at("08:00:00"));
  await settled("10:55:00");
});
afterEach(() => database.close());

const settled = (time: string) =>
  database.db.transaction((tx) => keepLook(tx, { settledUntil: at(time), lookedAt: at(time) }));
const put = (time: string, label = "countersign", by: Account | null = accountOf(sample.mona)) => ({
  label,
  at: at(time),
  by,
});
const label = (number: number, time: string, change: Parameters<Scene["world"]["issue"]>[1] = {}) => {
  scene.world.issue(number, { updatedAt: at(time), ...change });
  scene.world.puts.set(number, [put(time)]);
};
const look = async () => {
  scene.world.calls.splice(0);
  const { db, crash, github } = scene.deps();
  const say = sayRefusal({
    speaking: scene.world.speaking,
    render: (refusal, key) => ({ body: `${admissionWords(refusal)}\n<!-- ${key} -->`, marker: `<!-- ${key} -->` }),
    pace: () => Promise.resolve(),
    crash,
  });
  await findLabeledJob({ db, crash, github, clock: () => now, sayRefusal: say })(
    { repoId },
    { tries: 1, lastTry: false, signal: new AbortController().signal },
  );
  now = new Date(now.getTime() + 3_600_000);
};
const refusals = async () =>
  (await scene.chain(repositoryChain(repoId))).filter(({ action }) => action === "admission_refused");

it("one is asked for once, with who and when; put on again, it begins", async () => {
  label(12, "10:20:00");
  await look();
  const [said] = scene.world.said(12);
  expect(said).toContain("`mona` put the label on (");
  expect(said).toContain("Somebody with write access can take the label off and put it on again.");
  expect(await refusals()).toHaveLength(1);
  expect(await scene.deliveriesOf(12)).toEqual([]);
  await settled("11:55:00");
  await look();
  expect([scene.world.said(12).length, (await refusals()).length]).toEqual([1, 1]);

  const { id } = scene.world.issue(12);
  await scene.tell("issues", sample.labeled({}, { id, number: 12, updated_at: "2026-11-21T11:30:00Z" }));
  expect(await scene.deliveriesOf(12)).toHaveLength(1);
});

it("its webhook that comes after all begins it", async () => {
  label(12, "10:20:00");
  await look();
  const { id } = scene.world.issue(12);
  await scene.tell("issues", sample.labeled({}, { id, number: 12, updated_at: "2026-11-21T10:20:00Z" }));
  expect(await scene.deliveriesOf(12)).toHaveLength(1);
});

it("a delivery that is over is no answer to a label that was put on after it", async () => {
  const [row] = await scene.deliveriesOf(11);
  await scene.end(DeliveryId.parse(row?.id));
  label(11, "10:30:00");
  scene.world.puts.set(11, [put("09:59:59"), put("10:30:00")]);
  await look();
  expect(scene.world.said(11)).toHaveLength(1);
});

it.each([
  ["that was heard of", () => {}],
  ["of a closed issue", () => label(12, "10:20:00", { state: "closed" })],
  ["of a pull request", () => label(12, "10:20:00", { isPullRequest: true })],
  ["of another name", () => label(12, "10:20:00", { labels: ["bug"] })],
  ["that may still be on its way", () => label(12, "10:54:00")],
  ["that GitHub has no record of any more", () => scene.world.issue(12, { updatedAt: at("10:20:00") })],
  [
    "of long ago",
    () => {
      scene.world.issue(12, { updatedAt: at("10:20:00") });
      scene.world.puts.set(12, [{ ...put("10:20:00"), at: instant("2026-11-01T10:00:00Z") }]);
    },
  ],
])("nothing is said of a label %s", async (_, arrange) => {
  arrange();
  await look();
  expect(scene.world.said(12)).toEqual([]);
  expect(await refusals()).toEqual([]);
  expect(await labelsSettledUntil(database.db.sql, repoId)).toBe(at("10:50:00"));
});

it("one that was too young is found by the next look", async () => {
  label(12, "10:54:00");
  await look();
  await settled("11:55:00");
  await look();
  expect(scene.world.said(12)).toHaveLength(1);
});

it("twenty at a time, the others by the next looks", async () => {
  for (let issue = 20; issue < 45; issue++) label(issue, `10:20:${issue}`);
  await look();
  expect(await refusals()).toHaveLength(20);
  await settled("11:55:00");
  await look();
  expect(await refusals()).toHaveLength(25);
});

it("a repository that cannot be read is left for the next look", async () => {
  scene.world.installations.set(sample.INSTALLATION, "suspended");
  await look();
  expect(await labelsSettledUntil(database.db.sql, repoId)).toBe(at("08:00:00"));
});

it("killed at every crash point and run again, it says and writes down each once", async () => {
  for (let nth = 0; ; nth++) {
    label(100 + nth, "10:20:00");
    dieAt(scene, nth);
    const died = await look().then(
      () => false,
      (error: unknown) => error instanceof Killed,
    );
    scene.crash = () => {};
    now = new Date("2026-11-21T11:00:00.000Z");
    await look();
    now = new Date("2026-11-21T11:00:00.000Z");
    expect(scene.world.said(100 + nth)).toHaveLength(1);
    expect(await refusals()).toHaveLength(nth + 1);
    if (!died) return;
    await database.db.sql.execute("update label_looks set settled_until = '2026-11-21T08:00:00Z'");
    expect(nth).toBeLessThan(30);
  }
});
