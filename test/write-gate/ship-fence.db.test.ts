// What stops a merge or a deployment at the last moment: a no that was not heard, a freeze, another wish, a lost approval.
import { describe, expect, it } from "vitest";
import { violationOf } from "../../src/db/errors.ts";
import { controlIssues, sources } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { freeze, lift } from "../../src/freeze/change.ts";
import { DeliveryId, Digest, InstallationId, RepoId, TraceId } from "../../src/ids.ts";
import { openWriteGate } from "../../src/write-gate/index.ts";
import {
  MONA,
  NOW,
  OCTOCAT,
  press,
  say,
  setState,
  shipApprovalRows,
  theOnly,
  voidApproval,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { asked, FIRST_PULL, mergedAndJudged, type ShipShape, type ShipWorld, setShip } from "./approved-ship.ts";
import type { FakeRepo } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

type Work = "merge" | "deploy";
const WORKS = ["merge", "deploy"] as const;

/** About to do this work. */
const about = async (work: Work, shape: ShipShape = {}): Promise<ShipWorld> => {
  const world = await ship({ environment: "production", ...shape });
  if (work === "deploy") await mergedAndJudged(world);
  return world;
};
const firstOf = (world: World): FakeRepo => {
  const [repo] = world.repos;
  if (repo === undefined) throw new Error("no repository");
  return repo;
};

/** The App is on that repository. */
const follow = async ({ db }: World, { id: repoId, owner, name, visibility }: FakeRepo): Promise<void> => {
  const source = { repoId, owner, name, visibility, installationId: 77, active: true, updatedAt: NOW };
  await db.sql.insert(sources).values(source).onConflictDoNothing();
};

describe("a no that was not heard", () => {
  const unheard = (command: string) =>
    `\`mona\` wrote \`/${command}\`, and GitHub has not told Countersign of that comment. If it still stands, post it again; if not, delete it.`;
  const expectOverruled = async (world: ShipWorld, work: Work, repoId: number | undefined, note: string) => {
    const calls = asked(world).length;
    expect((await world[work]()).end).toEqual({ kind: "overruled", repoId, note });
    expect(asked(world)).toHaveLength(calls);
  };

  it.each(WORKS)("in the issue, a pull request or a review stops what is about to %s", async (work) => {
    const world = await about(work, { repos: 2 });
    const [first, second] = world.repos;
    if (first === undefined || second === undefined) throw new Error("two");
    say(first, world.issue, MONA, "/hold");
    await expectOverruled(world, work, first.id, unheard("hold"));
    first.comments.get(world.issue)?.pop();
    say(second, FIRST_PULL + 1, MONA, "/cancel");
    await expectOverruled(world, work, second.id, unheard("cancel"));
    second.comments.delete(FIRST_PULL + 1);
    const submittedAt = "2026-11-21T09:30:00Z";
    first.reviews.set(FIRST_PULL, [{ id: 5, author: MONA, state: "CHANGES_REQUESTED", submittedAt }]);
    const note = `\`mona\` asked for changes in a review of #${FIRST_PULL}, and GitHub has not told Countersign of it. If it still stands, post \`/revise\` with what should change; if not, dismiss the review.`;
    await expectOverruled(world, work, first.id, note);
    first.reviews.clear();
    expect((await world[work]()).end).toEqual({ kind: "written" });
  });

  it("in the control issue of any of its repositories stops it", async () => {
    const world = await about("merge", { repos: 2 });
    const second = world.repos[1];
    if (second === undefined) throw new Error("two");
    await follow(world, second);
    await world.db.sql
      .insert(controlIssues)
      .values({ repoId: second.id, wanted: "on", issueNumber: 9_000, issueId: second.id, createdAt: NOW });
    say(second, 9_000, MONA, "/freeze");
    await expectOverruled(world, "merge", second.id, unheard("freeze"));
  });

  it.each([[["2026-11-21T09:00:00Z", "2026-11-21T09:20:00Z"]], [["2026-11-21T09:20:00Z", "2026-11-21T09:00:00Z"]]])(
    "counts from the earliest approval on: %s",
    async (given) => {
      const world = await ship({ approvers: [OCTOCAT, MONA], given });
      say(firstOf(world), world.issue, MONA, "/hold", "2026-11-21T08:59:59Z");
      const note = unheard("reject");
      say(firstOf(world), world.issue, MONA, "/reject", "2026-11-21T09:10:00Z");
      await expectOverruled(world, "merge", firstOf(world).id, note);
      firstOf(world).comments.get(world.issue)?.pop();
      expect((await world.merge()).end).toEqual({ kind: "written" });
    },
  );

  it("counts from when it was shown, where a click approved it", async () => {
    const world = await ship({ approvers: [] });
    const { id: subjectId, digest } = world.ship;
    const on = { kind: "ship", subjectId, digest, key: "check:ship:1", repoId: firstOf(world).id } as const;
    await press(world, on, OCTOCAT, NOW);
    say(firstOf(world), world.issue, MONA, "/reject", "2026-11-21T08:59:00Z");
    await expectOverruled(world, "merge", firstOf(world).id, unheard("reject"));
  });

  it("that GitHub does not let us read stops it", async () => {
    const world = await about("merge");
    const answer = { status: 403, body: { message: "Not yours" } };
    world.github.faults.push({ method: "GET", path: /\/issues\/\d+\/comments$/, when: "before", answer, times: 1 });
    const repoId = firstOf(world).id;
    const end = { kind: "refused", code: "thread_unreadable", repoId, note: "GitHub: Not yours" };
    expect((await world.merge()).end).toEqual(end);
    expect(asked(world)).toEqual([]);
  });
});

const changing = ({ id }: World, repo: FakeRepo) => {
  const installationId = InstallationId.parse(77);
  const frozen = { kind: "repository", repoId: RepoId.parse(repo.id), installationId } as const;
  return { frozen, word: { by: "operator" } as const, at: NOW, traceId: TraceId.parse(`${id}`.padStart(32, "0")) };
};
const put = async (world: World, repo = firstOf(world)): Promise<void> => {
  await follow(world, repo);
  await world.db.transaction((tx) => freeze(tx, changing(world, repo), null));
};
const free = (world: World, repo = firstOf(world)) => world.db.transaction((tx) => lift(tx, changing(world, repo)));
const FROZEN = { kind: "not_wanted", why: "frozen" } as const;

describe("a freeze", () => {
  it.each(WORKS)("that was put before lets nothing be made to %s, until it is lifted", async (work) => {
    const world = await about(work, { repos: 2 });
    const calls = asked(world).length;
    await put(world, world.repos[1]);
    expect(await world[work]()).toEqual({ end: FROZEN, shipped: [] });
    expect(asked(world)).toHaveLength(calls);
    await free(world, world.repos[1]);
    expect((await world[work]()).end).toEqual({ kind: "written" });
  });

  it.each([
    ["merge", "ship.before.intend"],
    ["merge", "ship.after.intend"],
    ["merge", "write.after.mint"],
    ["merge", "ship.before.merge"],
    ["deploy", "write.before.mint"],
    ["deploy", "ship.before.deploy"],
  ] as const)("put during a %s at %s stops before the next call", async (work, at) => {
    const world = await about(work);
    let done = false;
    const during = async (point: string) => {
      if (point !== at || done) return;
      done = true;
      await put(world);
    };
    const end = await world[work]({ during }).then(
      (outcome) => outcome.end,
      // The intent itself: the database refused the row.
      (error: unknown) => violationOf(error)?.code,
    );
    expect(end).toEqual(at === "ship.before.intend" ? "23001" : FROZEN);
    expect(asked(world)).toEqual([]);
    await free(world);
    expect((await world[work]()).end).toEqual({ kind: "written" });
  });

  it("put between two repositories keeps what was merged, and lets the rest be made later", async () => {
    const world = await about("merge", { repos: 2 });
    let merges = 0;
    const during = async (point: string) => {
      if (point !== "ship.before.merge") return;
      merges += 1;
      if (merges === 2) await put(world);
    };
    const { end, shipped } = await world.merge({ during });
    expect(end).toEqual(FROZEN);
    expect(shipped.map(({ merged }) => merged !== null)).toEqual([true, false]);
    expect(asked(world)).toHaveLength(1);
    await free(world);
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect(asked(world)).toHaveLength(2);
  });
});

const other = Digest.parse("f".repeat(64));
const states: [why: string, change: (delivery: Delivery) => Delivery][] = [
  ["canceled", (state) => ({ ...state, runStatus: "canceled", reason: "by_command" })],
  ["other_attempt", (state) => ({ ...state, attempt: state.attempt + 1 })],
  ["held", (state) => ({ ...state, holds: ["hold"] })],
  ["other_work", (state) => ({ ...state, phase: "deploy" })],
  ["other_work", (state) => ({ ...state, runStatus: "running" })],
  ["other_work", (state) => ({ ...state, ship: null })],
  ["other_work", (state) => ({ ...state, ship: state.ship && { ...state.ship, shipped: true } })],
];

describe("another wish", () => {
  it.each(states)("(%s) that was there before ends it quietly", async (why, change) => {
    const world = await about("merge");
    await setState(world, change);
    expect(await world.merge()).toEqual({ end: { kind: "not_wanted", why }, shipped: [] });
    expect(await world.deploy()).toEqual({ end: { kind: "not_wanted", why }, shipped: [] });
    expect(world.github.requests).toEqual([]);
  });

  it("for a delivery that is not there ends it quietly", async () => {
    const world = await about("merge");
    const gate = openWriteGate(world.deps(() => {}));
    const gone = { end: { kind: "not_wanted", why: "gone" }, shipped: [] };
    expect(await gate.merge(DeliveryId.parse(2_000_000_000), 1)).toEqual(gone);
  });

  const during: typeof states = [
    ...states,
    ["superseded", (state) => ({ ...state, ship: state.ship && { ...state.ship, digest: other } })],
  ];
  it.each(during)("(%s) that comes in between is asked for before each call", async (why, change) => {
    for (const work of WORKS) {
      const world = await about(work);
      const point = work === "merge" ? "ship.before.merge" : "ship.before.deploy";
      const at = async (reached: string) => {
        if (reached === point) await setState(world, change);
      };
      const { end, shipped } = await world[work]({ during: at });
      expect(end).toEqual({ kind: "not_wanted", why });
      expect(theOnly(shipped).deploymentId).toBeNull();
      expect(asked(world)).toEqual([]);
    }
  });
});

describe("an approval that is lost in between", () => {
  const LOST = (world: World) => ({
    kind: "refused",
    code: "not_approved",
    repoId: firstOf(world).id,
    note: "an approval was voided during the merge",
  });

  it.each([0, 1])("stops the next call, whichever of them it is: %i", async (index) => {
    for (const work of WORKS) {
      const world = await about(work, { approvers: [OCTOCAT, MONA] });
      const row = (await shipApprovalRows(world))[index];
      const during = async (point: string) => {
        if (/^ship\.before\.(merge|deploy)$/.test(point)) await voidApproval(world, row?.id ?? 0);
      };
      expect((await world[work]({ during })).end).toEqual(LOST(world));
      expect(asked(world)).toEqual([]);
    }
  });

  it("by the machine's word stops it as well", async () => {
    const world = await about("merge");
    const during = async (point: string) => {
      if (point === "ship.before.merge") await setShip(world, { approved: false });
    };
    expect((await world.merge({ during })).end).toEqual(LOST(world));
    expect(asked(world)).toEqual([]);
    expect((await writeRows(world)).map(({ commitSha }) => commitSha)).toEqual([null, null]);
  });
});
