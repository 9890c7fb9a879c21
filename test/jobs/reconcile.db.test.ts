// A delivery compared with how things stand on GitHub when nobody told: what differs is told once, and only then.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unheardComments } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { CommentId, type DeliveryId, Digest, PatchSetId, PullNumber, RepoId } from "../../src/ids.ts";
import { type Instant, instant } from "../../src/instant.ts";
import { deadLetters } from "../../src/jobs/dead-letters.ts";
import { reconcileJob } from "../../src/jobs/reconcile.ts";
import { loadMissed } from "../../src/thread/load-missed.ts";
import { keepLook } from "../../src/webhooks/missed/look.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import * as sample from "../webhooks/samples.ts";
import { createScene, dieAt, Killed, type Scene } from "../webhooks/scene.ts";
import { accountOf, shaOf } from "../webhooks/world.ts";

let database: TestDatabase;
let scene: Scene;
let number = 500;
let id: DeliveryId;
/** The clock of the scene stands at 10:00:03. */
let now: Date;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const head = () => shaOf(`written ${number}`);
const written = {
  id: PatchSetId.parse(1),
  version: 1,
  digest: Digest.parse("a".repeat(64)),
  shown: null,
  approvals: [],
  approved: true,
  written: true,
};
const target = (): Delivery["targets"][number] => ({
  repoId: RepoId.parse(sample.REPO),
  role: "primary",
  patchSet: written,
  written: { head: head(), tree: shaOf("tree"), pullRequest: PullNumber.parse(number) },
  strayHead: null,
  landed: "no",
});

beforeEach(async () => {
  scene = createScene(database);
  scene.world.config = "limits:\n  live_deliveries: 1000\n";
  now = new Date("2026-11-21T11:00:00.000Z");
  number++;
  id = await scene.admit(number);
});

/** With a pull request that nobody watches, because its checks are red. */
const withPull = async (change: Partial<Delivery> = {}) => {
  number++;
  const red = { phase: "verify", runStatus: "failed", reason: "ci_red", targets: [target()], ...change } as const;
  id = await scene.admit(number, red, { pull: number, head: head() });
  scene.world.pull(number, { headSha: head() });
};

const look = async () => {
  scene.world.calls.splice(0);
  await reconcileJob({ ...scene.deps(), clock: () => now })(
    { deliveryId: id },
    { tries: 1, lastTry: false, signal: new AbortController().signal },
  );
  await scene.settle();
  now = new Date(now.getTime() + 3_600_000);
};
const holds = async () => (await scene.delivery(id)).holds;
const state = async () => {
  const { phase, runStatus, reason } = await scene.delivery(id);
  return [phase, runStatus, reason];
};

it("that is as it should be is told nothing, for a handful of requests", async () => {
  await look();
  expect(await scene.told(id)).toEqual([]);
  expect(scene.world.calls).toEqual(["repository", "issue"]);
  await withPull();
  await look();
  expect(await scene.told(id)).toEqual([]);
  expect(scene.world.calls).toEqual(["repository", "pull", "issue"]);
});

describe("the issue", () => {
  it.each([
    ["closed", { state: "closed" }, "issue_closed"],
    ["without its label", { labels: [] }, "unlabeled"],
  ] as const)("%s holds, and frees when that is undone", async (_, change, hold) => {
    scene.world.issue(number, change);
    await look();
    expect(await holds()).toEqual([hold]);
    await look();
    expect(await scene.told(id)).toEqual(["hold_added"]);
    scene.world.issue(number, { state: "open" });
    await look();
    expect(await scene.told(id)).toEqual(hold === "issue_closed" ? ["hold_added", "hold_removed"] : ["hold_added"]);
  });

  it("a label that is back is for whoever put it on to answer for: nobody knows who that was", async () => {
    scene.world.issue(number, { labels: [] });
    await look();
    scene.world.issue(number, { labels: ["countersign"] });
    await look();
    expect(await holds()).toEqual(["unlabeled"]);
  });

  it("edited is said once; gone ends it", async () => {
    scene.world.issue(number, { body: "Another text." });
    await look();
    await look();
    expect(await scene.told(id)).toEqual(["issue_edited"]);
    scene.world.issues.delete(number);
    await look();
    expect((await scene.delivery(id)).reason).toBe("source_gone");
  });
});

