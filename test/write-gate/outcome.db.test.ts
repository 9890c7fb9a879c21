// One use of the WriteGate from outside: the places where it may die in their order, its turns, and what it tells of the end.
import { describe, expect, it } from "vitest";
import { contentPace } from "../../src/db/schema.ts";
import { openWriteGate } from "../../src/write-gate/index.ts";
import { openWriteClient } from "../../src/write-gate/write-client.ts";
import { hold, NOW, theOnly, type World, writeRows } from "./approved-delivery.ts";
import { permitOf } from "./permits.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

const around = (name: string) => [`write.before.${name}`, `write.after.${name}`];
const CALLS = ["create_commit", "record_commit", "create_branch", "record_branch", "open_pull", "record_pull"];
const POINTS = ["intend", "mint", "create_blob", "create_blob", "create_tree", "record_tree", ...CALLS].flatMap(around);

const finishedOf = async (world: World) =>
  (await writeRows(world)).map(({ repoId, commitSha, treeSha, pullNumber }) => ({
    repoId,
    head: commitSha,
    tree: treeSha,
    pullRequest: pullNumber,
  }));

describe("a write", () => {
  it("may die before and after each thing that it does, in this order", async () => {
    const world = await delivery();
    await world.write();
    expect(world.crashes).toEqual(POINTS);
  });

  it("takes a turn for what GitHub counts, between saying so and asking whether it is still wanted", async () => {
    const world = await delivery();
    await world.db.sql.delete(contentPace);
    const points: string[] = [];
    const deps = world.deps((point) => void points.push(point));
    const gate = openWriteGate({ ...deps, connection: { ...deps.connection, pace: "github" } });
    expect((await gate.write(world.id, world.attempt)).end).toEqual({ kind: "written" });
    const counted = new Set(["write.before.create_commit", "write.before.create_branch", "write.before.open_pull"]);
    expect(points).toEqual(POINTS.flatMap((point) => (counted.has(point) ? [point, "write.before.slot"] : [point])));
  });
});

describe("the end of a write", () => {
  it("that is not wanted tells of nothing else", async () => {
    const world = await delivery();
    await hold(world, ["hold"]);
    expect(await world.write()).toEqual({ end: { kind: "not_wanted", why: "held" }, finished: [], standing: [] });
  });

  it("tells of each repository what is finished, and once more what was finished before", async () => {
    const world = await delivery({ repos: 2 });
    let opened = 0;
    const during = async (point: string) => {
      if (point !== "write.before.open_pull") return;
      opened += 1;
      if (opened === 2) await hold(world, ["hold"]);
    };
    const stopped = await world.write({ during });
    const [first, second] = await finishedOf(world);
    expect(second?.pullRequest).toBeNull();
    expect(stopped.end).toEqual({ kind: "not_wanted", why: "held" });
    expect(stopped.finished).toEqual([first]);

    await hold(world, []);
    const requests = world.github.writes.length;
    const { end, finished } = await world.write();
    expect(end).toEqual({ kind: "written" });
    expect(finished).toEqual(await finishedOf(world));
    expect(finished.map(({ pullRequest }) => pullRequest)).toEqual([50, 50]);
    expect(world.github.writes.slice(requests).map(({ path }) => path)).toEqual([
      `/repos/acme/${world.repos[1]?.name}/pulls`,
    ]);
  });

  it("tells of nothing finished where nothing was begun", async () => {
    const world = await delivery();
    world.today.unusable = "line 3 is none";
    expect((await world.write()).finished).toEqual([]);
  });
});

describe("the client", () => {
  it("sends the text of a change, and has none for what is deleted or not there", async () => {
    const world = await delivery();
    const { permit, row } = await permitOf(world);
    const deps = { ...world.deps(() => {}), stillWanted: async () => {}, slot: async () => {} };
    const { installationId, repoId } = permit.facts;
    const repos = [{ id: repoId, owner: "acme", name: theOnly(world.repos).name }];
    const token = { value: "t", installation: installationId, expiresAt: NOW, repos };
    const client = openWriteClient(deps, permit, row, token, undefined);
    expect(permit.facts.content.changes.map(({ after }) => after === null)).toEqual([false, false, true]);
    expect(() => client.createBlob(2)).toThrow(/^change 2 has no text to send$/);
    expect(() => client.createBlob(3)).toThrow(/^change 3 has no text to send$/);
    expect(world.github.writes).toEqual([]);
  });

  it("opens no pull request where GitHub lists only some: one of ours may be among the others", async () => {
    const world = await delivery();
    const headers = { link: '<https://github.test/pulls?page=2>; rel="next"' };
    const fault = { path: /\/pulls$/, method: "GET", when: "before" } as const;
    world.github.faults.push({ ...fault, answer: { status: 200, body: [], headers }, times: 1_000 });
    await expect(world.write()).rejects.toMatchObject({
      name: "GitHubError",
      code: "unexpected_answer",
      message: "GitHub listed only some of the pull requests",
    });
    expect(theOnly(world.repos).pulls).toEqual([]);
    world.github.faults.length = 0;
    expect((await world.write()).end).toEqual({ kind: "written" });
  });
});
