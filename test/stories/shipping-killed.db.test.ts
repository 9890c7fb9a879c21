// Killed once at every boundary of the merge and the deployment, a delivery still ends with one of each.
import { afterEach, expect, it } from "vitest";
import type { CrashPoint } from "../../src/crash-points.ts";
import { quiet, rowOf, writesOf } from "../support/reading-back.ts";
import { configure, deployed, toMerge } from "../support/to-merge.ts";
import { expectVerifiedLedger } from "../support/whole-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const BOUNDARIES = [
  "assess.before.look",
  "assess.before.commit",
  "assess.after.commit",
  "ship.before.intend",
  "ship.after.intend",
  "ship.before.merge",
  "ship.after.merge",
  "ship.before.record_merge",
  "ship.after.record_merge",
  "ship.before.keep_verdict",
  "ship.after.keep_verdict",
  "ship.before.deploy",
  "ship.after.deploy",
  "ship.before.record_deployment",
  "ship.after.record_deployment",
  "ship.before.report",
  "ship.after.report",
  "observe.before.look",
  "observe.before.commit",
  "observe.after.commit",
];

/** The tries of a job are counted, so its points are shared out among two deliveries. */
const dieAt = (points: readonly string[]): Readonly<{ crash: CrashPoint; left: Set<string> }> => {
  const left = new Set(points);
  return {
    left,
    crash: (name) => {
      if (left.delete(name)) throw new Error(`died at ${name}`);
    },
  };
};

it.each([0, 1])("leaves one merge and one deployment, round %i", async (round) => {
  const { crash, left } = dieAt(BOUNDARIES.filter((_, index) => index % 2 === round));
  world = await openWorld({ crash, impatient: true });
  configure(world);
  const { shop, github } = world;
  const { issue, code } = await toMerge(world);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await deployed(world);
  await world.until(() => world !== undefined && /It is over/.test(world.status(issue)), "the end");
  await quiet(world);

  expect([...left]).toEqual([]);
  expect(shop.pulls()).toMatchObject([{ merged: true }]);
  const performed = (method: string, path: RegExp) =>
    github.requests.filter((one) => one.app === "countersign" && one.method === method && path.test(one.path));
  expect(performed("PUT", /\/merge$/).filter(({ status }) => status === 200)).toHaveLength(1);
  expect(performed("POST", /\/deployments$/)).toHaveLength(1);
  expect(shop.deployments()).toHaveLength(1);
  const { id } = await rowOf(world, issue);
  const writes = await writesOf(world, id);
  expect(writes.map(({ subjectKind }) => subjectKind)).toEqual(["patchset", "merge", "deployment"]);
  expect(writes.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
  const live = github.tokens.filter(
    ({ permissions, revokedAt }) =>
      revokedAt === null && (permissions["contents"] === "write" || permissions["deployments"] === "write"),
  );
  expect(live).toEqual([]);
  await expectVerifiedLedger(world.database.db.sql);
});
