// Today's policy and configuration at the merge: what was approved under others is not merged where these would not have it.
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { ledgerActions, setState, tamper, theOnly, type World, writeRows } from "./approved-delivery.ts";
import { asked, mergedAndJudged, type ShipWorld, writeTokens } from "./approved-ship.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

const repoOf = (world: World) => theOnly(world.repos);

/** Not one call that changes anything, no token that could, no row. */
const expectNothing = async (world: ShipWorld): Promise<void> => {
  expect(asked(world)).toEqual([]);
  expect(writeTokens(world)).toEqual([]);
  expect(await writeRows(world)).toEqual([]);
  expect(await ledgerActions(world)).toEqual([]);
};
const expectRefused = async (world: ShipWorld, end: object): Promise<void> => {
  expect((await world.merge()).end).toEqual(end);
  await expectNothing(world);
};
const refused = (code: string, note: string, { repoId }: { repoId: number }) => ({
  kind: "refused",
  code,
  repoId,
  note,
});
const inIssue = ({ repos }: World) => ({ repoId: repos[0]?.id ?? 0 });

describe("today's policy", () => {
  const VIOLATIONS = [
    { rule: "frozen-paths", severity: "warn", path: "README.md", line: null, message: "warned" },
    { rule: "ci-files", severity: "block", path: ".github/x.yml", line: 12, message: "no" },
    { rule: "size", severity: "block", path: null, line: null, message: "too much" },
  ] as const;

  it("that blocks what stands in the pull request stops the merge, and a deployment after it", async () => {
    const world = await ship({ environment: "production" });
    const note = "ci-files .github/x.yml:12: no; size: too much";
    const end = { kind: "policy_now_blocks", repoId: repoOf(world).id, note };
    world.today.violations = [...VIOLATIONS];
    await expectRefused(world, end);
    world.today.violations = VIOLATIONS.slice(0, 1);
    await mergedAndJudged(world);
    world.today.violations = [...VIOLATIONS];
    expect((await world.deploy()).end).toEqual(end);
    expect(asked(world)).toEqual([]);
  });

  it("is asked once of each repository's own patch set, and of none where there is none", async () => {
    const world = await ship({ repos: 2, environment: "production" });
    const deps = world.deps(neverCrash);
    const judged: number[] = [];
    const rules: typeof deps.rules = async (where) => {
      const read = await deps.rules(where);
      const violations = async ({ repoId }: { repoId: number }) => {
        judged.push(repoId);
        return [];
      };
      return read.ok ? { ...read, value: { ...read.value, violations } } : read;
    };
    const [first, second] = world.repos;
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => (target.repoId === first?.id ? { ...target, patchSet: null } : target)),
    }));
    expect((await world.merge({ deps: { rules } })).end).toEqual({ kind: "written" });
    expect(judged).toEqual([second?.id]);
  });

  it("of a patch set that cannot be read stops it", async () => {
    const world = await ship();
    const { patchSet } = theOnly((await world.deliveryNow()).targets);
    await tamper(world, sql`update patches set diff = '+ other' where patch_set_id = ${patchSet?.id}`, "patches");
    const note = "the diff kept at position 0 is not that of the change";
    await expectRefused(world, refused("patch_set_unreadable", note, inIssue(world)));
  });

  it.each([403, 500])("of which GitHub tells nothing (%i) stops it, for good or for now", async (status) => {
    const world = await ship();
    const deps = world.deps(neverCrash);
    const code = status === 403 ? "forbidden" : "server";
    const failing = async () => {
      throw new GitHubError(code, "Not yours", { status });
    };
    const judging: typeof deps.rules = async (where) => {
      const read = await deps.rules(where);
      return read.ok ? { ...read, value: { ...read.value, violations: failing } } : read;
    };
    for (const rules of [failing, judging]) {
      const end = world.merge({ deps: { rules } }).then((outcome) => outcome.end);
      if (status === 500) await expect(end).rejects.toMatchObject({ code });
      else expect(await end).toEqual(refused("rules_unusable", "GitHub: Not yours", inIssue(world)));
    }
    await expectNothing(world);
  });
});
