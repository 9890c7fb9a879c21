// What approvers say in a control issue, in whatever order GitHub tells of it: what stands in the rows, and what is frozen then.
import { asc } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { handleControl } from "../../src/control/handle.ts";
import { commands, controlIssues } from "../../src/db/schema.ts";
import { standingOver } from "../../src/freeze/standing.ts";
import { InstallationId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { depsOf, OCTOCAT, post, World } from "../commands/world.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { INSTALLATION, REPO, START, storeSource } from "../support/stored-delivery.ts";

let database: TestDatabase;
let world: World;
const ISSUE = 101;
beforeEach(async () => {
  database = await testDatabase();
  world = new World(ISSUE);
  await storeSource(database.db);
  const there = { repoId: REPO, wanted: "on", issueNumber: ISSUE, issueId: 1, createdAt: START } as const;
  await database.db.transaction(({ sql }) => sql.insert(controlIssues).values(there));
});
afterEach(() => database.close());

const at = (time: string) => ({ createdAt: instant(`2026-11-21T${time}Z`) });
const write = (body: string, time = "10:20:00", who = OCTOCAT) => post(database.db, world, body, who, at(time));
const hear = (comment: Awaited<ReturnType<typeof write>>) => handleControl(depsOf(database.db, world), comment);
const say = async (...saying: Parameters<typeof write>) => hear(await write(...saying));
const rows = () => database.db.sql.select().from(commands).orderBy(asc(commands.id));
const refusalOf = async () => {
  const refusal = (await rows()).at(-1)?.refusal ?? null;
  return refusal === null ? null : CommandRefusal.parse(refusal);
};
const reasons = async () => {
  const place = { repoId: REPO, installationId: InstallationId.parse(INSTALLATION) };
  return (await standingOver(database.db.sql, place)).map(({ reason }) => reason);
};

describe("an /unfreeze that comes late", () => {
  const older = { code: "overtaken", by: "freeze", login: "octocat" } as const;

  it("lifts no freeze that was asked for after it was written, and lifts it when it is said again", async () => {
    await say("/freeze first", "10:00:00");
    const late = await write("/unfreeze", "10:01:00");
    await say("/unfreeze", "10:02:00");
    await say("/freeze incident", "10:03:00");
    expect(await hear(late)).toBe("recorded");
    expect(await refusalOf()).toEqual({ ...older, at: instant("2026-11-21T10:03:00Z") });
    expect(await reasons()).toEqual(["incident"]);
    await say("/unfreeze", "10:04:00");
    expect(await refusalOf()).toBeNull();
    expect(await reasons()).toEqual([]);
  });

  it("lifts nothing either where the newer /freeze found it frozen already", async () => {
    await say("/freeze first", "10:00:00");
    const late = await write("/unfreeze", "10:01:00");
    await say("/freeze incident", "10:02:00");
    expect(await refusalOf()).toMatchObject({ code: "already_frozen" });
    await hear(late);
    expect(await refusalOf()).toEqual({ ...older, at: instant("2026-11-21T10:02:00Z") });
    expect(await reasons()).toEqual(["first"]);
  });

  it("is told from a newer one of the same second by the number of its comment", async () => {
    const late = await write("/unfreeze");
    await say("/freeze");
    await hear(late);
    expect(await refusalOf()).toMatchObject(older);
    await say("/unfreeze");
    expect(await refusalOf()).toBeNull();
  });

  it("is not overtaken by a /freeze that did not count, nor by one that was told late itself", async () => {
    const first = await write("/freeze first", "10:00:00");
    await say("/freeze", "10:05:00", { id: 7, login: "mona", role: "write" });
    const lifting = await write("/unfreeze", "10:02:00");
    await hear(first);
    await hear(lifting);
    expect(await refusalOf()).toBeNull();
    expect(await reasons()).toEqual([]);
  });
});