describe("the repository", () => {
  it("archived, out of reach or suspended holds until it is not", async () => {
    const repository = scene.world.repositories.get(sample.REPO);
    if (repository === undefined) throw new Error("no repository");
    scene.world.repositories.set(sample.REPO, { ...repository, archived: true });
    await look();
    expect(await holds()).toEqual(["archived"]);
    scene.world.repositories.delete(sample.REPO);
    await look();
    expect(await holds()).toEqual(["archived", "source_inactive"]);
    scene.world.repositories.set(sample.REPO, repository);
    scene.world.installations.set(sample.INSTALLATION, "suspended");
    await look();
    expect(await holds()).toEqual(expect.arrayContaining(["archived", "suspended"]));
    scene.world.installations.set(sample.INSTALLATION, "here");
    await look();
    expect(await holds()).toEqual([]);
  });
});

describe("a pull request that nobody watches", () => {
  beforeEach(() => withPull());

  it("closed and reopened", async () => {
    scene.world.pull(number, { state: "closed" });
    await look();
    expect(await state()).toEqual(["verify", "blocked", "pr_closed"]);
    await look();
    expect(await scene.told(id)).toEqual(["pull_closed"]);
    scene.world.pull(number, { state: "open" });
    await look();
    expect(await state()).toEqual(["verify", "running", null]);
  });

  it("retargeted and put back", async () => {
    scene.world.pull(number, { baseRef: "develop" });
    await look();
    await look();
    expect(await state()).toEqual(["verify", "blocked", "retargeted"]);
    expect(await scene.told(id)).toEqual(["pull_retargeted"]);
    scene.world.pull(number, { baseRef: "main" });
    await look();
    expect(await state()).toEqual(["verify", "running", null]);
  });

  it("with a commit that nobody approved, and without it again", async () => {
    scene.world.pull(number, { headSha: shaOf("stray") });
    await look();
    await look();
    expect(await state()).toEqual(["verify", "blocked", "unapproved_head"]);
    expect(await scene.told(id)).toEqual(["head_unapproved"]);
    scene.world.pull(number, { headSha: head() });
    await look();
    expect(await state()).toEqual(["verify", "running", null]);
  });

  it("is left to the watch where one reads it", async () => {
    await withPull({ runStatus: "running", reason: null });
    scene.world.pull(number, { state: "closed" });
    await look();
    expect(scene.world.calls).toEqual(["repository", "issue"]);
  });

  it("is followed after the end, and nothing else is", async () => {
    await withPull({ phase: "close", runStatus: "succeeded", reason: null });
    scene.world.pull(number, { headSha: shaOf("stray") });
    scene.world.issue(number, { state: "closed" });
    await look();
    expect(await scene.told(id)).toEqual(["head_unapproved"]);
    expect(scene.world.calls.filter((call) => call !== "judge")).toEqual(["pull", "pull"]);
  });
});

