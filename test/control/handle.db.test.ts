// What approvers say in a control issue, in whatever order GitHub tells of it: what stands in the rows, and what is frozen then.
import { asc } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { handleControl } from "../../src/control/handle.ts";
import { commands, controlIssues } from "../../src/db/schema.ts";
import { standingOver } from "../../src/freeze/standing.ts";
import { InstallationId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { depsOf, MONA, OCTOCAT, post, World } from "../commands/world.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { INSTALLATION, REPO, START, storeSource } from "../support/stored-delivery.ts";

let database: TestDatabase;
let world: World;
const ISSUE = 101;
beforeEach(async () => {
  database = await testDatabase();
  world = new World(ISSUE);
  world.config = "control_issue: on\n";
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
    await say("/freeze", "10:05:00", MONA);
    const lifting = await write("/unfreeze", "10:02:00");
    await hear(first);
    await hear(lifting);
    expect(await refusalOf()).toBeNull();
    expect(await reasons()).toEqual([]);
  });
});

const MAINTAINER = { id: 11, login: "lisa", role: "maintain" } as const;

describe("while the configuration file cannot be used", () => {
  beforeEach(() => {
    world.people = [...world.people, MAINTAINER];
    world.config = "control_issue: on\napprovers: [octocat]\nnonsense: 1\n";
  });

  it("who maintains the repository may freeze it, and nobody else; it is lifted once the file can be read", async () => {
    await say("/freeze", "10:00:00", MONA);
    expect(await refusalOf()).toMatchObject({ code: "config_invalid" });
    expect(await reasons()).toEqual([]);
    await say("/freeze the file is broken", "10:01:00", MAINTAINER);
    expect(await refusalOf()).toBeNull();
    expect(await reasons()).toEqual(["the file is broken"]);
    await say("/unfreeze", "10:02:00", MAINTAINER);
    expect(await refusalOf()).toMatchObject({ code: "config_invalid" });
    world.config = "control_issue: on\napprovers: [octocat]\n";
    await say("/unfreeze", "10:03:00", MAINTAINER);
    expect(await refusalOf()).toMatchObject({ code: "not_approver" });
    await say("/unfreeze", "10:04:00");
    expect(await reasons()).toEqual([]);
  });
});

describe("once the configuration wants no control issue", () => {
  const want = (wanted: "on" | "off") =>
    database.db.transaction(({ sql }) => sql.update(controlIssues).set({ wanted }));

  it("the issue that was closed freezes nothing, and lets go what was frozen there", async () => {
    await say("/freeze before", "10:00:00");
    world.config = "control_issue: off\n";
    await want("off");
    await say("/freeze again", "10:01:00");
    expect(await refusalOf()).toEqual({ code: "control_off" });
    await say("/unfreeze", "10:02:00", MONA);
    expect(await refusalOf()).toMatchObject({ code: "not_approver" });
    expect(await reasons()).toEqual(["before"]);
    await say("/unfreeze", "10:03:00");
    expect(await reasons()).toEqual([]);
  });

  it("today's file counts, before the issue was opened again or closed; of one that cannot be read, what it said before", async () => {
    await want("off");
    await say("/freeze switched on", "10:00:00");
    expect(await reasons()).toEqual(["switched on"]);
    await say("/unfreeze", "10:01:00");
    world.config = "control_issue: off\n";
    await want("on");
    await say("/freeze", "10:02:00");
    expect(await refusalOf()).toEqual({ code: "control_off" });
    world.config = "control_issue: off\nnonsense: 1\n";
    await say("/freeze broken", "10:03:00");
    expect(await reasons()).toEqual(["broken"]);
  });
});

describe("somebody who was refused again and again", () => {
  const refuse = async (times: number) => {
    for (let each = 0; each < times; each += 1) await say("/freeze", "10:00:00", MONA);
  };

  it("is heard with a /freeze all the same, once they are made an approver", async () => {
    await refuse(5);
    expect(await say("/unfreeze", "10:01:00", MONA)).toBe("flood");
    world.people = [OCTOCAT, { ...MONA, role: "maintain" }];
    expect(await say("/freeze heard", "10:02:00", MONA)).toBe("recorded");
    expect(await reasons()).toEqual(["heard"]);
  });

  it("gets no reaction and no word to more of them, and after many nobody asks who they are", async () => {
    await refuse(5);
    await database.jobs.take("answer");
    await refuse(25);
    expect(await rows()).toHaveLength(30);
    expect((await database.jobs.waiting()).filter(({ name }) => name === "answer")).toEqual([]);
    const asked = world.calls.length;
    expect(await say("/freeze", "10:00:00", MONA)).toBe("flood");
    expect(world.calls).toHaveLength(asked);
    expect(await rows()).toHaveLength(30);
  });

  it("does not keep another person from being heard", async () => {
    await refuse(30);
    expect(await say("/freeze", "10:02:00")).toBe("recorded");
    expect(await reasons()).toEqual([null]);
  });
});
