// Attempts to have something merged that nobody approved, or nobody approves of today: each on a world where all else is true.
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { Digest, RepoId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { err } from "../../src/result.ts";
import type { ShipContent } from "../../src/shipping/content.ts";
import {
  GATES_OF,
  ledgerActions,
  MONA,
  NOW,
  OCTOCAT,
  type Person,
  press,
  saidOf,
  setState,
  shipApprovalRows,
  tamper,
  theOnly,
  voidApproval,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { asked, mergedAndJudged, type ShipWorld, setShip, writeTokens } from "./approved-ship.ts";
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
const notApproved = (world: World, note: string) => refused("not_approved", note, inIssue(world));
const expectMerged = async (world: ShipWorld): Promise<void> =>
  expect((await world.merge()).end).toEqual({ kind: "written" });

describe("what is stored", () => {
  it.each([
    ["digest", { digest: Digest.parse("f".repeat(64)) }],
    ["version", { version: 2 }],
  ])("of another %s than was approved is not merged", async (_, change) => {
    const world = await ship();
    await setShip(world, change);
    const note = "the stored merge is not the one that was approved";
    await expectRefused(world, refused("digest_differs", note, inIssue(world)));
  });

  it("of another delivery is not merged", async () => {
    const [world, other] = [await ship(), await ship()];
    await setShip(world, { digest: other.ship.digest });
    expect((await world.merge()).end).toMatchObject({ kind: "refused", code: "digest_differs" });
    await expectNothing(world);
  });

  it.each([
    ["{merges,0,baseBranch}", "release"],
    ["{merges,0,method}", "merge"],
    ["{merges,0,message,title}", "Another title"],
    ["{merges,0,pullRequest}", 58],
  ])("with another %s is not merged", async (path, value) => {
    const world = await ship();
    const to = sql`jsonb_set(content, ${path}, ${JSON.stringify(value)}::jsonb)`;
    await tamper(world, sql`update ships set content = ${to} where id = ${world.ship.id}`, "ships");
    await expect(world.merge()).rejects.toThrow(`ship ${world.ship.id} does not give its digest`);
    await expectNothing(world);
  });

  it("without the row of a part, or with another one, is not merged", async () => {
    const world = await ship();
    const other = sql`update ship_parts set digest = ${"e".repeat(64)} where ship_id = ${world.ship.id}`;
    await tamper(world, other, "ship_parts");
    await expect(world.merge()).rejects.toThrow(`ship ${world.ship.id} lacks the row of a merge`);
    await tamper(world, sql`delete from ship_parts where ship_id = ${world.ship.id}`, "ship_parts");
    await expect(world.merge()).rejects.toThrow(`ship ${world.ship.id} lacks the row of a merge`);
    await expectNothing(world);
  });

  const merging = (change: Partial<ShipContent["merges"][number]>) => (content: ShipContent) => ({
    ...content,
    merges: content.merges.map((merge) => ({ ...merge, ...change })),
  });
  it("names a pull request of this delivery, in a repository of it", async () => {
    for (const written of [null, undefined]) {
      const other = await ship();
      await setState(other, (state) => ({
        ...state,
        targets: state.targets.flatMap((target) => (written === null ? [{ ...target, written }] : [])),
      }));
      await expectRefused(other, refused("other_target", "#57 is not a pull request of this delivery", inIssue(other)));
    }
    const elsewhere = await ship({ edit: merging({ repoId: RepoId.parse(1) }) });
    const note = "#57 is not a pull request of this delivery";
    await expectRefused(elsewhere, refused("other_target", note, { repoId: 1 }));
  });

  it("names a deployment in a repository of this delivery", async () => {
    const world = await ship({
      environment: "production",
      edit: (content) => ({
        ...content,
        deployments: content.deployments.map((one) => ({ ...one, repoId: RepoId.parse(1) })),
      }),
    });
    await expectRefused(world, refused("other_target", "the repository takes no part in the delivery", { repoId: 1 }));
  });
});

describe("what shows it", () => {
  const CHANGED = "the comment that showed it was changed";

  it("must be there, as we left it", async () => {
    const world = await ship();
    const { ship: subject } = await world.deliveryNow();
    await setShip(world, { shown: null });
    await expectRefused(world, notApproved(world, "nothing shows it"));
    await setShip(world, { shown: subject?.shown ?? null });
    const comments = repoOf(world).comments.get(GATES_OF + world.id) ?? [];
    const gate = comments.at(-1);
    const { body } = gate ?? {};
    Object.assign(gate ?? {}, { body: "Nothing to see" });
    await expectRefused(world, notApproved(world, CHANGED));
    Object.assign(gate ?? {}, { body });
    await expectMerged(world);
  });

  it("is read before a deployment, too", async () => {
    const world = await ship({ environment: "production" });
    await mergedAndJudged(world);
    const gate = (repoOf(world).comments.get(GATES_OF + world.id) ?? []).at(-1);
    Object.assign(gate ?? {}, { body: "Nothing to see" });
    expect((await world.deploy()).end).toEqual(notApproved(world, CHANGED));
    expect(asked(world)).toEqual([]);
  });

  it("that GitHub does not let us read stops it", async () => {
    const world = await ship();
    const answer = { status: 403, body: { message: "Not yours" } };
    world.github.faults.push({ method: "GET", path: /\/issues\/comments\/\d+$/, when: "before", answer, times: 1 });
    await expectRefused(world, refused("thread_unreadable", "GitHub: Not yours", inIssue(world)));
  });
});

describe("an approval", () => {
  const none = (world: World, why: string) => notApproved(world, `0 of 1 approvals count${why}`);
  const comment = (world: World) => {
    const found = saidOf(world).at(-1);
    if (found === undefined) throw new Error("no comment");
    return found;
  };

  it("that the machine does not know of does not count", async () => {
    const world = await ship();
    await setShip(world, { approved: false });
    await expectRefused(world, notApproved(world, "the gate is not open"));
  });

  it("that was voided does not count", async () => {
    const world = await ship();
    await voidApproval(world, theOnly(await shipApprovalRows(world)).id);
    await expectRefused(world, none(world, ""));
  });

  it("of the patch set alone does not count", async () => {
    const world = await ship({ approvers: [] });
    await setShip(world, { approved: true });
    await expectRefused(world, none(world, ""));
  });

  it("that is too old does not count", async () => {
    const world = await ship();
    world.today.endedBefore = instant("2026-11-21T09:00:01Z");
    await expectRefused(world, none(world, "; approval of `octocat`: it is older than approvals may be"));
    world.today.endedBefore = instant("2026-11-21T09:00:00Z");
    await expectMerged(world);
  });

  it("whose comment was edited or deleted does not count", async () => {
    const world = await ship();
    const { body } = comment(world);
    comment(world).body = "/approve it";
    await expectRefused(world, none(world, "; approval of `octocat`: its comment was edited"));
    comment(world).body = body;
    repoOf(world).comments.set(world.issue, []);
    await expectRefused(world, none(world, "; approval of `octocat`: its comment was deleted"));
  });

  it("of somebody who may not deploy any more does not count, whatever else they may", async () => {
    const world = await ship({ approvers: [OCTOCAT] });
    world.today.deploy = { quorum: 1, approvers: new Set([MONA.id]) };
    await expectRefused(world, none(world, "; approval of `octocat`: may not approve any more"));
    world.today.deploy = { quorum: 2, approvers: new Set([OCTOCAT.id]) };
    await expectRefused(world, notApproved(world, "1 of 2 approvals count"));
    world.today.deploy.quorum = 1;
    world.today.quorum = 2;
    await expectMerged(world);
  });

  it("without the code does not count where that is asked for", async () => {
    const world = await ship();
    world.today.codeRequired = true;
    await expectRefused(world, none(world, "; approval of `octocat`: it does not quote the code"));
  });

  it("is asked for in each repository, by the rules of that one", async () => {
    const world = await ship({ repos: 2 });
    const [first, second] = world.repos;
    const deps = world.deps(neverCrash);
    const read: object[] = [];
    const unusable = { in: 0 };
    const rules: typeof deps.rules = (where) => {
      read.push(where);
      return where.repoId === unusable.in ? Promise.resolve(err("line 3 is wrong")) : deps.rules(where);
    };
    for (const repo of [second, first]) {
      unusable.in = repo?.id ?? 0;
      const { end } = await world.merge({ deps: { rules } });
      expect(end).toEqual(refused("rules_unusable", "line 3 is wrong", { repoId: unusable.in }));
    }
    await expectNothing(world);
    unusable.in = 0;
    read.length = 0;
    expect((await world.merge({ deps: { rules } })).end).toEqual({ kind: "written" });
    const asking = (repo: typeof first) => ({ deliveryId: world.id, repoId: repo?.id, installationId: 77 });
    expect(read).toContainEqual(asking(second));
    expect(read[0]).toEqual(asking(first));
  });

  const pressed = async (world: ShipWorld, person: Person, at: Date, key = "check:ship:1") => {
    const { id: subjectId, digest } = world.ship;
    const repoId = world.repos.at(-1)?.id ?? 0;
    await press(world, { kind: "ship", subjectId, digest, key, repoId }, person, at);
  };

  it("by a click counts wherever the button of this version stands, and no other button does", async () => {
    const world = await ship({ repos: 2, approvers: [] });
    await pressed(world, OCTOCAT, NOW, "check:ship:2");
    const why = "; approval of `octocat`: the button that was pressed stood on another check run";
    await expectRefused(world, none(world, why));
    const right = await ship({ repos: 2, approvers: [] });
    await pressed(right, OCTOCAT, NOW);
    await expectMerged(right);
  });

  it("by a click has the code where that is asked for", async () => {
    const world = await ship();
    world.today.codeRequired = true;
    await voidApproval(world, theOnly(await shipApprovalRows(world)).id);
    await pressed(world, OCTOCAT, NOW);
    await expectMerged(world);
  });
});
