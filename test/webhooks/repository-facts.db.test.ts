// Pull requests, commits, branches and our own comments: whom an event concerns, and that it tells how things stand now.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveries, provenance, publications } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { type DeliveryId, Digest, PatchSetId, PullNumber, RepoId } from "../../src/ids.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import * as sample from "./samples.ts";
import { crashPointsOf, createScene, dieAt, Killed, type Scene } from "./scene.ts";
import { shaOf } from "./world.ts";

let database: TestDatabase;
let scene: Scene;
let number = 100;
let id: DeliveryId;
let second = 0;
const head = () => shaOf(`written ${number}`);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** What was approved and is on the pull request. */
const written = {
  id: PatchSetId.parse(1),
  version: 1,
  digest: Digest.parse("a".repeat(64)),
  shown: null,
  approvals: [],
  approved: true,
  written: true,
};

const target = (change: Partial<Delivery["targets"][number]> = {}): Delivery["targets"][number] => ({
  repoId: RepoId.parse(sample.REPO),
  role: "primary",
  patchSet: change.written == null ? null : written,
  written: null,
  strayHead: null,
  landed: "no",
  ...change,
});

/** A delivery whose checks are watched, with a pull request of the issue's own number. */
const watched = async (change: Partial<Delivery> = {}) => {
  number++;
  const written = { head: head(), tree: shaOf("tree"), pullRequest: PullNumber.parse(number) };
  const state: Partial<Delivery> = { phase: "verify", runStatus: "running", targets: [target({ written })], ...change };
  id = await scene.admit(number, state, { pull: number, head: head() });
  scene.world.pull(number, { headSha: head() });
  await database.jobs.take("watch");
};
beforeEach(async () => {
  scene = createScene(database);
  scene.world.config = "limits:\n  live_deliveries: 1000\n";
  await watched();
});

const pullEvent = (action: string, change: sample.Json = {}) => {
  const updated_at = new Date(Date.UTC(2026, 10, 21, 12, 0, ++second)).toISOString().replace(".000", "");
  const at = { sha: scene.world.pulls.get(number)?.headSha ?? head(), ref: "countersign/d-1" };
  return sample.pullRequest(action, { number, pull_request: { number, updated_at, head: at }, ...change });
};
const tellPull = (action: string, change: sample.Json = {}) => scene.tell("pull_request", pullEvent(action, change));
const state = async () => {
  const { phase, runStatus, reason } = await scene.delivery(id);
  return [phase, runStatus, reason];
};
/** That the head is as it was is said each time, and changes nothing. */
const news = async () => (await scene.told(id)).filter((type) => type !== "head_restored");
const watches = async () => (await database.jobs.take("watch")).filter(({ deliveryId }) => deliveryId === id);

