// What stands on GitHub against a merge: each is told in its own words, and nothing more is done.
import { describe, expect, it } from "vitest";
import { ledgerActions, theOnly, type World, writeRows } from "./approved-delivery.ts";
import {
  asked,
  mergeByHand,
  mergedAndJudged,
  mergedIn,
  type ShipShape,
  type ShipWorld,
  writeTokens,
} from "./approved-ship.ts";
import { answering, type FakeRepo } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

const repoOf = (world: World): FakeRepo => theOnly(world.repos);
const short = (sha: string | undefined) => sha?.slice(0, 7);
const headOf = (world: ShipWorld) => `${world.ship.content.merges[0]?.head}`;
const branchOf = (world: World) => `refs/heads/countersign/d-${world.id}`;
/** Ends so before anything was intended, and without a token that could merge. */
const expectUntouched = async (world: ShipWorld, end: object): Promise<void> => {
  expect((await world.merge()).end).toEqual(end);
  expect(asked(world)).toEqual([]);
  expect(writeTokens(world)).toEqual([]);
  expect(await writeRows(world)).toEqual([]);
  expect(await ledgerActions(world)).toEqual([]);
};

const notMerged = (world: World, note: string, repo: FakeRepo = repoOf(world)) => ({
  kind: "refused",
  code: "merge_refused",
  repoId: repo.id,
  note,
});

describe("before anything is intended, a pull request", () => {
  it("that is gone is not merged", async () => {
    const world = await ship();
    repoOf(world).pulls.length = 0;
    await expectUntouched(world, notMerged(world, "#57 is gone"));
  });

  it("whose head moved is not merged, whether it is open or merged with that", async () => {
    const world = await ship();
    const repo = repoOf(world);
    const other = repo.git.snapshot({ x: "more" }, [headOf(world)], "somebody pushed");
    repo.refs.set(branchOf(world), other);
    const note = `#57 is at ${short(other)}, and ${short(headOf(world))} was approved`;
    await expectUntouched(world, notMerged(world, note));
    mergeByHand(repo);
    await expectUntouched(world, notMerged(world, note));
  });

  it("that is closed is not merged", async () => {
    const world = await ship();
    Object.assign(repoOf(world).pulls[0] ?? {}, { state: "closed" });
    await expectUntouched(world, notMerged(world, "#57 is closed"));
  });

  it("that leads elsewhere is not merged", async () => {
    const world = await ship();
    Object.assign(repoOf(world).pulls[0] ?? {}, { base: "develop" });
    await expectUntouched(world, notMerged(world, "#57 leads to develop, and main was approved"));
  });

  it("that holds another tree is not merged, nor one whose commit GitHub does not show", async () => {
    const edit: ShipShape["edit"] = (content) => {
      const [merge] = content.merges;
      return merge === undefined ? content : { ...content, merges: [{ ...merge, tree: merge.head }] };
    };
    const world = await ship({ edit });
    const note = "#57 holds another tree than the approved one";
    await expectUntouched(world, notMerged(world, note));
    const unseen = await ship();
    unseen.github.faults.push(answering("GET", /\/commits\/[^/]+$/, 404, {}));
    await expectUntouched(unseen, notMerged(unseen, note));
  });

  it("of an archived repository, or one that is gone, is not merged", async () => {
    const world = await ship();
    const no = { kind: "refused", code: "not_writable", repoId: repoOf(world).id };
    repoOf(world).archived = true;
    await expectUntouched(world, { ...no, note: "the repository is archived" });
    repoOf(world).archived = false;
    world.github.faults.push(answering("GET", /^\/repos\/acme\/[^/]+$/, 404, {}));
    await expectUntouched(world, { ...no, note: "the repository is gone, or not ours to see" });
    expect((await world.merge()).end).toEqual({ kind: "written" });
  });

  it.each([
    ["the repository", /^\/repos\/acme\/[^/]+$/],
    ["the pull request", /\/pulls\/57$/],
    ["the commit", /\/commits\/[^/]+$/],
  ])("of which GitHub does not let us read %s is not merged", async (_, path) => {
    const world = await ship();
    world.github.faults.push(answering("GET", path, 403, { message: "Not yours" }));
    const no = { kind: "refused", code: "not_writable", repoId: repoOf(world).id };
    await expectUntouched(world, { ...no, note: "GitHub: Not yours" });
  });

  it("of several that cannot be merged stops all of them", async () => {
    const world = await ship({ repos: 2 });
    const second = world.repos[1];
    Object.assign(second?.pulls[0] ?? {}, { state: "closed" });
    await expectUntouched(world, notMerged(world, "#58 is closed", second));
  });

  it("that was merged is not looked at again: its deployment goes on", async () => {
    const world = await ship({ environment: "production" });
    await mergedAndJudged(world);
    repoOf(world).pulls.length = 0;
    expect((await world.deploy()).end).toEqual({ kind: "written" });
  });
});

