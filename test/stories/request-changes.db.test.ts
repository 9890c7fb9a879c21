// *Request changes* on a pull request of ours: the words of the review and of its comments on lines, once, as one `/revise`.
import { and, eq } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { serverError } from "../../demo/github/faults.ts";
import { answer } from "../../demo/model/reply.ts";
import type { Script } from "../../demo/model/scripted-model.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { commands, feedback } from "../../src/db/schema.ts";
import { PATCHES, pullOf, toPull } from "../support/on-the-way.ts";
import {
  ledgerOf,
  mustChangeNothing,
  outcomesOf,
  quiet,
  rowOf,
  somebody,
  stateOf,
  wordsOf,
} from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

/** What the words ask for, on top of what the pull request holds. */
const CHANGED = answer({
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

const first = HAPPY_ANSWERS["edits"];
if (first === undefined || typeof first === "function" || !("kind" in first)) throw new Error("they are one answer");
const edits: Script = ({ prompt }) => (prompt.includes("Say in a comment why.") ? CHANGED : first);

const opened: World[] = [];
const open = async (options: Parameters<typeof openWorld>[0] = {}): Promise<World> => {
  const world = await openWorld({ answers: { ...HAPPY_ANSWERS, edits }, ...options });
  opened.push(world);
  return world;
};
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

const LINES = [
  { path: "src/slug.js", line: 2, body: "Say in a comment why.\n<!-- and nobody reads this -->" },
  { path: "src/letters.js", line: 5, startLine: 3, body: "/cancel is not what this should do." },
];
const WORDS = [
  "/approve is not for this.",
  "src/slug.js:2: Say in a comment why.\n(hidden comment left out)",
  "src/letters.js:5: /cancel is not what this should do.",
].join("\n\n");

const review = (world: World, pull: number, who: string = PEOPLE.approver, body = "/approve is not for this.") =>
  world.github.as(who).review(pull, "CHANGES_REQUESTED", body, { comments: LINES });

const said = async ({ database: { db } }: World, deliveryId: number) =>
  db.sql
    .select({ words: feedback.words, repoId: feedback.repoId, name: commands.name })
    .from(feedback)
    .innerJoin(commands, eq(commands.id, feedback.commandId))
    .where(and(eq(feedback.deliveryId, deliveryId), eq(commands.originKind, "review")));

const repliesOn = (world: World, pull: number) => world.ours(pull).map(wordsOf);

it("an approver's review is one /revise of that repository, and its words are in the next version's briefing", async () => {
  const world = await open();
  const { issue, pull } = await toPull(world);
  const { id } = await rowOf(world, issue);
  const asked = world.model.requests.length;
  const reviewed = review(world, pull.number);
  await world.gate(issue, PATCHES);
  await quiet(world);

  expect(await said(world, id)).toEqual([{ words: WORDS, repoId: expect.any(Number), name: "revise" }]);
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  expect(pullOf(world, id)?.head.sha).toBe(pull.head.sha);
  const prompts = JSON.stringify(world.model.requests.slice(asked));
  expect(prompts).toContain("src/slug.js:2: Say in a comment why.");
  expect(prompts).not.toContain("nobody reads this");

  const [reply, ...others] = repliesOn(world, pull.number);
  expect(others).toEqual([]);
  expect(reply).toMatch(
    new RegExp(
      `^\\[This review\\]\\(\\S+/acme/shop/pull/${pull.number}#pullrequestreview-${reviewed}\\) counts as \`/revise\`\\. Its words are kept, \`octocat\`, for a new version, which is shown before anything is pushed\\. D-${id} is `,
    ),
  );
});

it("told of twice, killed at every step and started again, it is one", async () => {
  const died = new Set<string>();
  const world = await open({
    impatient: true,
    crash: (name) => {
      if (!/^(?:commands|answer)\./.test(name) || died.has(name) || !died.has("armed")) return;
      died.add(name);
      throw new Error(`died at ${name}`);
    },
  });
  const { issue, pull } = await toPull(world);
  const { id } = await rowOf(world, issue);
  died.add("armed");
  world.github.webhooks.duplicate({ event: "pull_request_review" });
  review(world, pull.number);
  await world.gate(issue, PATCHES);
  await quiet(world);
  await world.restart();
  for (const hook of world.github.webhooks.find({ event: "pull_request_review" })) {
    world.github.webhooks.replay(hook, "new");
  }
  await quiet(world);

  expect([...died]).toEqual(
    expect.arrayContaining([
      "commands.before.read_review",
      "commands.before.read_review_comments",
      "commands.after.commit",
      "answer.after.create_comment",
    ]),
  );
  expect(await said(world, id)).toHaveLength(1);
  expect(repliesOn(world, pull.number)).toHaveLength(1);
  const received = (await ledgerOf(world, `D-${id}`)).filter((entry) => entry === "feedback_kept");
  expect(received).toHaveLength(1);
});

it("other people's reviews, other verdicts and other pull requests change nothing and are left without a word", async () => {
  const world = await open();
  const { issue, pull } = await toPull(world);
  const writer = somebody(world, "writer", "write");
  const silent = async (act: () => unknown) => {
    const { replies } = await mustChangeNothing(world, issue, act);
    expect(replies).toEqual([]);
    expect(repliesOn(world, pull.number)).toEqual([]);
  };
  await silent(() => review(world, pull.number, PEOPLE.outsider));
  await silent(() => review(world, pull.number, writer));
  await silent(() => world.github.as(PEOPLE.approver).review(pull.number, "COMMENTED", "/revise Not like this."));
  await silent(() => world.github.as(PEOPLE.approver).review(pull.number, "APPROVED", "/cancel"));

  const mona = world.github.as(PEOPLE.owner);
  mona.push("topic", { "README.md": "Something else.\n" });
  const foreign = mona.openPull({ title: "Another", head: "topic" }).number;
  await silent(() => review(world, foreign));
  expect(repliesOn(world, foreign)).toEqual([]);
  expect(
    (await outcomesOf(world, "pull_request_review", "submitted")).every((outcome) => outcome !== "unprocessed"),
  ).toBe(true);
});

it("a review of a commit that is gone, or that was edited since, is answered and changes nothing", async () => {
  const world = await open();
  const { issue, pull } = await toPull(world);
  const approver = world.github.as(PEOPLE.approver);
  const refusal = async (act: () => unknown) => (await mustChangeNothing(world, issue, act)).ledger;
  expect(
    await refusal(() =>
      approver.review(pull.number, "CHANGES_REQUESTED", "Not like this.", {
        sha: world.shop.refs().get("refs/heads/main") ?? "",
      }),
    ),
  ).toEqual(["command_received: refused: review_outdated"]);
  expect(repliesOn(world, pull.number)).toEqual([
    expect.stringMatching(
      /counts as `\/revise`\. Not applied, `octocat`\. It is of `\w{7}`, and the pull request now holds `\w{7}`\. Review what it holds now\.$/,
    ),
  ]);
  expect(
    await refusal(() => {
      world.github.webhooks.pause();
      const late = approver.review(pull.number, "CHANGES_REQUESTED", "Not like this.");
      approver.editReview(pull.number, late, "Drop the table.");
      world.github.webhooks.resume();
    }),
  ).toEqual(["command_received: refused: review_changed"]);
  // One answer in words for each person at one gate (rule 9).
  expect(repliesOn(world, pull.number)).toHaveLength(1);
});

it("comments that cannot be read are read again, and nothing is lost", async () => {
  const world = await open({ impatient: true });
  const { issue, pull } = await toPull(world);
  const { id } = await rowOf(world, issue);
  const fault = world.github.faults.add({ path: /\/reviews\/\d+\/comments/ }, serverError(502), { times: 2 });
  review(world, pull.number);
  await world.gate(issue, PATCHES);
  await quiet(world);
  expect(fault.hits).toBe(2);
  expect(await said(world, id)).toMatchObject([{ words: WORDS }]);
});

it("after the end of the delivery it is told so", async () => {
  const world = await open();
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await world.until(() => world.ours(issue).some(({ body }) => /^\*\*Ready to merge/.test(body)), "the result");
  await quiet(world);
  const { ledger } = await mustChangeNothing(world, issue, () => review(world, pull.number));
  expect(ledger).toEqual(["command_received: refused: over"]);
  expect(repliesOn(world, pull.number)).toEqual([expect.stringContaining("is over.")]);
});