describe("a pull request", () => {
  it("closed blocks, reopened goes on", async () => {
    scene.world.pull(number, { state: "closed" });
    expect(await tellPull("closed")).toBe(`told D-${id}`);
    expect(await state()).toEqual(["verify", "blocked", "pr_closed"]);
    scene.world.pull(number, { state: "open" });
    await tellPull("reopened");
    expect((await state()).slice(0, 2)).toEqual(["verify", "running"]);
  });

  it("in the wrong order is told as it is", async () => {
    await tellPull("reopened");
    await tellPull("closed");
    expect((await state()).slice(0, 2)).toEqual(["verify", "running"]);
    expect(await news()).toEqual(["pull_reopened", "pull_reopened"]);
  });

  it("replayed under a new GUID is told once", async () => {
    scene.world.pull(number, { state: "closed" });
    const closed = pullEvent("closed");
    await scene.tell("pull_request", closed);
    await scene.tell("pull_request", closed);
    expect(await scene.told(id)).toEqual(["pull_closed"]);
  });

  it("reopened while its closing is being told ends as reopened", async () => {
    scene.world.pull(number, { state: "closed" });
    const guid = await scene.receive("pull_request", pullEvent("closed"));
    scene.crash = (name) => {
      if (name === "intake.before.tell_pull") scene.world.pull(number, { state: "open" });
    };
    await scene.run(guid);
    await scene.settle();
    expect(await news()).toEqual(["pull_closed", "pull_reopened"]);
    expect((await state()).slice(0, 2)).toEqual(["verify", "running"]);
  });

  const verdicts = () =>
    database.db.sql
      .select({ kind: provenance.kind, commit: provenance.commitSha, verdict: provenance.verdict })
      .from(provenance)
      .where(eq(provenance.deliveryId, id))
      .orderBy(provenance.id);

  it("pushed to is judged, put on record before anybody is told, and names who pushed", async () => {
    scene.world.pull(number, { headSha: shaOf("stray") });
    const pushed = pullEvent("synchronize", { sender: sample.octocat });
    await scene.tell("pull_request", pushed);
    await scene.tell("pull_request", pushed);
    expect(await verdicts()).toEqual([{ kind: "head", commit: shaOf("stray"), verdict: "unapproved" }]);
    const { targets } = await scene.delivery(id);
    expect(targets[0]?.strayHead?.madeBy).toEqual([sample.octocat["id"]]);
    const actions = (await scene.chain(`D-${id}`)).map(({ action }) => action);
    expect(actions.indexOf("provenance_judged")).toBeLessThan(actions.indexOf("head_unapproved"));
  });

  it("pushed to and put back before the machine has heard of either goes on", async () => {
    scene.world.pull(number, { headSha: shaOf("stray") });
    await scene.run(await scene.receive("pull_request", pullEvent("synchronize")));
    scene.world.pull(number, { headSha: head() });
    await scene.run(await scene.receive("pull_request", pullEvent("synchronize")));
    await scene.settle();
    expect(await scene.told(id)).toEqual(["head_unapproved", "head_restored"]);
    expect((await state()).slice(0, 2)).toEqual(["verify", "running"]);
  });

  it("outlives its delivery: a later push is judged, and changes no state that is over", async () => {
    await watched({ phase: "close", runStatus: "succeeded" });
    scene.world.pull(number, { headSha: shaOf("later") });
    expect(await tellPull("synchronize")).toBe(`told D-${id}`);
    expect(await verdicts()).toMatchObject([{ verdict: "unapproved" }]);
    expect(await state()).toEqual(["close", "succeeded", null]);
    expect((await scene.delivery(id)).targets[0]?.strayHead).toMatchObject({ head: shaOf("later"), approved: false });
    scene.world.pull(number, { headSha: head() });
    await tellPull("synchronize");
    expect((await scene.delivery(id)).targets[0]?.strayHead).toBeNull();
  });

  it("of a delivery that was canceled is judged too, for nobody to countersign", async () => {
    await watched({ runStatus: "canceled", reason: "by_command" });
    scene.world.pull(number, { headSha: shaOf("later") });
    await tellPull("synchronize");
    expect(await verdicts()).toMatchObject([{ verdict: "unapproved" }]);
    expect((await scene.delivery(id)).targets[0]?.strayHead).toBeNull();
  });

  it("put on another base is judged there", async () => {
    scene.world.pull(number, { baseRef: "release", headSha: shaOf("elsewhere") });
    await tellPull("edited", { changes: { base: { ref: { from: "main" } } } });
    expect(await verdicts()).toMatchObject([{ commit: shaOf("elsewhere") }]);
    expect(await scene.told(id)).toEqual(["pull_retargeted"]);
  });

  it("merged is for the watcher to judge", async () => {
    scene.world.pull(number, { state: "closed", merged: true });
    await tellPull("closed");
    expect(await scene.told(id)).toEqual([]);
    expect(await watches()).toHaveLength(1);
  });

  it("put on another base blocks, put back goes on", async () => {
    const moved = { changes: { base: { ref: { from: "main" } } } };
    scene.world.pull(number, { baseRef: "release" });
    await tellPull("edited", moved);
    expect(await state()).toEqual(["verify", "blocked", "retargeted"]);
    scene.world.pull(number, { baseRef: "main" });
    await tellPull("edited", moved);
    expect((await state()).slice(0, 2)).toEqual(["verify", "running"]);
  });

  it("with a commit that nobody approved blocks, as often as that commit comes", async () => {
    for (let times = 0; times < 2; times++) {
      scene.world.pull(number, { headSha: shaOf("stray") });
      await tellPull("synchronize");
      expect(await state()).toEqual(["verify", "blocked", "unapproved_head"]);
      scene.world.pull(number, { headSha: head() });
      await tellPull("synchronize");
      expect((await state()).slice(0, 2)).toEqual(["verify", "running"]);
    }
  });

  it("pushed to by us is inert", async () => {
    expect(await tellPull("synchronize", { sender: sample.ourBot })).toBe("ignored own");
  });

  const foreign = (action: string, ref: string, sha = "e".repeat(40)) =>
    scene.tell(
      "pull_request",
      sample.pullRequest(action, {
        number: 9999,
        pull_request: { number: 9999, updated_at: "2026-11-21T12:00:00Z", head: { sha, ref } },
      }),
    );

  it("of somebody else costs no request here, and is vouched for by a job where it has a new head", async () => {
    scene.world.calls.length = 0;
    for (const action of ["opened", "synchronize", "reopened"]) {
      expect(await foreign(action, "topic")).toBe("not_ours");
      expect(await database.jobs.take("vouch")).toMatchObject([
        { repoId: sample.REPO, head: "e".repeat(40), as: "pull", defaultBranch: "main" },
      ]);
    }
    await foreign("opened", "countersign/d-7");
    expect(await database.jobs.take("vouch")).toMatchObject([{ as: "imitation", branch: "countersign/d-7" }]);
    expect(await foreign("closed", "topic")).toBe("not_ours");
    expect(await database.jobs.take("vouch")).toEqual([]);
    expect(scene.world.calls).toEqual([]);
  });

  it("in the merge queue is vouched for at the commit that GitHub made", async () => {
    const merge_group = { head_sha: "d".repeat(40), head_ref: "refs/heads/gh-readonly-queue/main/pr-3-x" };
    await scene.tell("merge_group", sample.ofRepository({ action: "checks_requested", merge_group }));
    expect(await database.jobs.take("vouch")).toMatchObject([{ head: "d".repeat(40), as: "queue" }]);
  });

  it("with the same number in another repository concerns nobody", async () => {
    expect(await tellPull("closed", { repository: sample.repository({ id: 70_001 }) })).toBe("not_ours");
  });

  it("that GitHub does not know any more says nothing", async () => {
    scene.world.pulls.delete(number);
    await tellPull("closed");
    expect(await scene.told(id)).toEqual([]);
  });

  it("killed at each point and run again, a closing is told once", async () => {
    const close = async () => {
      scene.world.pull(number, { state: "closed" });
      const guid = await scene.receive("pull_request", pullEvent("closed"));
      return () => scene.run(guid);
    };
    const points = await crashPointsOf(scene, await close());
    expect(points).toBeGreaterThan(5);
    for (let nth = 0; nth < points; nth++) {
      await watched();
      const run = await close();
      dieAt(scene, nth);
      await expect(run()).rejects.toThrow(Killed);
      scene.crash = () => {};
      await run();
      await scene.settle();
      expect(await scene.told(id)).toEqual(["pull_closed"]);
    }
  });
});

