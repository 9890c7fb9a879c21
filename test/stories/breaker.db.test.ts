// An endpoint that is away for long: it is left alone, the issues say so once and until when, and all go on by themselves.
import { eq } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { broken, type Reply } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { ledger, runs } from "../../src/db/schema.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** The sweep comes once a minute; here it comes whenever it may. */
const sweeping = (at: World): (() => void) => {
  const timer = setInterval(() => {
    at.database.db.transaction((tx) => tx.enqueue("sweep", {})).catch(() => {});
  }, 500);
  return () => clearInterval(timer);
};

it("pauses until a time that it names, asks by one probe at a time, and goes on with what it has when one is answered", async () => {
  const plan: Reply = [HAPPY_ANSWERS.plan].flat()[0] ?? { kind: "empty" };
  const at = await openWorld({
    impatient: true,
    answers: { ...HAPPY_ANSWERS, plan: broken(503) },
    breaker: { failures: 2, pauseMs: 1_000, longestMs: 2_000 },
  });
  world = at;
  const issue = at.begin();
  await at.until(
    () =>
      /left alone for a while\..* It is asked again by itself after \d+ \w+ \d\d:\d\d UTC\. When it answers, this goes on\. Nothing to do\./.test(
        at.status(issue),
      ),
    "the pause and its end",
  );
  expect(at.status(issue)).toMatch(/^### Countersign D-1: paused, the model endpoint does not answer\n/);
  expect(at.ours(issue)).toHaveLength(1);
  const opened = () => at.database.db.sql.select().from(ledger).where(eq(ledger.action, "endpoint_opened"));
  expect(await opened()).toHaveLength(1);

  const stop = sweeping(at);
  try {
    // A probe that fails: the same pause again, and no new comment.
    const asked = at.model.requests.length;
    await at.until(() => at.model.requests.length > asked, "a probe");
    at.model.say("plan", plan);
    await at.gate(issue, /^\*\*Plan ready/);
  } finally {
    stop();
  }
  await at.until(() => !/paused/i.test(at.status(issue)), "the status");
  expect(at.ours(issue)).toHaveLength(2);
  const roles = await at.database.db.sql.select({ role: runs.role, outcome: runs.outcome }).from(runs);
  expect(roles.filter(({ outcome }) => outcome === "succeeded").map(({ role }) => role)).toEqual(["triage", "planner"]);
  const closed = await at.database.db.sql.select().from(ledger).where(eq(ledger.action, "endpoint_closed"));
  expect(closed).toHaveLength(1);
  expect(await verifyStored(at.database.db.sql, "D-1")).toMatchObject({ ok: true });
});
