// A second role judges the patches: what it finds not met goes back, and what still is not met goes to people.
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS, ISSUE, LETTERS, SHOP_FIX } from "../../demo/repository/demo-repository.ts";
import { ledger as ledgerTable } from "../../src/db/schema.ts";
import { quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

const IDS = ["AC-1", "AC-2", "AC-3"];
const WHY = "`plainLetters` in src/letters.js has no `ł`, and @mona should know.";

const report = (failed: string | null, ids: readonly string[] = IDS) =>
  answer({
    verdicts: ids.map((criterion) => ({
      criterion,
      because: criterion === failed ? WHY : "The test of it is there.",
      verdict: criterion === failed ? "FAIL" : "PASS",
    })),
  });

/** The change without the letter that the judge misses. */
const hasty = answer({
  summary: "Accented letters are written as plain letters before the address is made.",
  edits: SHOP_FIX.map((edit) =>
    edit.kind === "create" ? { ...edit, content: LETTERS.replace(/.*"ł".*\n/, "") } : edit,
  ),
});

let world: World;
beforeAll(async () => {
  // The first report leaves a criterion out and invents another: it is sent back. Then one fails, then none.
  const judge = [report(null, ["AC-1", "AC-2", "AC-9"]), report("AC-2"), report(null)];
  world = await openWorld({ answers: { ...HAPPY_ANSWERS, edits: [hasty, HAPPY_ANSWERS.edits], qa_report: judge } });
});
afterAll(() => world.close());

const asked = (role: string) => world.model.requests.filter((request) => request.role === role);
/** What its delivery's chain says of an action. */
const ledger = async (issue: number, action: string): Promise<readonly string[]> => {
  const chain = eq(ledgerTable.chain, `D-${(await rowOf(world, issue)).id}`);
  const rows = await world.database.db.sql.select().from(ledgerTable).where(chain).orderBy(asc(ledgerTable.seq));
  return rows.filter((row) => row.action === action).map(({ after }) => JSON.stringify(after));
};

const toPatches = async (issue: number) => {
  const plan = await world.gate(issue, /^\*\*Plan ready/);
  await world.say(issue, PEOPLE.approver, `/approve ${plan}`);
};

it("has patches mended until a second role finds the criteria met, and shows it as an opinion", async () => {
  const issue = world.begin();
  await toPatches(issue);
  await world.gate(issue, /^\*\*Patches ready/);
  await quiet(world);
  const comment = world.ours(issue).findLast(({ body }) => body.startsWith("**Patches ready"))?.body ?? "";
  expect(comment).toContain(
    "A second role judged 3 of 3 criteria met. It is a model that read the diffs: an opinion, no proof.",
  );
  expect(comment).toContain("`AC-2` met: The test of it is there.");

  // Each task is asked for alone. What the judge finds is about a file of T1: it goes back there, and T2, which stands on it, is
  // asked again with what has become of it.
  const proposing = asked("edits").map(({ prompt }) => prompt);
  expect(proposing.map((prompt) => /Your task is (T\d)/.exec(prompt)?.[1])).toEqual(["T1", "T2", "T1", "T2"]);
  const [first, second, mended, again] = proposing;
  expect(first).not.toContain("What the tasks before yours have changed");
  expect(second).toContain("file src/letters.js of acme/shop, as task T1 leaves it");
  expect(second).not.toContain('["ł", "l"]');
  expect(again).toContain('["ł", "l"]');
  for (const prompt of [first, second, again]) expect(prompt).not.toContain("Why it cannot stay as it is");
  expect(mended).toContain(WHY);
  expect(mended).toContain("+export function plainLetters(text) {");
  const judging = asked("qa_report").map(({ prompt }) => prompt);
  expect(judging).toHaveLength(3);
  expect(judging[1]).toContain("AC-3 is not judged.\nAC-9 is no criterion of the plan.");
  // The judge reads the issue, the plan and the diffs, and not what the author says of them.
  expect(judging[0]).toContain(ISSUE.title);
  expect(judging[0]).not.toContain("Accented letters are written as plain letters before the address is made");

  const kinds = (await ledger(issue, "artifact_made")).map((text) => /"kind":"(\w+)"/.exec(text)?.[1]);
  // Two tasks, and what they make together, which is what is judged.
  const round = ["edits", "edits", "edits", "qa_report"];
  expect(kinds).toEqual(["decision", "plan", ...round, ...round]);
});

it("stops when a criterion is still not met, says which, and a person decides", async () => {
  world.model.say("qa_report", report("AC-2"));
  const [edits, judged] = [asked("edits").length, asked("qa_report").length];
  const issue = world.begin();
  await toPatches(issue);
  await world.until(() => world.ours(issue).some(({ body }) => /as a second role judges/.test(body)), "the stop");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("implement/blocked(qa_failed)");
  // The model brought the same again and again: what was said of it is not asked twice, nor the task that stands on it.
  expect([asked("edits").length - edits, asked("qa_report").length - judged]).toEqual([4, 1]);
  const note = world.ours(issue).findLast(({ body }) => /as a second role judges/.test(body))?.body ?? "";
  expect(note).toContain("AC-2 is not met:");
  expect(note).not.toMatch(/@mona(?!`)/);
  expect(note).toContain("`/retry`");
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect((await ledger(issue, "gate_judged")).at(-1)).toContain('"verdict":"qa_failed"');

  world.model.say("qa_report", report(null));
  expect(await world.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  await world.gate(issue, /^\*\*Patches ready/);
  await quiet(world);
  // The edits were paid for already; only the judge is asked again.
  expect(asked("edits").length - edits).toBe(4);
});
