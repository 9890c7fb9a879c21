// What people are told stands in each repository after a write, however that ended.
import { describe, expect, it } from "vitest";
import { PullNumber, RepoId, Sha } from "../../src/ids.ts";
import { leftStanding } from "../../src/write-gate/left-standing.ts";
import { loadBase } from "../../src/write-gate/write-case.ts";
import { hold, MONA, setState, type World } from "./approved-delivery.ts";
import type { FakeRepo } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { test, delivery } = openWorlds();

const line = (repo: FakeRepo | undefined, pushed: boolean, pullRequest: number | null) => ({
  repoId: repo?.id,
  name: `acme/${repo?.name}`,
  pushed,
  pullRequest,
});

const WRITTEN = {
  head: Sha.parse("a".repeat(40)),
  tree: Sha.parse("b".repeat(40)),
  pullRequest: PullNumber.parse(61),
};
const standingIn = async (world: World) => {
  const base = await loadBase(test.db.sql, world.id, world.attempt, "write");
  if (typeof base === "string") throw new Error(base);
  return leftStanding(test.db, base);
};

describe("what stands", () => {
  it("after a write is the branch and the pull request of each, in the declared order", async () => {
    const world = await delivery({ repos: 2 });
    const [first, second] = world.repos;
    expect((await world.write()).standing).toEqual([line(first, true, 50), line(second, true, 50)]);
  });

  it("after a refusal before the first call is nothing of any", async () => {
    const world = await delivery({ repos: 2 });
    const [first, second] = world.repos;
    Object.assign(second ?? {}, { archived: true });
    const { end, finished, standing } = await world.write();
    expect(end).toMatchObject({ kind: "refused", code: "not_writable" });
    expect(finished).toEqual([]);
    expect(standing).toEqual([line(first, false, null), line(second, false, null)]);
  });

  it("after a refusal of a commit is nothing, though it was intended", async () => {
    const world = await delivery();
    const [repo] = world.repos;
    if (repo === undefined) throw new Error("one");
    repo.rules = [{ type: "required_signatures" }];
    repo.signs = false;
    const { end, standing } = await world.write();
    expect(end).toMatchObject({ kind: "refused", code: "unsigned" });
    expect(standing).toEqual([line(repo, false, null)]);
  });

  it("after a refusal of a pull request is the branch, and the pull request of another", async () => {
    const world = await delivery({ repos: 2 });
    const [first, second] = world.repos;
    const head = `countersign/d-${world.id}`;
    let branches = 0;
    const during = (point: string) => {
      if (point === "write.after.record_branch") branches += 1;
      if (point !== "write.after.record_branch" || branches < 2) return;
      second?.pulls.push({ number: 7, state: "open", head, base: "main", title: "mine", body: "", author: MONA });
    };
    const { end, finished, standing } = await world.write({ during });
    expect(end).toMatchObject({ kind: "refused", code: "pull_taken", repoId: second?.id });
    expect(finished.map(({ repoId }) => repoId)).toEqual([first?.id]);
    expect(standing).toEqual([line(first, true, 50), line(second, true, null)]);
  });

  it("is not told of a write that nobody wants", async () => {
    const world = await delivery();
    await hold(world, ["hold"]);
    expect(await world.write()).toEqual({ end: { kind: "not_wanted", why: "held" }, finished: [], standing: [] });
  });

  it("of earlier writes is told by the state, and of a repository without anything nothing", async () => {
    const world = await delivery({ repos: 4 });
    const [first, second, third, fourth] = world.repos;
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => {
        const { repoId, patchSet } = target;
        if (repoId === first?.id) return { ...target, patchSet: null, written: WRITTEN };
        if (repoId === second?.id) return { ...target, patchSet: null };
        if (repoId !== third?.id) return { ...target, written: WRITTEN };
        return { ...target, patchSet: patchSet && { ...patchSet, written: true }, written: WRITTEN };
      }),
    }));
    const stands = [line(first, true, 61), line(third, true, 61)];
    // The fourth is to be written anew: what stands of that is told by its receipts.
    expect(await standingIn(world)).toEqual([...stands, line(fourth, false, null)]);
  });

  it("of one that was written and of which no pull request is known is nothing", async () => {
    const world = await delivery({ repos: 2 });
    const [first, second] = world.repos;
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) =>
        target.repoId === first?.id
          ? { ...target, patchSet: target.patchSet && { ...target.patchSet, written: true } }
          : target,
      ),
    }));
    expect(await standingIn(world)).toEqual([line(first, false, null), line(second, false, null)]);
  });

  it("in a repository that takes no part is not told", async () => {
    const world = await delivery();
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.flatMap((target) => [
        target,
        { ...target, repoId: RepoId.parse(1), role: "secondary" as const, patchSet: null, written: WRITTEN },
      ]),
    }));
    expect(await standingIn(world)).toEqual([line(world.repos[0], false, null)]);
  });
});
