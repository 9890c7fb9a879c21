// The write job: what the WriteGate came to reaches the machine, once, whenever the job dies.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { loadDelivery } from "../../src/delivery/store.ts";
import { type WriteJobDeps, writeJob } from "../../src/jobs/write.ts";
import { openWriteGate } from "../../src/write-gate/index.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  approvedDelivery,
  hold,
  inboxEvents,
  MONA,
  NOW,
  say,
  setState,
  theOnly,
  type World,
} from "../write-gate/approved-delivery.ts";

let test: TestDatabase;
const worlds: World[] = [];
beforeAll(async () => {
  test = await testDatabase();
});
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    expect(world.github.liveWriteTokens).toEqual([]);
    await world.github.close();
  }
});
afterAll(() => test.close());

const delivery = async (repos = 1): Promise<World> => {
  const world = await approvedDelivery(test.db, { repos });
  worlds.push(world);
  return world;
};

const run = (world: World, options: { tries?: number; attempt?: number; crash?: WriteJobDeps["crash"] } = {}) => {
  const crash = options.crash ?? (() => {});
  const gate = openWriteGate(world.deps(crash));
  return writeJob({ gate, db: test.db, clock: () => NOW, crash })(
    { deliveryId: world.id, attempt: options.attempt ?? world.attempt },
    { tries: options.tries ?? 1, lastTry: false, signal: new AbortController().signal },
  );
};

const told = async (world: World) =>
  (await inboxEvents(world)).map(({ recorded, key }) => ({ ...Object(recorded).event, key }));

describe("the write job", () => {
  it("reports what was written", async () => {
    const world = await delivery();
    await run(world);
    const repo = theOnly(world.repos);
    expect(await told(world)).toEqual([
      {
        type: "written",
        attempt: world.attempt,
        repos: [
          expect.objectContaining({
            repoId: repo.id,
            pullRequest: 50,
            head: repo.refs.get(`refs/heads/countersign/d-${world.id}`),
          }),
        ],
        key: `work:write:${world.attempt}:written:${repo.id}`,
      },
    ]);
    expect(await test.jobs.take("advance")).toContainEqual({ deliveryId: world.id });
  });

  it.each(["write.before.report", "write.after.report"])("that dies at %s reports once", async (point) => {
    const world = await delivery();
    let died = false;
    const crash = (at: string) => {
      if (at !== point || died) return;
      died = true;
      throw new Error("crash");
    };
    await expect(run(world, { crash })).rejects.toThrow("crash");
    await run(world, { crash });
    expect((await told(world)).map(({ type }) => type)).toEqual(["written"]);
  });

  it("of several repositories says where it stopped, and what stands in each", async () => {
    const world = await delivery(2);
    const [first, second] = world.repos;
    if (first === undefined || second === undefined) throw new Error("there are not two repositories");
    const theirs = second.git.commit(second.git.tree(new Map()), [], "theirs");
    second.refs.set(`refs/heads/countersign/d-${world.id}`, theirs);
    await run(world);
    const [refusal, ...others] = await told(world);
    expect(others).toEqual([]);
    expect(refusal).toMatchObject({ type: "write_refused", attempt: world.attempt });
    const [one, two] = [first, second].map(({ owner, name }) => `${owner}/${name}`);
    expect(refusal.note).toBe(
      `branch_taken: in ${two}: the branch countersign/d-${world.id} stands at ${theirs.slice(0, 7)}, which is not ours. Opened: none. Not opened: ${one}, ${two}.`,
    );
  });

  it("ends quietly when it is not wanted", async () => {
    const world = await delivery();
    await run(world, { attempt: world.attempt - 1 });
    await hold(world, ["freeze"]);
    await run(world);
    expect(await told(world)).toEqual([]);
    expect(world.github.requests).toEqual([]);
  });

  it("reports refusals, void approvals, rewritten bases and today's policy as what they are", async () => {
    const refused = await delivery();
    theOnly(refused.repos).archived = true;
    await run(refused);
    expect(await told(refused)).toMatchObject([
      { type: "write_refused", note: "not_writable: the repository is archived" },
    ]);

    const voided = await delivery();
    voided.today.quorum = 3;
    await run(voided);
    expect(await told(voided)).toMatchObject([
      { type: "approval_void", repoId: theOnly(voided.repos).id, of: "patchset", note: "1 of 3 approvals count" },
    ]);

    const rewritten = await delivery();
    const repo = theOnly(rewritten.repos);
    repo.refs.set("refs/heads/main", repo.git.snapshot({ x: "x" }, [], "x"));
    await run(rewritten);
    expect(await told(rewritten)).toMatchObject([{ type: "base_rewritten", repoId: repo.id }]);

    const blocked = await delivery();
    blocked.today.violations = Array.from({ length: 200 }, (_, line) => ({
      rule: "secrets",
      severity: "block",
      path: "src/a-rather-long-path.ts",
      line: line + 1,
      message: "a credential",
    }));
    await run(blocked);
    const [event] = await told(blocked);
    expect(event).toMatchObject({ type: "policy_now_blocks" });
    expect(event?.note).toHaveLength(2_000);
  });

  it("reports what was finished beside what was not", async () => {
    const world = await delivery(2);
    const [first, second] = world.repos;
    const branch = `countersign/d-${world.id}`;
    await expect(
      run(world, {
        crash: (at) => {
          if (at === "write.after.record_pull") throw new Error("crash");
        },
      }),
    ).rejects.toThrow("crash");
    second?.refs.set(`refs/heads/${branch}`, second.git.snapshot({ x: "x" }, [], "theirs"));
    await run(world);
    expect(await told(world)).toMatchObject([
      { type: "written", repos: [{ repoId: first?.id }] },
      { type: "write_refused", note: expect.stringContaining("branch_taken") },
    ]);
  });

  it("waits a little for the webhook of a command that it saw, then says so", async () => {
    const world = await delivery();
    say(theOnly(world.repos), world.issue, MONA, "/cancel");
    for (const tries of [1, 2, 3]) await expect(run(world, { tries })).rejects.toThrow(/waiting for the webhook/);
    expect(await told(world)).toEqual([]);
    await run(world, { tries: 4 });
    expect(await told(world)).toMatchObject([{ type: "write_refused", note: expect.stringContaining("/cancel") }]);

    const canceled = await delivery();
    say(theOnly(canceled.repos), canceled.issue, MONA, "/cancel");
    await expect(run(canceled)).rejects.toThrow(/waiting/);
    await setState(canceled, (state) => ({ ...state, runStatus: "canceled", reason: "by_command" }));
    await run(canceled, { tries: 2 });
    expect(await told(canceled)).toEqual([]);
  });

  it("throws what may pass, so that the queue tries again when GitHub said", async () => {
    const world = await delivery();
    world.github.faults.push({
      method: "POST",
      path: /\/git\/trees$/,
      when: "before",
      answer: { status: 429, headers: { "retry-after": "42" } },
      times: 1,
    });
    await expect(run(world)).rejects.toMatchObject({ code: "rate_limited", retryAfter: 42 });
    await run(world, { tries: 2 });
    expect((await told(world)).map(({ type }) => type)).toEqual(["written"]);
    expect((await loadDelivery(test.db, world.id))?.delivery.runStatus).toBe("pending");
  });
});