describe("at the merge", () => {
  const at = (point: string, what: () => void) => (reached: string) => {
    if (reached === point) what();
  };

  it.each([
    [403, "Resource not accessible by integration"],
    [404, "Not Found"],
    [405, "Merge commits are not allowed on this repository."],
    [409, "Head branch was modified. Review and try the merge again."],
    [422, "Required status check is expected."],
  ])("GitHub's %i is told in its own words, and the pull request is left as it is", async (status, message) => {
    const world = await ship();
    world.github.faults.push(answering("PUT", /\/merge$/, status, { message }));
    const { end, shipped } = await world.merge();
    expect(end).toEqual(notMerged(world, `GitHub refused to merge #57: ${message}`));
    expect(theOnly(shipped).merged).toBeNull();
    expect(asked(world)).toHaveLength(1);
    expect(repoOf(world).pulls[0]?.state).toBe("open");
    expect(await ledgerActions(world)).toEqual(["write_intended"]);
    expect(theOnly(await writeRows(world))).toMatchObject({ commitSha: null, treeSha: null, finishedAt: null });
  });

  it.each([
    [500, { message: "oops" }, "server"],
    [403, { message: "You have exceeded a secondary rate limit" }, "rate_limited"],
    [401, { message: "Bad credentials" }, "unauthorized"],
    [400, { message: "Problems parsing JSON" }, "unexpected_answer"],
    [200, { sha: "a".repeat(40), merged: false }, "unexpected_answer"],
  ])("an answer of %i that tells nothing is thrown on, to be tried again", async (status, body, code) => {
    const world = await ship();
    world.github.faults.push(answering("PUT", /\/merge$/, status, body));
    await expect(world.merge()).rejects.toMatchObject({ code });
    expect(asked(world)).toHaveLength(1);
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect(asked(world)).toHaveLength(2);
  });

  it("a redirect is not followed: it would merge in a repository that nobody approved", async () => {
    const world = await ship();
    const elsewhere = { location: `${world.github.url}/repos/acme/elsewhere/pulls/57/merge` };
    const fault = answering("PUT", /\/merge$/, 307, {});
    world.github.faults.push({ ...fault, answer: { status: 307, headers: elsewhere } });
    await expect(world.merge()).rejects.toMatchObject({
      code: "unexpected_answer",
      message: "GitHub redirected a write: the repository has moved",
    });
    expect(asked(world)).toHaveLength(1);
    expect(repoOf(world).pulls[0]?.state).toBe("open");
  });

  it("a head that moved since is refused by GitHub, which was told the approved one", async () => {
    const world = await ship();
    const repo = repoOf(world);
    const during = at("ship.before.merge", () => {
      repo.refs.set(branchOf(world), repo.git.snapshot({ x: "more" }, [headOf(world)], "pushed"));
    });
    const note = "GitHub refused to merge #57: Head branch was modified. Review and try the merge again.";
    expect((await world.merge({ during })).end).toEqual(notMerged(world, note));
    expect(repo.pulls[0]?.state).toBe("open");
  });

  it.each(["ship.after.intend", "ship.before.merge"])(
    "another head that was merged at %s is told of",
    async (point) => {
      const world = await ship();
      const repo = repoOf(world);
      const during = at(point, () => {
        repo.refs.set(branchOf(world), repo.git.snapshot({ x: "more" }, [headOf(world)], "pushed"));
        mergeByHand(repo);
      });
      expect((await world.merge({ during })).end).toEqual(notMerged(world, "#57 was merged with another head"));
      expect(await ledgerActions(world)).toEqual(["write_intended"]);
    },
  );

  it("a merge of which GitHub does not say what it made is told of", async () => {
    const world = await ship();
    const repo = repoOf(world);
    const during = at("ship.after.intend", () => {
      mergeByHand(repo);
      const head = { sha: headOf(world), ref: "b" };
      const base = { sha: headOf(world), ref: "main" };
      const body = { number: 57, state: "closed", merged: true, merge_commit_sha: null, head, base, user: null };
      world.github.faults.push(answering("GET", /\/pulls\/57$/, 200, { ...body, title: "", html_url: "" }));
    });
    expect((await world.merge({ during })).end).toEqual(notMerged(world, "#57 was merged with another head"));
  });

  it("a pull request that GitHub does not show any more is told of", async () => {
    const world = await ship();
    const during = at("ship.after.intend", () => {
      world.github.faults.push(answering("GET", /\/pulls\/57$/, 404, { message: "Not Found" }));
    });
    const no = { kind: "refused", code: "not_writable", repoId: repoOf(world).id };
    expect((await world.merge({ during })).end).toEqual({ ...no, note: "GitHub: Not Found" });
    expect(asked(world)).toEqual([]);
  });

  it.each([
    ["none", {}, 404],
    ["another", { sha: "c".repeat(40), commit: { message: "", tree: { sha: "c".repeat(40) } }, parents: [] }, 200],
  ])("a commit for which GitHub shows %s is not received", async (_, body, status) => {
    const world = await ship();
    const during = at("ship.after.merge", () => {
      world.github.faults.push(answering("GET", /\/commits\/[^/]+$/, status, body));
    });
    await expect(world.merge({ during })).rejects.toThrow(/^GitHub does not show the merge [0-9a-f]{40}$/);
    expect(await ledgerActions(world)).toEqual(["write_intended"]);
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect((await ledgerActions(world)).at(-1)).toBe("merge_found");
  });

  it("one of several that GitHub refuses stops the rest, and what was merged stays", async () => {
    const world = await ship({ repos: 3 });
    const [first, second, third] = world.repos;
    world.github.faults.push(answering("PUT", /\/pulls\/58\/merge$/, 405, { message: "No" }));
    const { end, shipped } = await world.merge();
    expect(end).toEqual(notMerged(world, "GitHub refused to merge #58: No", second));
    const commit = mergedIn(first);
    const tree = first?.git.commits.get(commit)?.tree;
    expect(shipped.map(({ pull, merged }) => ({ pull, merged }))).toEqual([
      { pull: `acme/${first?.name}#57`, merged: { commit, tree } },
      { pull: `acme/${second?.name}#58`, merged: null },
      { pull: `acme/${third?.name}#59`, merged: null },
    ]);
    expect(third?.pulls[0]?.state).toBe("open");
    expect(asked(world)).toHaveLength(2);
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect(asked(world).filter(({ call }) => call.includes("/57/"))).toHaveLength(1);
  });
});
