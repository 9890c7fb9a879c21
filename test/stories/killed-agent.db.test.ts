// Dies exactly where calls of models are set aside, settled and kept, between tasks and around the judge: one of each stays, paid once where it can be.
import { asc, eq } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import type { CrashPoint } from "../../src/crash-points.ts";
import { artifacts, reservations, runs } from "../../src/db/schema.ts";
import { expectOneOfEach, expectVerifiedLedger, toTheEnd } from "../support/whole-way.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Dies once at each of these, and at nothing else. */
const dieAt = (points: readonly string[]): Readonly<{ crash: CrashPoint; left: Set<string> }> => {
  const left = new Set(points);
  return {
    left,
    crash: (name) => {
      if (left.delete(name)) throw new Error(`died at ${name}`);
    },
  };
};

async function deliver(points: readonly string[]): Promise<World> {
  const death = dieAt(points);
  const at = await openWorld({ crash: death.crash, impatient: true });
  world = at;
  const issue = await toTheEnd(at);
  expect([...death.left]).toEqual([]);
  expectOneOfEach(at, issue);
  await expectVerifiedLedger(at.database.db.sql);
  return at;
}

const asked = ({ model }: World, role: string): number => model.requests.filter((one) => one.role === role).length;

it("around a call's budget: what may have been paid for counts by its estimate, and no call is left under way", async () => {
  const at = await deliver(["budget.after.reserve", "budget.before.settle", "budget.after.settle"]);
  // One try never called, one was answered and not settled, one was settled and not recorded.
  expect(asked(at, "triage")).toBe(3);
  const { sql } = at.database.db;
  const calls = await sql
    .select()
    .from(reservations)
    .where(eq(reservations.role, "triage"))
    .orderBy(asc(reservations.id));
  expect(calls.map(({ state }) => state)).toEqual(["lost", "lost", "settled", "settled"]);
  expect((await sql.select().from(reservations)).filter(({ state }) => state === "held")).toEqual([]);
  expect(await sql.select().from(runs).where(eq(runs.role, "triage"))).toHaveLength(1);
  const estimated = calls.slice(0, 2).reduce((sum, { estimatedTokens }) => sum + estimatedTokens, 0);
  const words = `${estimated.toLocaleString("en-US")} of them are estimated: 2 calls got no answer`;
  expect(
    at
      .ours(1)
      .map(({ body }) => body)
      .join("\n"),
  ).toContain(words);
});

it("between tasks, around their joining, the judge and the summary: what was kept is not asked for again", async () => {
  const at = await deliver([
    "propose.after.commit",
    "propose.before.join",
    "propose.after.join",
    "qa.before.model",
    "qa.before.commit",
    "qa.after.commit",
    "summary.before.model",
    "summary.after.commit",
  ]);
  expect([asked(at, "edits"), asked(at, "qa_report"), asked(at, "summary")]).toEqual([2, 2, 0]);
  const rows = await at.database.db.sql.select().from(artifacts).orderBy(asc(artifacts.id));
  const kinds = rows.map(({ kind }) => kind);
  expect(kinds).toEqual(["decision", "plan", "edits", "edits", "edits", "qa_report", "summary"]);
  // Nobody waits for words: the plan's own stand there.
  expect(rows.at(-1)?.content).toEqual({ words: null });
  expect(at.ours(1).at(-1)?.body).toContain("Before anything is removed, each letter is taken apart");
});
