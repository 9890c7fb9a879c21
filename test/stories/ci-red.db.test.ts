// Red checks: analysed from their log, mended by a patch set that people review like any other, written as one more commit.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import type { Script } from "../../demo/model/scripted-model.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { PATCHES, pullOf, toPull } from "../support/on-the-way.ts";
import { quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { dieOnce, openWorld, PEOPLE, type World } from "../support/world.ts";

const LOG = [
  "2026-11-21T10:00:00.0000000Z ##[group]Run npm test",
  "2026-11-21T10:00:01.0000000Z not ok 3 - letters that have no accent to drop become plain letters too",
  "2026-11-21T10:00:01.0000000Z \u001B[31m  expected: 'weisser-stuhl', actual: 'weiser-stuhl'\u001B[0m",
  "2026-11-21T10:00:01.0000000Z # npm token npm_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5",
  "2026-11-21T10:00:02.0000000Z ##[error]Process completed with exit code 1.",
].join("\n");

const ANALYSIS = {
  evidence: [{ check: "test", line: "expected: 'weisser-stuhl', actual: 'weiser-stuhl'" }],
  cause: "`plainLetters()` in `src/letters.js` writes ß as one s.",
  remedy: "change",
  wouldFix: "Write ß as ss in the table of `src/letters.js`.",
  repositories: ["acme/shop"],
};

const FIX = answer({
  summary: "The header of the table says what it is for.",
  edits: [
    {
      kind: "replace",
      task: "T1",
      path: "src/letters.js",
      search: "// Letters that Unicode does not take apart into a plain letter and an accent.\n",
      replace: "// Letters that Unicode does not take apart into a plain letter and an accent: each by hand.\n",
    },
  ],
});

const isFix = (prompt: string): boolean => prompt.includes("# Why the checks of the pull request are red");
const first = HAPPY_ANSWERS["edits"];
if (first === undefined || typeof first === "function" || !("kind" in first)) throw new Error("they are one answer");
const edits: Script = ({ prompt }) => (isFix(prompt) ? FIX : first);
const ANSWERS = { ...HAPPY_ANSWERS, edits, failure_analysis: answer(ANALYSIS) };

const opened: World[] = [];
const open = async (options: Parameters<typeof openWorld>[0] = {}): Promise<World> => {
  const world = await openWorld({ answers: ANSWERS, ...options });
  opened.push(world);
  return world;
};
afterAll(async () => {
  for (const world of opened) await world.close();
});

const ours = (world: World, issue: number, words: RegExp) =>
  world.ours(issue).findLast(({ body, minimized }) => minimized === null && words.test(body));

/** A red check of Actions with its log. */
async function goRed(world: World, sha: string, log: string | null = LOG): Promise<void> {
  world.github.webhooks.pause();
  await world.report(sha, "failure");
  const run = world.shop.checkRuns(sha).findLast(({ name }) => name === "test");
  if (log !== null && run !== undefined) world.github.keepLog("acme/shop", run.id, log);
  world.github.webhooks.resume();
}

const provenance = (world: World, sha: string) =>
  world.shop.checkRuns(sha).findLast(({ name }) => name === "countersign / provenance")?.conclusion;

/** From a red pull request to the approved fix; answers the new head. */
async function throughTheFix(world: World, issue: number): Promise<string> {
  const { id } = await rowOf(world, issue);
  const before = pullOf(world, id)?.head.sha;
  const code = await world.gate(issue, PATCHES);
  await quiet(world);
  expect(pullOf(world, id)?.head.sha).toBe(before);
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  await world.until(() => pullOf(world, id)?.head.sha !== before, "the commit of the fix");
  await quiet(world);
  return pullOf(world, id)?.head.sha ?? "";
}

describe("red checks", () => {
  let world: World;
  beforeAll(async () => {
    world = await open();
  });

  it("are analysed, mended by a reviewed commit on the same pull request, and end green", async () => {
    const { issue, pull } = await toPull(world);
    await goRed(world, pull.head.sha);
    const fixed = await throughTheFix(world, issue);

    const asked = world.model.requests.find(({ role }) => role === "failure_analysis");
    expect(asked?.prompt).toContain("expected: 'weisser-stuhl', actual: 'weiser-stuhl'");
    expect(asked?.prompt).not.toContain("npm_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5");
    expect(world.shop.commit(fixed)?.parents.map(({ sha }) => sha)).toEqual([pull.head.sha]);
    expect(world.shop.pulls().filter(({ head }) => head.ref === pull.head.ref)).toHaveLength(1);
    expect(provenance(world, fixed)).toBe("success");
    expect(await stateOf(world, issue)).toBe("verify/running");
    expect((await rowOf(world, issue)).fixesLeft).toBe(1);

    await world.report(fixed, "success");
    await world.until(() => ours(world, issue, /^\*\*Ready to merge\*\*/), "the result");
    await quiet(world);
    expect(await stateOf(world, issue)).toBe("close/succeeded");
    // Both are in the pull request: the first was not replaced by what stands on it.
    const approved = world.ours(issue).filter(({ body }) => /^\*\*Approved\*\*.* It is in /.test(body));
    expect(approved.map(({ body, minimized }) => [/This was (.*?) of/.exec(body)?.[1], minimized])).toEqual([
      ["patch set 1", null],
      ["patch set 2", null],
    ]);
    expect(approved[0]?.body.split("\n")[0]).toMatch(/Followed by \[patch set 2\]\(/);
  });

  it("of which nothing has to change go to people, with what was read", async () => {
    const rerun = { ...ANALYSIS, remedy: "rerun", wouldFix: "Run the job again.", repositories: [] };
    world.model.say("failure_analysis", answer(rerun));
    const { issue, pull } = await toPull(world);
    await goRed(world, pull.head.sha);
    const note = await world.until(() => ours(world, issue, /^\*\*Checks failed on/), "the note");
    await quiet(world);
    world.model.say("failure_analysis", answer(ANALYSIS));
    expect(await stateOf(world, issue)).toBe("verify/failed(ci_red)");
    expect(note.body).toContain("The model finds nothing to change");
    expect(note.body).toContain("expected: 'weisser-stuhl', actual: 'weiser-stuhl'");
    expect((await rowOf(world, issue)).fixesLeft).toBe(2);
  });

  it("of a head that took in the base are mended on top of that", async () => {
    const { issue, pull } = await toPull(world);
    const main = world.shop.head();
    world.github.as(PEOPLE.owner).push("main", { "OTHER.md": "Of the base.\n" });
    const merged = world.github.as(PEOPLE.approver).mergeInto(pull.head.ref, "main");
    await quiet(world);
    await goRed(world, merged);
    const fixed = await throughTheFix(world, issue);
    expect(world.shop.commit(fixed)?.parents.map(({ sha }) => sha)).toEqual([merged]);
    expect(provenance(world, fixed)).toBe("success");
    expect(await stateOf(world, issue)).toBe("verify/running");
    world.github.as(PEOPLE.owner).forcePush("main", main ?? "");
  });

  it("of a head that was countersigned are mended on top of that", async () => {
    const { issue, pull } = await toPull(world);
    const pushed = world.github.as(PEOPLE.approver).push(pull.head.ref, { "README.md": "Something else.\n" });
    const note = await world.until(() => ours(world, issue, /was not approved/), "the note");
    await quiet(world);
    const code = /`\/approve (\w+)`/.exec(note.body)?.[1];
    await world.say(pull.number, PEOPLE.approver, `/approve ${code}`);
    await quiet(world);
    await goRed(world, pushed);
    const fixed = await throughTheFix(world, issue);
    expect(world.shop.commit(fixed)?.parents.map(({ sha }) => sha)).toEqual([pushed]);
    expect(provenance(world, fixed)).toBe("success");
  });
});

it("killed at every boundary of the fix, one commit is added", async () => {
  let armed: ReturnType<typeof dieOnce> | null = null;
  const world = await open({ impatient: true, crash: (name) => armed?.crash(name) });
  const { issue, pull } = await toPull(world);
  armed = dieOnce(0, 3);
  await goRed(world, pull.head.sha);
  const fixed = await throughTheFix(world, issue);
  for (const part of ["analyse", "propose", "write", "watch"])
    expect(armed.met.map((name) => name.split(".")[0])).toContain(part);
  expect(world.shop.commit(fixed)?.parents.map(({ sha }) => sha)).toEqual([pull.head.sha]);
  const writes = world.github.contentWrites("countersign");
  expect(writes.filter(({ path, method }) => method === "PATCH" && path.includes("/git/refs/"))).toHaveLength(1);
  expect(world.shop.pulls()).toHaveLength(1);
});
