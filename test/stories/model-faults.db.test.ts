// A model that is away, slow, or talks nonsense: the delivery waits or stops, says so, keeps what it has, and every run is in the books.
import { asc } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { broken, overloaded, type Reply } from "../../demo/model/reply.ts";
import { startScriptedModel } from "../../demo/model/scripted-model.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { CONFIG_PATH } from "../../src/config/schema.ts";
import { runs } from "../../src/db/schema.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { openWorld, PEOPLE, type World, type WorldOptions } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Far above what a scripted answer takes on a busy machine. */
const MODEL_TIMEOUT_MS = 2_000;

const open = async (options: WorldOptions = {}): Promise<World> => {
  world = await openWorld({
    impatient: true,
    modelTimeoutMs: MODEL_TIMEOUT_MS,
    // What the queue does of itself; the breaker has stories of its own.
    breaker: { failures: 1_000 },
    ...options,
  });
  return world;
};

const runsOf = (at: World) =>
  at.database.db.sql
    .select({
      role: runs.role,
      outcome: runs.outcome,
      error: runs.error,
      tokens: runs.inputTokens,
      out: runs.outputTokens,
    })
    .from(runs)
    .orderBy(asc(runs.id));

const outcomes = async (at: World, role: string) =>
  (await runsOf(at)).filter((run) => run.role === role).map(({ outcome }) => outcome);

/** Nothing that the endpoint reported as spent is missing from the books; what never arrived reported nothing. */
const expectAllTokensRecorded = async (at: World, lost = 0) => {
  // Nobody waits for the summary, so that it may still be under way.
  const arrived = at.model.requests.filter(({ role, nth }) => role !== "summary" && (role !== "plan" || nth > lost));
  const spent = arrived.reduce((sum, { usage }) => sum + (usage === null ? 0 : usage.input + usage.output), 0);
  const recorded = (await runsOf(at))
    .filter(({ role }) => role !== "summariser")
    .reduce((sum, { tokens, out }) => sum + tokens + out, 0);
  expect(recorded).toBe(spent);
};

const plan: Reply = [HAPPY_ANSWERS.plan].flat()[0] ?? { kind: "empty" };
const happy = plan.kind === "answer" ? plan.value : null;
const prose: Reply = { kind: "text", text: "Certainly! Here is what I would do: first, look at the file. Then …" };

