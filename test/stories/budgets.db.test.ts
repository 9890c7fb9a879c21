// Budgets, as people meet them: a call that is refused, more that is allowed, a limit that warns, a day that ends.
import { eq } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { CONFIG_PATH } from "../../src/config/schema.ts";
import { ledger, reservations, resourceWaits } from "../../src/db/schema.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const configure = (at: World, text: string) => at.github.as(PEOPLE.owner).push("main", { [CONFIG_PATH]: text });

const outOfBudget = (at: World, issue: number) =>
  at.until(() => at.ours(issue).find(({ body }) => body.startsWith("**Out of budget.**")), "out of budget");

/** All that was counted, and all that the endpoint says it counted. */
const counted = async (at: World) => {
  const rows = await at.database.db.sql.select().from(reservations);
  expect(rows.filter(({ state }) => state === "held")).toEqual([]);
  return rows.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
};

it("a refused call says what is left and which command allows more; who may not is refused, and who may is followed", async () => {
  const at = await openWorld({ answers: HAPPY_ANSWERS });
  world = at;
  configure(at, `agent:\n  max_tokens: 5000\napprovers: [${PEOPLE.approver}]\n`);
  const issue = at.begin();
  const note = await outOfBudget(at, issue);
  expect(note.body).toMatch(
    /^\*\*Out of budget\.\*\* This delivery may use 5,000 tokens \(`agent\.max_tokens`\): [\d,]+ used, [\d,]+ left\. The next call may need up to [\d,]+ tokens\. `\/budget \+\d+k` by an approver allows more, and it goes on\./,
  );
  expect(note.body).toContain("Nothing has been written to the repository.");
  expect(at.model.requests.map(({ role }) => role)).toEqual(["triage"]);

  expect(await at.say(issue, PEOPLE.owner, "/budget +50k")).toBe("confused");
  expect(await at.say(issue, PEOPLE.approver, "/budget +1k")).toBe("+1");
  // Not enough, and said anew: each attempt has its own note.
  await at.until(
    () => at.ours(issue).some(({ body }) => /^\*\*Out of budget\.\*\* This delivery may use 6,000/.test(body)),
    "the second",
  );
  expect(await at.say(issue, PEOPLE.approver, "/budget +50k")).toBe("+1");
  await at.gate(issue, /^\*\*Plan ready/);
  const plan = at.ours(issue).find(({ body }) => body.startsWith("**Plan ready"));
  expect(plan?.body).toMatch(/Approving starts the patches \(up to [1-9]\d,000 tokens\); you see them before/);
  await at.until(() => at.status(issue).includes("tokens of 56,000 in"), "the new limit in the status");
  expect(await counted(at)).toBe(at.model.tokens());
  const raised = await at.database.db.sql
    .select()
    .from(ledger)
    .where(eq(ledger.action, "budget_raised"))
    .orderBy(ledger.seq);
  expect(raised.map(({ after }) => after)).toMatchObject([
    { tokens: 1_000, tokenBudget: 6_000 },
    { tokens: 50_000, tokenBudget: 56_000 },
  ]);
  expect(await verifyStored(at.database.db.sql, "D-1")).toMatchObject({ ok: true });
});

/** GitHub believes no clock but its own, so the day passes in the books: what was spent today was spent yesterday. */
const passDay = (at: World) =>
  at.database.db.transaction(async (tx) => {
    await tx.sql.execute("alter table reservations disable trigger reservations_stay");
    await tx.sql.execute("update reservations set day = day - 1");
    await tx.sql.execute("alter table reservations enable trigger reservations_stay");
    await tx.sql.update(resourceWaits).set({ dueAt: new Date() });
    await tx.enqueue("sweep", {});
  });

it("in warn mode it goes on and the status says so; the operator's limit of a day stops it all the same, until the next", async () => {
  const at = await openWorld({ answers: HAPPY_ANSWERS, env: { BUDGET_DAY_TOKENS: "20000" } });
  world = at;
  configure(at, `agent:\n  max_tokens: 5000\nbudget:\n  mode: warn\n`);
  const issue = at.begin();
  const code = await at.gate(issue, /^\*\*Plan ready/);
  await at.until(() => at.status(issue).includes("**Over budget**, which only warns here"), "the warning");
  await at.say(issue, PEOPLE.approver, `/approve ${code}`);
  // The proposer may use 16,000 tokens and what it reads.
  await at.until(() => at.status(issue).includes(": paused, the budget of the day is used up\n"), "the pause");
  expect(at.status(issue)).toMatch(
    /The operator's limit of tokens for one day.* It goes on by itself after \d+ \w+ 00:00 UTC\. Nothing to do\./,
  );
  expect(at.ours(issue)).toHaveLength(2);

  // A day has room for one task, and each is paid for once.
  await passDay(at);
  const edits = () => at.model.requests.filter(({ role }) => role === "edits").length;
  await at.until(() => edits() === 1 && at.status(issue).includes(": paused, the budget of the day"), "the next pause");
  await passDay(at);
  await at.gate(issue, /^\*\*Patches ready/, code);
  expect(edits()).toBe(2);
  expect(await counted(at)).toBe(at.model.tokens());
});

it("a higher limit of a run on the default branch reaches a delivery that stood at its very first call, by /retry", async () => {
  const at = await openWorld({ answers: HAPPY_ANSWERS });
  world = at;
  configure(at, `approvers: [${PEOPLE.approver}]\nbudget:\n  run:\n    tokens: 1000\n`);
  const issue = at.begin();
  const note = await outOfBudget(at, issue);
  expect(note.body).toContain("budget.run.tokens");
  expect(note.body).toContain("`/retry`");
  expect(at.model.requests).toEqual([]);

  configure(at, `approvers: [${PEOPLE.approver}]\nbudget:\n  run:\n    tokens: 100000\n`);
  expect(await at.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  await at.gate(issue, /^\*\*Plan ready/);
  expect(at.model.requests.map(({ role }) => role)).toEqual(["triage", "plan"]);
});
