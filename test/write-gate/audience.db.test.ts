// Rule 13 at the write: words that were chosen for those who saw a repository then are not written where more people see it now.
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { GitHubError } from "../../src/github/errors.ts";
import { PatchSetId, RepoId } from "../../src/ids.ts";
import { checkAudience, visibilitiesNow } from "../../src/write-gate/audience.ts";
import { ledgerActions, tamper, type World, writeRows } from "./approved-delivery.ts";
import { answering, type FakeRepo } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { test, delivery } = openWorlds();

/** Two repositories, and who saw them when the words were chosen. */
const seenBy = async (then: readonly FakeRepo["visibility"][] | null): Promise<World> => {
  const world = await delivery({ repos: 2 });
  const seen = Object.fromEntries(world.repos.map(({ id }, index) => [id, then?.[index]]));
  const json = JSON.stringify(then === null ? {} : seen);
  const statement = sql`update patch_sets set visibilities = ${json}::jsonb where delivery_id = ${world.id}`;
  await tamper(world, statement, "patch_sets");
  return world;
};

const now = (world: World, ...visibilities: FakeRepo["visibility"][]): void => {
  for (const [index, visibility] of visibilities.entries()) Object.assign(world.repos[index] ?? {}, { visibility });
};

const outgrown = ({ repos }: World, index: number) => ({
  kind: "approval_void",
  of: "patchset",
  repoId: repos[index]?.id,
  note: `acme/${repos[index]?.name} is seen by more people now than when the patches were made, and what they say may not be for all of them; /revise makes them anew`,
});

describe("the words of a patch set", () => {
  it.each([0, 1])("of repository %i are not written where it alone became public, or internal", async (index) => {
    for (const visibility of ["public", "internal"] as const) {
      const world = await seenBy(["private", "private"]);
      Object.assign(world.repos[index] ?? {}, { visibility });
      expect((await world.write()).end).toEqual(outgrown(world, index));
      expect(world.github.writes).toEqual([]);
      expect(await writeRows(world)).toEqual([]);
      expect(await ledgerActions(world)).toEqual([]);
    }
  });

  it("are written where nothing changed, all became so, or it was so already", async () => {
    const same = await seenBy(["private", "private"]);
    expect((await same.write()).end).toEqual({ kind: "written" });
    const all = await seenBy(["private", "private"]);
    now(all, "public", "public");
    expect((await all.write()).end).toEqual({ kind: "written" });
    const already = await seenBy(["public", "private"]);
    now(already, "public", "private");
    expect((await already.write()).end).toEqual({ kind: "written" });
  });

  it("are written where it was not kept who saw them", async () => {
    const world = await seenBy(null);
    now(world, "public", "private");
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it.each([
    [404, { message: "Not Found" }],
    [403, { message: "Not yours" }],
  ])("are not held back by a repository that answers %i: that is for the look at it to tell", async (status, body) => {
    const world = await seenBy(["private", "private"]);
    now(world, "private", "public");
    const path = new RegExp(`^/repos/acme/${world.repos[1]?.name}$`);
    world.github.faults.push(answering("GET", path, status, body));
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("wait where GitHub cannot tell who sees a repository", async () => {
    const world = await seenBy(["private", "private"]);
    const path = new RegExp(`^/repos/acme/${world.repos[1]?.name}$`);
    world.github.faults.push(answering("GET", path, 500, { message: "oops" }));
    await expect(world.write()).rejects.toMatchObject({ code: "server" });
    expect(world.github.writes).toEqual([]);
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("of no row were chosen for nobody in particular", async () => {
    const target = { repoId: RepoId.parse(1), name: "acme/x", patchSetId: PatchSetId.parse(2_000_000_000) };
    const all = new Map([
      [RepoId.parse(1), "public"],
      [RepoId.parse(2), "private"],
    ] as const);
    await expect(checkAudience(test.db.sql, target, all)).resolves.toBeUndefined();
  });
});

describe("who sees a repository now", () => {
  const facts = (visibility: FakeRepo["visibility"]) => ({
    id: RepoId.parse(1),
    owner: "acme",
    name: "x",
    defaultBranch: "main",
    visibility,
    archived: false,
    hasIssues: true,
  });

  it("is asked of each, and one that we are shown no longer is left out", async () => {
    const world = await delivery({ repos: 2 });
    now(world, "internal", "public");
    const [first, second] = world.repos.map(({ id }) => RepoId.parse(id));
    if (first === undefined || second === undefined) throw new Error("two");
    const gone = RepoId.parse(3);
    const seen = await visibilitiesNow([second, gone, first], async (repoId) => ({
      repository: async () => (repoId === gone ? null : facts(repoId === first ? "internal" : "public")),
    }));
    expect([...seen]).toEqual([
      [second, "public"],
      [first, "internal"],
    ]);
  });

  it("is not guessed after an error that is not GitHub's last word", async () => {
    const read = (error: Error) =>
      visibilitiesNow([RepoId.parse(1)], async () => {
        throw error;
      });
    await expect(read(new Error("the database is gone"))).rejects.toThrow("the database is gone");
    await expect(read(new GitHubError("timeout", "slow"))).rejects.toThrow("slow");
    expect(await read(new GitHubError("forbidden", "no"))).toEqual(new Map());
  });
});