describe("checks of a commit", () => {
  const events = (sha: string): readonly (readonly [string, sample.Json])[] => [
    ["check_run", sample.checkRun("completed", { head_sha: sha })],
    ["check_run", sample.checkRun("created", { head_sha: sha })],
    ["check_run", sample.checkRun("rerequested", { head_sha: sha })],
    ["check_suite", sample.ofRepository({ action: "completed", check_suite: { head_sha: sha, app: { id: 1 } } })],
    ["workflow_run", sample.ofRepository({ action: "completed", workflow_run: { head_sha: sha } })],
    ["status", sample.ofRepository({ sha, state: "success" })],
  ];

  it("wake who watches it, whichever event tells, and once for many", async () => {
    for (const [event, payload] of events(head())) {
      expect(await scene.tell(event, payload)).toBe(`woke D-${id}`);
    }
    expect(await watches()).toEqual([{ deliveryId: id, attempt: 1 }]);
  });

  it("wake nobody: another commit, another repository, our own, a delivery that does not watch", async () => {
    const run = (change: sample.Json, around: sample.Json = {}) =>
      scene.tell("check_run", sample.checkRun("completed", change, around));
    expect(await run({ head_sha: shaOf("other") })).toBe("nobody_watches");
    expect(await run({ head_sha: head() }, { repository: sample.repository({ id: 70_001 }) })).toBe("nobody_watches");
    expect(await run({ head_sha: head(), app: { id: sample.SELF.appId } })).toBe("ignored own");
    await database.db.sql.update(deliveries).set({ runStatus: "pending" }).where(eq(deliveries.id, id));
    expect(await run({ head_sha: head() })).toBe("nobody_watches");
    expect(await watches()).toEqual([]);
  });

  it("cost no request", async () => {
    scene.world.calls.length = 0;
    for (const [event, payload] of events(head())) await scene.tell(event, payload);
    expect(scene.world.calls).toEqual([]);
  });
});

