// The blob store keeps what is used, and no more than fits.
import { afterEach, beforeEach, expect, it } from "vitest";
import { keptBlobs } from "../../src/context/blob-store.ts";
import { sweepBlobs } from "../../src/context/sweep-blobs.ts";
import { blobs } from "../../src/db/schema.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(() => t.close());

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-11-21T12:00:00Z");
const clock = () => NOW;
const put = async (text: string, daysAgo: number): Promise<void> => {
  const usedAt = new Date(NOW.getTime() - daysAgo * DAY);
  await t.db.transaction(async ({ sql }) => {
    await sql.insert(blobs).values({ sha: blobSha(text), content: Buffer.from(text), usedAt });
  });
};
const left = async (): Promise<string[]> =>
  (await t.db.sql.select().from(blobs)).map(({ content }) => Buffer.from(content).toString()).sort();

it("lets go of what nobody used for two weeks; what is read stays", async () => {
  for (const [text, days] of [
    ["today", 0],
    ["last week", 7],
    ["long ago", 15],
    ["read again", 15],
  ] as const)
    await put(text, days);
  await keptBlobs({ db: t.db, clock }, [blobSha("read again")]);
  await sweepBlobs({ db: t.db, clock });
  expect(await left()).toEqual(["last week", "read again", "today"]);
});

it("lets go of the longest unused where it is too much", async () => {
  for (const [at, days] of [0, 1, 2, 3, 4].entries()) await put(`${at}`.repeat(100), days);
  await sweepBlobs({ db: t.db, clock, mostBytes: 250 });
  expect((await left()).map((text) => text[0])).toEqual(["0", "1"]);
  await sweepBlobs({ db: t.db, clock, mostBytes: 250 });
  expect(await left()).toHaveLength(2);
});
