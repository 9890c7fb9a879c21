// A plan and nothing else: a label ends the delivery with the approved plan, and nothing is ever written.
import { HAPPY_ANSWERS, REPOSITORY } from "../repository/demo-repository.ts";
import { PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, reportAndLabel, statusOf } from "./people.ts";
import { claim, type Play, type Scenario } from "./scenario.ts";

const LABEL = "countersign:plan-only";

const play = async (stage: Stage): Promise<Play> => {
  const { shop, github, transcript, model } = stage;
  const before = shop.head();
  const issue = reportAndLabel(stage);
  await gateOpens(stage, issue, /^\*\*Plan ready/);
  transcript.narrate(`${PEOPLE.approver} wants the plan alone, and puts the label "${LABEL}" on the issue.`);
  github.as(PEOPLE.approver).label(issue, LABEL);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready[\s\S]*asked for the plan alone/);
  transcript.narrate(`${PEOPLE.approver} reads what approving now means, and approves.`);
  const asked = model.requests.length;
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");
  await stage.until(() => /It is over/.test(statusOf(stage, issue)), "the result");
  await github.idle();

  const result = ours(stage, issue).at(-1)?.body.split("\n")[0] ?? "";
  return {
    approvedBeforeRequest: null,
    claims: [
      claim("the thread ends with the approved plan", result.startsWith("**Plan approved.**"), result),
      claim("no patches were asked of the model", model.requests.length === asked, `${asked} calls, none after`),
      claim("there is no pull request in the shop", shop.pulls().length === 0, `${shop.pulls().length}`),
      claim(`${REPOSITORY} is as it was`, shop.head() === before && shop.refs().size === 1, [...shop.refs().keys()]),
      claim("the issue stays open", shop.issue(issue).state === "open", shop.issue(issue).state),
    ],
  };
};

export const planOnly: Scenario = {
  name: "plan-only",
  title: "a label ends the delivery with the approved plan",
  answers: HAPPY_ANSWERS,
  expected: { outcome: "done", phase: "close", approvals: 1, mostCreations: 4 },
  play,
};
