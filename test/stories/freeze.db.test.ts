// The operator's freeze in the whole app: in the middle of a write, across a restart, and lifted.
import { afterAll, beforeAll, expect, it } from "vitest";
import { sources } from "../../src/db/schema.ts";
import { freeze, lift } from "../../src/freeze/change.ts";
import { InstallationId, RepoId, TraceId } from "../../src/ids.ts";
import { pullOf, toPatches, toPlan } from "../support/on-the-way.ts";
import { quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ impatient: true });
});
afterAll(() => world.close());

const changing = async (what: "repository" | "installation") => {
  const [source] = await world.database.db.sql.select().from(sources);
  const installationId = InstallationId.parse(source?.installationId);
  const frozen =
    what === "repository"
      ? ({ kind: "repository", repoId: RepoId.parse(source?.repoId), installationId } as const)
      : ({ kind: "installation", installationId } as const);
  return { frozen, word: { by: "operator" } as const, at: new Date(), traceId: TraceId.parse("c".repeat(32)) };
};
const put = async (what: "repository" | "installation") => {
  const change = await changing(what);
  return world.database.db.transaction((tx) => freeze(tx, change, "an incident"));
};
const free = async (what: "repository" | "installation") => {
  const change = await changing(what);
  return world.database.db.transaction((tx) => lift(tx, change));
};
const held = (issue: number) => world.until(() => /\*\*On hold\*\*.*frozen/.test(world.status(issue)), "the hold");

it("stops a write between two calls, through a restart, and lets it go on with one of each", async () => {
  const { issue, code } = await toPatches(world);
  const { id } = await rowOf(world, issue);
  const pushing = stopBefore(world, "POST", /\/git\/refs$/);
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  await pushing.reached;
  // The call that is on its way arrives; the next one is never made.
  await put("repository");
  pushing.go();
  await held(issue);
  await quiet(world);
  expect(pullOf(world, id)).toBeUndefined();
  const writes = world.github.contentWrites("countersign").length;
  await world.restart();
  await quiet(world);
  expect(world.github.contentWrites("countersign")).toHaveLength(writes);
  await free("repository");
  await world.until(() => pullOf(world, id), "the pull request");
  await quiet(world);
  expect(world.shop.pulls().filter(({ head }) => head.ref === `countersign/d-${id}`)).toHaveLength(1);
  expect(await stateOf(world, issue)).toBe("verify/running");
});

it("pays for no model while all of an installation is frozen, and asks where it would have when it is lifted", async () => {
  const { issue, code } = await toPlan(world);
  await put("installation");
  await held(issue);
  const asked = world.model.requests.length;
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("confused");
  const late = world.begin();
  await world.until(
    () => world.ours(late).some(({ body }) => /^Not started yet\. The operator has frozen/.test(body)),
    "the word",
  );
  await quiet(world);
  expect(world.model.requests).toHaveLength(asked);
  await free("installation");
  await world.gate(late, /^\*\*Plan ready/);
  await quiet(world);
  expect((await rowOf(world, issue)).holds).toEqual([]);
});
