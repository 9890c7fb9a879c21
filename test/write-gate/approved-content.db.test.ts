// What is written is what was shown: whichever stored field is altered afterwards, nothing is written.
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { artifacts, patches, patchSets } from "../../src/db/schema.ts";
import { FileChange, PatchSetContent } from "../../src/patches/patch-set.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { approvalRows, approvedDelivery, tamper, theOnly, type World, writeRows } from "./approved-delivery.ts";

let test: TestDatabase;
let world: World;
beforeAll(async () => {
  test = await testDatabase();
});
beforeEach(async () => {
  world = await approvedDelivery(test.db);
});
afterEach(() => world.github.close());
afterAll(() => test.close());

const expectUnwritten = async (code: RegExp): Promise<void> => {
  expect((await world.write()).end).toMatchObject({ kind: "refused", code: expect.stringMatching(code) });
  expect(world.github.writes).toEqual([]);
  expect(world.github.tokens.some(({ permissions }) => permissions["contents"] === "write")).toBe(false);
  expect(await writeRows(world)).toEqual([]);
};

/** Another value of the same shape: what no schema would notice. */
const another = (value: unknown): unknown => {
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return [...value, "T9"];
  if (typeof value !== "string") return "100755";
  if (/^[0-9a-f]{40,64}$/.test(value)) return `${value.startsWith("0") ? "1" : "0"}${value.slice(1)}`;
  return value === "100644" ? "100755" : value === "modify" ? "create" : `${value}x`;
};

const idOf = async (): Promise<number> => theOnly(await approvalRows(world)).subjectId;
const CONTENT = Object.keys(PatchSetContent.shape).filter((field) => field !== "changes");
const CHANGE = Object.keys(FileChange.shape);
const ANY = /digest_differs|content_differs|patch_set_unreadable|other_target/;

describe("of the patch set", () => {
  it("each field is known to this test", () => {
    expect(CONTENT).toHaveLength(13);
    expect(CHANGE).toHaveLength(12);
  });

  it.each(CONTENT)("%s", async (field) => {
    const id = await idOf();
    const [row] = await test.db.sql.select().from(patchSets).where(eq(patchSets.id, id));
    const content = z.record(z.string(), z.unknown()).parse(row?.content);
    expect(content).toHaveProperty(field);
    const value = JSON.stringify(another(content[field]));
    await tamper(
      world,
      sql`update patch_sets set content = jsonb_set(content, ${`{${field}}`}, ${value}::jsonb) where id = ${id}`,
      "patch_sets",
    );
    await expectUnwritten(ANY);
  });

  it.each(CHANGE)("%s of a change", async (field) => {
    const id = await idOf();
    const where = sql`patch_set_id = ${id} and path = 'src/slug.ts'`;
    const [row] = await test.db.sql.select().from(patches).where(where);
    const change = z.record(z.string(), z.unknown()).parse(row?.change);
    expect(change).toHaveProperty(field);
    const value = JSON.stringify(another(change[field]));
    await tamper(
      world,
      sql`update patches set change = jsonb_set(change, ${`{${field}}`}, ${value}::jsonb) where ${where}`,
      "patches",
    );
    await expectUnwritten(ANY);
  });

  it.each([
    ["the repository of its row", sql`repo_id = repo_id + 1`],
    ["the delivery of its row", sql`delivery_id = (select min(id) from deliveries)`],
    ["the digest of its row", sql`digest = repeat('a', 64)`],
  ])("%s: the database itself refuses, or the WriteGate does", async (_, change) => {
    const id = await idOf();
    const done = await tamper(world, sql`update patch_sets set ${change} where id = ${id}`, "patch_sets").then(
      () => "altered",
      () => "refused",
    );
    if (done === "altered") await expectUnwritten(/digest_differs|other_target|patch_set_unreadable/);
    else expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it.each(["diff", "path"])("%s of a row", async (column) => {
    const altered = sql`${sql.identifier(column)} = ${sql.identifier(column)} || 'x'`;
    await tamper(
      world,
      sql`update patches set ${altered} where patch_set_id = ${await idOf()} and position = 0`,
      "patches",
    );
    await expectUnwritten(/content_differs/);
  });

  it("the order of its changes", async () => {
    const id = await idOf();
    await tamper(world, sql`update patches set position = 12 - position where patch_set_id = ${id}`, "patches");
    await expectUnwritten(ANY);
  });

  it("one change less", async () => {
    await tamper(world, sql`delete from patches where patch_set_id = ${await idOf()} and position = 2`, "patches");
    await expectUnwritten(ANY);
  });
});

describe("of the plan", () => {
  it.each([
    ["its text", sql`content = jsonb_set(content, '{title}', '"Something else"')`],
    ["a field more", sql`content = content || '{"scope": ["everything"]}'`],
  ])("%s", async (_, change) => {
    await tamper(world, sql`update artifacts set ${change} where delivery_id = ${world.id}`, "artifacts");
    await expectUnwritten(/plan_changed/);
  });

  it("its row: without it nothing is written", async () => {
    await test.db.sql.insert(artifacts).values({
      deliveryId: world.id,
      kind: "plan",
      version: 2,
      hash: theOnly(await approvalRows(world)).digest,
      content: {},
      createdAt: new Date(),
    });
    await tamper(
      world,
      sql`update artifacts set version = 3 where delivery_id = ${world.id} and version = 1`,
      "artifacts",
    );
    await expectUnwritten(/plan_changed/);
  });

  it("nothing: then all is written", async () => {
    expect((await world.write()).end).toEqual({ kind: "written" });
  });
});
