// The app is down while a person approves: GitHub could not hand the approval over, and sends it again when it is asked to.
import { HAPPY_ANSWERS } from "../repository/demo-repository.ts";
import { APP_SLUG, PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, reportAndLabel, statusOf, verdictOn } from "./people.ts";
import { claim, nextRequest, type Play, type Scenario } from "./scenario.ts";

const play = async (stage: Stage): Promise<Play> => {
  const { shop, ci, github, transcript } = stage;
  const issue = reportAndLabel(stage);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready/);
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");
  const patches = await gateOpens(stage, issue, /^\*\*Patches ready/, plan.code);

  const stopped = await stage.stopApp();
  transcript.narrate("The app is stopped, as for a deploy that takes a while.");
  transcript.narrate(`${PEOPLE.approver} reads the diffs meanwhile, and approves them. Nobody listens.`);
  const approvedBeforeRequest = nextRequest(github.requests);
  const { id } = github.as(PEOPLE.approver).comment(issue, `/approve ${patches.code}`);
  await github.idle();
  const missed = github.webhooks
    .find({ app: APP_SLUG, event: "issue_comment" })
    .filter(({ attempts }) => attempts.every(({ status }) => status !== 202));

  transcript.narrate("The app is started again, and asks GitHub for what it could not hand over.");
  await stage.startApp();
  await verdictOn(stage, issue, id, "+1");
  await stage.until(() => shop.pulls()[0], "the pull request");
  await stage.until(() => /It is over/.test(statusOf(stage, issue)), "its checks and the result");
  await github.idle();
  await ci.idle();

  const attempts = missed.flatMap((hook) => hook.attempts);
  return {
    approvedBeforeRequest,
    claims: [
      claim("the app ended cleanly before", stopped, stopped ? "exit code 0" : "it did not"),
      claim("the approval could not be handed over", missed.length === 1, `${missed.length} webhook`),
      claim(
        "it came again under the same number, once",
        attempts.filter(({ status }) => status === 202).length === 1 &&
          new Set(attempts.map(({ guid }) => guid)).size === 1,
        attempts.map(({ status }) => (status === null ? "no answer" : `HTTP ${status}`)),
      ),
      claim("there is one pull request", shop.pulls().length === 1, String(shop.pulls().length)),
    ],
  };
};

export const missedWebhooks: Scenario = {
  name: "missed-webhooks",
  title: "an approval is given while the app is down",
  answers: HAPPY_ANSWERS,
  expected: { outcome: "done", phase: "close", approvals: 2, mostCreations: 10 },
  play,
};