describe("a branch", () => {
  const rewritten = (change: sample.Json = {}) =>
    scene.tell("push", sample.push({ forced: true, after: shaOf(`after ${number}`), ...change }));

  it("whose history was replaced is told to those who stand on what is gone, once", async () => {
    scene.world.ancestry = "diverged";
    expect(await rewritten()).toContain(`D-${id}`);
    await rewritten();
    expect(await news()).toEqual(["base_rewritten"]);
  });

  it.each(["ahead", "identical"] as const)("that still holds the base concerns nobody: %s", async (ancestry) => {
    scene.world.ancestry = ancestry;
    expect(await rewritten()).toBe("nobody_stands_on_it");
  });

  it.each(["behind", null] as const)("that does not hold it any more is told: %s", async (ancestry) => {
    scene.world.ancestry = ancestry;
    await rewritten();
    expect(await news()).toEqual(["base_rewritten"]);
  });

  it("that nobody stands on costs nothing, nor does a plain push", async () => {
    scene.world.calls.length = 0;
    expect(await rewritten({ ref: "refs/heads/topic" })).toBe("nobody_stands_on_it");
    expect(await rewritten({ forced: false })).toBe("ignored not_of_interest");
    expect(scene.world.calls).toEqual([]);
  });
});

describe("our own comments", () => {
  const digest = Digest.parse("d".repeat(64));
  const shown = { version: 2, digest, shown: null, approvals: [], approved: false };
  const publish = (key: string, remoteId: number, kind = "comment") =>
    database.db.sql.insert(publications).values({ deliveryId: id, key, kind, repoId: sample.REPO, remoteId });
  const ours = (action: string, commentId: number, change: sample.Json = {}) =>
    sample.commented(
      action,
      { id: commentId, user: sample.ourBot, performed_via_github_app: { id: sample.SELF.appId } },
      change,
    );

  beforeEach(async () => {
    await watched({
      phase: "review",
      runStatus: "succeeded",
      plan: { ...shown, approved: true },
      targets: [target({ patchSet: { ...shown, id: PatchSetId.parse(1), written: false } })],
    });
    for (const [at, key] of [
      "plan:2",
      "patch:acme/shop:2",
      "patch:acme/shop:2:more",
      "patch:acme/shop:1",
      "status",
      "patch:acme/old-name:2",
    ].entries()) {
      await publish(key, number * 100 + at);
    }
  });
  const tampered = async () =>
    (await scene.inboxOf(id)).flatMap(({ recorded }) => {
      const { event } = Object(recorded);
      return event.type === "gate_tampered" ? [event.repoId] : [];
    });

  it.each([
    ["the plan", 0, [null]],
    ["a patch set", 1, [sample.REPO]],
    ["what does not fit into its comment", 2, [sample.REPO]],
    ["a patch set that was replaced", 3, []],
    ["the status, which is no gate", 4, []],
    ["a patch set under an older name of its repository", 5, [sample.REPO]],
    ["something that we did not publish", 9, []],
  ])("%s, edited by somebody else", async (_name, at, told) => {
    const edited = ours("edited", number * 100 + at, { sender: sample.octocat });
    expect(await scene.tell("issue_comment", edited)).toBe(told.length > 0 ? `told D-${id}` : "no_gate");
    await scene.tell("issue_comment", edited);
    expect(await tampered()).toEqual(told);
  });

  it("deleted", async () => {
    await scene.tell("issue_comment", ours("deleted", number * 100 + 1, { sender: sample.octocat }));
    expect(await tampered()).toEqual([sample.REPO]);
    expect((await state()).slice(0, 2)).toEqual(["review", "pending"]);
  });

  it("each edit is a fact of its own", async () => {
    for (const time of ["2026-11-21T13:00:00Z", "2026-11-21T13:00:01Z"]) {
      const user = { user: sample.ourBot, updated_at: time, id: number * 100 + 1 };
      await scene.tell("issue_comment", sample.commented("edited", user, { sender: sample.octocat }));
    }
    expect(await tampered()).toHaveLength(2);
  });

  it("edited by ourselves is how we publish", async () => {
    expect(await scene.tell("issue_comment", ours("edited", number * 100, { sender: sample.ourBot }))).toBe(
      "ignored own",
    );
  });

  it("of a delivery that is over are left alone", async () => {
    await scene.end(id);
    expect(await scene.tell("issue_comment", ours("deleted", number * 100 + 1, { sender: sample.octocat }))).toBe(
      "no_gate",
    );
  });
});
