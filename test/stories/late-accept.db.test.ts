// An /accept of which GitHub tells only after other content was written: it was given of what stood there before.
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { Reply } from "../../demo/model/reply.ts";
import { answer } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { PlanDocument } from "../../src/artifacts/plan.ts";
import { nextSecond, PATCHES, toPull } from "../support/on-the-way.ts";
import { quiet, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

const happy = HAPPY_ANSWERS.plan;
const plan = PlanDocument.parse(happy.kind === "answer" ? happy.value : null);
const WITH_A_LOOK: PlanDocument = {
  ...plan,
  criteria: [...plan.criteria, { id: "AC-4", text: "The page is readable.", check: "a look at the page" }],
};
const COMMENT = "// Letters that Unicode does not take apart into a plain letter and an accent";
const CHANGED = answer({
  summary: "The header of the table says what it is for.",
  edits: [
    {
      kind: "replace",
      task: "T1",
      path: "src/letters.js",
      search: `${COMMENT}.\n`,
      replace: `${COMMENT}: each by hand.\n`,
    },
  ],
});
const edits = ({ prompt }: Readonly<{ prompt: string }>): Reply =>
  prompt.includes("Say in a comment why.") ? CHANGED : HAPPY_ANSWERS.edits;

let world: World;
beforeAll(async () => {
  world = await openWorld({ answers: { ...HAPPY_ANSWERS, plan: answer(WITH_A_LOOK), edits } });
});
afterAll(() => world.close());

const Comment = z.object({ comment: z.object({ id: z.number() }) });
const unproven = (issue: number) =>
  world.until(async () => (await stateOf(world, issue)) === "verify/blocked(unproven)", "what is not proven");

it("is refused, and the words that say why ask for another look", async () => {
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await unproven(issue);
  await quiet(world);
  world.github.webhooks.drop({ app: "countersign", event: "issue_comment" });
  const { id } = world.github.as(PEOPLE.approver).comment(issue, "/accept AC-4");
  await quiet(world);
  await nextSecond();

  expect(await world.say(issue, PEOPLE.approver, "/revise Say in a comment why.")).toBe("+1");
  const code = await world.gate(issue, PATCHES);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  const head = await world.until(() => {
    const now = world.shop.pulls()[0]?.head.sha;
    return now === pull.head.sha ? undefined : now;
  }, "the second commit");
  await quiet(world);
  await world.report(head, "success");
  await unproven(issue);
  await quiet(world);

  const late = world.github.webhooks
    .find({ app: "countersign", event: "issue_comment" })
    .find(({ body }) => Comment.safeParse(JSON.parse(body)).data?.comment.id === id);
  if (late === undefined) throw new Error("the webhook was never made");
  world.github.webhooks.replay(late, "same");
  await world.until(
    () => world.ours(issue).some(({ body }) => body.includes("before the newest commit of D-1")),
    "the answer",
  );
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unproven)");

  expect(await world.say(issue, PEOPLE.approver, "/accept AC-4")).toBe("+1");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
});