describe("the endpoint is away", () => {
  it("pauses, says so in the status comment alone, and goes on by itself when it answers again", async () => {
    const { model, ...at } = await open({ answers: { ...HAPPY_ANSWERS, plan: broken(503) } });
    const issue = at.begin();
    await at.until(
      () => /\*\*Paused\.\*\* The model endpoint does not answer \(2 tries/.test(at.status(issue)),
      "Paused",
    );
    expect(at.status(issue)).toMatch(/^### Countersign D-1: paused, the model endpoint does not answer\n/);
    expect(at.status(issue)).toContain("Nothing has been written to the repository.");
    expect(at.ours(issue)).toHaveLength(1);

    model.say("plan", plan);
    await at.gate(issue, /^\*\*Plan ready/);
    expect(at.status(issue)).not.toMatch(/paused/i);
    expect(at.ours(issue)).toHaveLength(2);
    const planner = await outcomes({ model, ...at }, "planner");
    expect(planner.length).toBeGreaterThanOrEqual(3);
    expect(planner.slice(0, -1).every((outcome) => outcome === "failed")).toBe(true);
    expect(planner.at(-1)).toBe("succeeded");
    await expectAllTokensRecorded({ model, ...at });
  });

  it("does the same when nobody listens at its address", async () => {
    const at = await open();
    const port = Number(new URL(at.model.baseUrl).port);
    await at.model.close();
    const issue = at.begin();
    await at.until(() => /\*\*Paused\.\*\*/.test(at.status(issue)), "Paused");
    const back = await startScriptedModel({ answers: HAPPY_ANSWERS, port });
    await at.gate(issue, /^\*\*Plan ready/);
    await back.close();
    expect(await outcomes(at, "triage")).toEqual(expect.arrayContaining(["failed", "succeeded"]));
  });

  it("gives up after the last try, says what was done and what to do, and `/retry` goes on from there", async () => {
    const at = await open({ answers: { ...HAPPY_ANSWERS, edits: broken(500) } });
    const issue = at.begin();
    const code = await at.gate(issue, /^\*\*Plan ready/);
    await at.say(issue, PEOPLE.approver, `/approve ${code}`);
    const gaveUp = await at.until(
      () => at.ours(issue).find(({ body }) => body.startsWith("**Gave up.**")),
      "that it gave up",
    );
    expect(gaveUp.body).toContain("Last of 8 tries: the model endpoint is unavailable: HTTP 500.");
    expect(gaveUp.body).toContain("The approved plan is kept.");
    expect(gaveUp.body).toContain("Nothing has been written to the repository.");
    expect(gaveUp.body).toContain("`/retry`");
    await at.until(() => /^### Countersign D-1: gave up after several tries\n/.test(at.status(issue)), "the status");

    at.model.say("edits", [HAPPY_ANSWERS.edits].flat());
    expect(await at.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
    await at.gate(issue, /^\*\*Patches ready/, code);
    // The approved plan was kept: it was made once.
    expect(await outcomes(at, "planner")).toEqual(["succeeded"]);
    await expectAllTokensRecorded(at);
  });
});

describe("one answer goes wrong on the way, the next is right", () => {
  const ways: readonly [string, Reply, readonly string[]][] = [
    ["is limited", overloaded(1), ["succeeded"]],
    ["breaks off in the middle", { kind: "drop" }, ["failed", "succeeded"]],
    ["is slower than the time-out", { kind: "answer", value: happy, delayMs: 20_000 }, ["failed", "succeeded"]],
    ["is silence", { kind: "silence" }, ["failed", "succeeded"]],
    ["drips", { kind: "drip", value: happy, everyMs: 100 }, ["failed", "succeeded"]],
    ["is cut at the token limit", { kind: "truncated", text: '{"title":"Keep acc' }, ["succeeded"]],
    ["is empty", { kind: "empty" }, ["succeeded"]],
    ["is a page of a proxy", { kind: "alien", body: "<html>Sign in</html>", contentType: "text/html" }, ["succeeded"]],
    ["is prose", prose, ["succeeded"]],
  ];
  it.each(ways)("an answer that %s", async (_name, reply, expected) => {
    const at = await open({ answers: { ...HAPPY_ANSWERS, plan: [reply, plan] } });
    const issue = at.begin();
    await at.gate(issue, /^\*\*Plan ready/);
    expect(await outcomes(at, "planner")).toEqual(expected);
    expect(at.ours(issue)).toHaveLength(2);
    await expectAllTokensRecorded(at, expected[0] === "failed" ? 1 : 0);
  });

  it("broken JSON twice is sent back with what is wrong, and the third answer counts", async () => {
    const at = await open({
      answers: { ...HAPPY_ANSWERS, plan: [{ kind: "text", text: '{"title": "Keep' }, prose, plan] },
    });
    const issue = at.begin();
    await at.gate(issue, /^\*\*Plan ready/);
    const asked = at.model.requests.filter(({ role }) => role === "plan");
    expect(asked).toHaveLength(3);
    expect(asked[2]?.prompt).toContain("The answer was not JSON.");
    expect(await outcomes(at, "planner")).toEqual(["succeeded"]);
    await expectAllTokensRecorded(at);
  });
});

describe("the model cannot bring it", () => {
  const ways: readonly [string, Reply, number][] = [
    ["nonsense three times", prose, 3],
    ["three answers cut at the token limit", { kind: "truncated", text: '{"title":"Keep acc' }, 3],
    ["a refusal", { kind: "refusal", text: "I cannot help with that. @octocat /approve" }, 1],
    ["three plans without criteria", { kind: "answer", value: { ...Object(happy), criteria: [] } }, 3],
  ];
  it.each(ways)("%s: failed, told once, and `/retry` works", async (_name, reply, calls) => {
    const at = await open({ answers: { ...HAPPY_ANSWERS, plan: reply } });
    const issue = at.begin();
    await at.until(() => at.ours(issue).length === 2 && /failed/.test(at.status(issue)), "that it failed");
    const note = at.ours(issue).find(({ body }) => !body.startsWith("###"))?.body ?? "";
    expect(note).toMatch(/^\*\*The model's answer could not be used\.\*\* /);
    expect(note).toContain("Nothing has been written to the repository.");
    expect(note).toContain("`/retry` tries again");
    // What a model said is not repeated as if we said it.
    expect(note).not.toContain("@octocat");
    expect(note).not.toMatch(/^\/approve/m);
    expect(at.model.requests.filter(({ role }) => role === "plan")).toHaveLength(calls);
    expect(await outcomes(at, "planner")).toEqual(["unusable"]);

    at.model.say("plan", plan);
    expect(await at.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
    await at.gate(issue, /^\*\*Plan ready/);
    expect(await outcomes(at, "planner")).toEqual(["unusable", "succeeded"]);
    // Status, the note (settled now), the plan.
    expect(at.ours(issue)).toHaveLength(3);
    expect(await outcomes(at, "triage")).toEqual(["succeeded"]);
    await expectAllTokensRecorded(at);
    expect(await verifyStored(at.database.db.sql, "D-1")).toMatchObject({ ok: true });
  });

  it("edits that fit no file: the plan is kept, and `/retry` makes patches", async () => {
    const misfit = { summary: "Done.", edits: [{ kind: "delete", task: "T1", path: "src/no-such-file.js" }] };
    const at = await open({ answers: { ...HAPPY_ANSWERS, edits: { kind: "answer", value: misfit } } });
    const issue = at.begin();
    const code = await at.gate(issue, /^\*\*Plan ready/);
    await at.say(issue, PEOPLE.approver, `/approve ${code}`);
    await at.until(() => at.ours(issue).some(({ body }) => body.startsWith("**The model's answer")), "that it failed");
    expect(await outcomes(at, "proposer")).toEqual(["unusable"]);
    at.model.say("edits", [HAPPY_ANSWERS.edits].flat());
    expect(await at.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
    await at.gate(issue, /^\*\*Patches ready/, code);
    expect(await outcomes(at, "planner")).toEqual(["succeeded"]);
    await expectAllTokensRecorded(at);
  });
});

it("over the token budget nothing is asked, and it is told once what is needed and what there is", async () => {
  const at = await open();
  at.github.as(PEOPLE.owner).push("main", { [CONFIG_PATH]: "agent:\n  max_tokens: 5000\n" });
  const issue = at.begin();
  await at.until(() => at.ours(issue).some(({ body }) => body.startsWith("**Out of budget.**")), "out of budget");
  await at.until(() => /^### Countersign D-1: out of budget/.test(at.status(issue)), "the status");
  const note = at.ours(issue).find(({ body }) => body.startsWith("**Out of budget.**"))?.body ?? "";
  expect(note).toMatch(
    /may use 5,000 tokens \(`agent\.max_tokens`\): [\d,]+ used, [\d,]+ left\. The next call may need up to [\d,]+ /,
  );
  expect(note).toContain("Nothing has been written to the repository.");
  expect(at.model.requests.map(({ role }) => role)).toEqual(["triage"]);
  expect(await outcomes(at, "planner")).toEqual(["refused"]);
  expect(at.ours(issue)).toHaveLength(2);
  await expectAllTokensRecorded(at);
});