describe("what was said", () => {
  const at = (time: string): Instant => instant(`2026-11-21T${time}Z`);
  const settled = (time: string) =>
    database.db.transaction((tx) => keepLook(tx, { settledUntil: at(time), lookedAt: at(time) }));
  const say = (commentId: number, body: string, time: string, change: object = {}) =>
    scene.world.say(number, {
      id: CommentId.parse(commentId),
      body,
      createdAt: at(time),
      updatedAt: at(time),
      ...change,
    });
  const found = () =>
    database.db.sql
      .select()
      .from(unheardComments)
      .where(eq(unheardComments.deliveryId, id))
      .orderBy(unheardComments.commentId);
  let comment = 70_000;
  beforeEach(() => {
    comment += 100;
  });

  it("without a webhook is told to people once, and nothing is done on it", async () => {
    await settled("10:58:00");
    say(comment, "/cancel", "10:10:00");
    say(comment + 1, "I like it.", "10:11:00");
    say(comment + 2, "/cancel", "10:12:00", { author: accountOf(sample.otherBot) });
    say(comment + 3, "/cancel", "10:13:00", { viaAppId: 5 });
    say(comment + 4, "> /cancel", "10:14:00");
    say(comment + 5, "/cancel", "09:00:00");
    say(comment + 6, "/cancel", "10:55:00");
    say(comment + 7, "/hold", "10:20:00");
    await scene.tell("issue_comment", sample.commented("created", { id: comment + 7, body: "/hold" }));
    await look();
    expect((await found()).map(({ commentId, authorLogin }) => [commentId, authorLogin])).toEqual([[comment, "mona"]]);
    expect(await scene.told(id)).toEqual([]);
    expect((await scene.chain(`D-${id}`)).map(({ action }) => action)).toContain("command_unheard");
    expect(await database.jobs.take("publish")).toContainEqual({ deliveryId: id });
    expect(await loadMissed(database.db.sql, id, new Date(0))).toMatchObject({
      unheard: [{ login: "mona", at: at("10:10:00") }],
    });

    // What was too young for the first look is compared by the second.
    await settled("11:50:00");
    await look();
    expect((await found()).map(({ commentId }) => commentId)).toEqual([comment, comment + 6]);
    await look();
    expect((await scene.chain(`D-${id}`)).filter(({ action }) => action === "command_unheard")).toHaveLength(2);
  });

  it("is not compared before GitHub's own record was gone through", async () => {
    const fresh = await testDatabase();
    scene = createScene(fresh);
    id = await scene.admit(number);
    say(comment, "/cancel", "10:10:00");
    await look();
    expect(await fresh.db.sql.select().from(unheardComments)).toEqual([]);
    expect(scene.world.calls).not.toContain("comments");
    await fresh.close();
  });

  it("under the pull request counts as well", async () => {
    await settled("10:58:00");
    await withPull();
    say(comment, "/retry", "10:10:00");
    await look();
    // The issue and the pull request have one number here, and so one thread.
    expect(await found()).toHaveLength(1);
    expect(scene.world.calls.filter((call) => call === "comments")).toHaveLength(2);
  });
});

it("killed at every crash point and run again, it tells each thing once", async () => {
  for (let nth = 0; ; nth++) {
    await withPull();
    scene.world.pull(number, { state: "closed" });
    scene.world.issue(number, { state: "closed" });
    dieAt(scene, nth);
    const died = await look().then(
      () => false,
      (error: unknown) => error instanceof Killed,
    );
    scene.crash = () => {};
    await look();
    expect((await scene.told(id)).toSorted()).toEqual(["hold_added", "pull_closed"]);
    if (!died) return;
    expect(nth).toBeLessThan(40);
  }
});

it("that cannot be compared says so once, until it can", async () => {
  const letter = {
    claim: { id: "x", retryCount: 0 },
    job: "reconcile",
    data: { deliveryId: id },
    tries: 13,
    error: "no",
  };
  const die = () => deadLetters({ db: database.db, clock: () => now, crash: () => {}, fault: () => {} })(letter);
  await die();
  const since = instant(now);
  expect(await database.jobs.take("publish")).toContainEqual({ deliveryId: id });
  now = new Date(now.getTime() + 60_000);
  await die();
  expect(await database.jobs.take("publish")).toEqual([]);
  expect(await loadMissed(database.db.sql, id, new Date(0))).toMatchObject({ unsettledSince: since });
  await look();
  expect(await loadMissed(database.db.sql, id, new Date(0))).not.toHaveProperty("unsettledSince");
  expect(await database.jobs.take("publish")).toContainEqual({ deliveryId: id });
});
