// The end of a delivery in two sentences: what a model says of it is untrusted, and nobody waits for it.
import { asc, eq } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { answer, broken, type Reply } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { replay } from "../../src/agent/replay/replay.ts";
import { loadRun } from "../../src/agent/replay/stored-run.ts";
import { neverCrash } from "../../src/crash-points.ts";
import { ledger, runs } from "../../src/db/schema.ts";
import { RunId } from "../../src/ids.ts";
import { toTheEnd } from "../support/whole-way.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const toItsEnd = async (summary: Reply | readonly Reply[]): Promise<Readonly<{ at: World; result: string }>> => {
  const at = await openWorld({ answers: { ...HAPPY_ANSWERS, summary } });
  world = at;
  const issue = await toTheEnd(at);
  return { at, result: at.ours(issue).at(-1)?.body ?? "" };
};

it("says what changed, as text that calls nobody, and can be replayed", async () => {
  const long = answer({ summary: "One.\nTwo." });
  const words = answer({ summary: "@mona, addresses keep their letters; fixes #1. `slug()` writes them plain first." });
  const { at, result } = await toItsEnd([long, words]);
  expect(result).toMatch(/^\*\*Ready to merge\*\*/);
  expect(result).toContain("addresses keep their letters");
  expect(result).not.toMatch(/@mona(?!`)/);
  expect(result).not.toContain("each letter is taken apart");
  // It came before the comment: nobody reads two versions.
  expect(at.model.requests.filter(({ role }) => role === "summary")).toHaveLength(2);

  const { db } = at.database;
  await at.stopApp();
  const [row] = await db.sql.select().from(runs).where(eq(runs.role, "summariser"));
  const run = await loadRun(db.sql, RunId.parse(row?.id));
  if (!run.ok) throw new Error(run.error);
  const { same, lines } = await replay({ db, clock: () => new Date(), crash: neverCrash }, run.value);
  expect([same, lines]).toEqual([true, lines]);
  const made = await db.sql.select().from(ledger).where(eq(ledger.action, "artifact_made")).orderBy(asc(ledger.seq));
  expect(JSON.stringify(made.at(-1)?.after)).toContain('"kind":"summary"');
});

it("is done without where the endpoint fails: the plan's sentence stands there", async () => {
  const { at, result } = await toItsEnd(broken(500));
  expect(result).toMatch(/^\*\*Ready to merge\*\*/);
  expect(result).toContain("each letter is taken apart");
  const [row] = await at.database.db.sql.select().from(runs).where(eq(runs.role, "summariser"));
  expect(row?.outcome).toBe("failed");
});
