// The pace holds over any window and over processes that ask at the same moment.
import { afterAll, beforeAll, expect, test } from "vitest";
import { InstallationId } from "../../src/ids.ts";
import { claimSlot } from "../../src/thread/limiter.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const START = Date.parse("2026-11-21T09:00:00.000Z");
const at = (seconds: number) => new Date(START + seconds * 1000);
const claim = (installation: number, seconds: number, patience = 0) =>
  database.db.transaction((tx) => claimSlot(tx, InstallationId.parse(installation), at(seconds), patience));

test("a burst goes at once, then one call each second and a half", async () => {
  for (let call = 0; call < 20; call++) expect(await claim(1, 0)).toEqual({ kind: "go", seconds: 0 });
  expect(await claim(1, 0)).toEqual({ kind: "later", seconds: 1.5 });
  expect(await claim(1, 1)).toEqual({ kind: "later", seconds: 0.5 });
  expect(await claim(1, 1.5)).toEqual({ kind: "go", seconds: 0 });
  expect(await claim(1, 1.5)).toEqual({ kind: "later", seconds: 1.5 });
});

test("a short wait is claimed by whoever has patience, a refused one costs nothing", async () => {
  for (let call = 0; call < 20; call++) await claim(2, 0);
  expect(await claim(2, 0, 2)).toEqual({ kind: "go", seconds: 1.5 });
  expect(await claim(2, 0, 2)).toEqual({ kind: "later", seconds: 3 });
  expect(await claim(2, 0, 3)).toEqual({ kind: "go", seconds: 3 });
});

test("at most 60 calls go in any minute and 400 in any hour", async () => {
  const gone: number[] = [];
  // Every second where the minute counts, then whenever the hour may let one more go, then every second again.
  const early = Array.from({ length: 90 }, (_, second) => second);
  const hour = Array.from({ length: 300 }, (_, step) => 90 + step * 12);
  const late = Array.from({ length: 60 }, (_, second) => 3690 + second);
  for (const second of [...early, ...hour, ...late]) {
    while ((await claim(3, second)).kind === "go") gone.push(second);
  }
  const most = (window: number) =>
    Math.max(...gone.map((from) => gone.filter((one) => one >= from && one < from + window).length));
  expect(most(60)).toBeLessThanOrEqual(60);
  expect(most(3600)).toBeLessThanOrEqual(400);
  expect(gone.length).toBeGreaterThan(400);
});

test("processes that ask together share one pace", async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, () => claim(4, 0)));
  expect(answers.filter(({ kind }) => kind === "go")).toHaveLength(20);
});

test("installations do not wait for one another", async () => {
  for (let call = 0; call < 20; call++) await claim(5, 0);
  expect((await claim(5, 0)).kind).toBe("later");
  expect((await claim(6, 0)).kind).toBe("go");
});
