// The whole way: a labeled issue becomes a pull request whose checks are green, with one approval of the plan and one of the patches.
import { HAPPY_ANSWERS, REPOSITORY } from "../repository/demo-repository.ts";
import { PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, reportAndLabel, statusOf } from "./people.ts";
import { claim, nextRequest, type Play, type Scenario } from "./scenario.ts";

const play = async (stage: Stage): Promise<Play> => {
  const { shop, ci, github, transcript } = stage;
  const before = await ci.test(REPOSITORY, shop.defaultBranch);
  transcript.narrate(
    `The tests of ${REPOSITORY} on ${shop.defaultBranch}: ${before.passed} passed, ${before.failed} failed.`,
  );

  const issue = reportAndLabel(stage);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready/);
  transcript.narrate(`${PEOPLE.approver} reads the plan and approves it.`);
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");

  const patches = await gateOpens(stage, issue, /^\*\*Patches ready/, plan.code);
  transcript.narrate(`${PEOPLE.approver} reads the diffs and approves them. Only now may anything be written.`);
  const approvedBeforeRequest = nextRequest(github.requests);
  await command(stage, issue, PEOPLE.approver, `/approve ${patches.code}`, "+1");

  const pull = await stage.until(() => shop.pulls()[0], "the pull request");
  await stage.until(() => /It is over/.test(statusOf(stage, issue)), "its checks and the result");
  await github.idle();
  await ci.idle();

  const after = ci.results.at(-1);
  const head = shop.pulls()[0]?.head.sha;
  const result = ours(stage, issue).find(({ body }) => /^\*\*Ready to merge\*\*/.test(body));
  return {
    approvedBeforeRequest,
    claims: [
      claim(
        "the tests were red before",
        before.failed > 0 && !before.green,
        `${before.passed} passed, ${before.failed} failed`,
      ),
      claim(
        "the tests are green on the pull request's head",
        after?.green === true && after.sha === head,
        after === undefined ? "not run" : `${after.passed} passed, ${after.failed} failed on ${after.sha.slice(0, 7)}`,
      ),
      claim(
        "there is one pull request, by the app, and it is open",
        shop.pulls().length === 1 && pull.user.type === "Bot" && shop.pulls()[0]?.state === "open",
        `${shop.pulls().length} by ${pull.user.login}`,
      ),
      claim("there is one branch besides the default one", shop.refs().size === 2, [...shop.refs().keys()]),
      claim("the default branch was not touched", shop.head() === before.sha, shop.head() ?? ""),
      claim(
        "the thread ends with the result",
        result !== undefined,
        result?.body.split("\n")[0] ?? "no result comment",
      ),
      claim("the issue stays open until the merge", shop.issue(issue).state === "open", shop.issue(issue).state),
    ],
  };
};

export const happy: Scenario = {
  name: "happy",
  title: "a labeled issue becomes a green pull request",
  answers: HAPPY_ANSWERS,
  expected: { outcome: "done", phase: "close", approvals: 2, mostCreations: 10 },
  play,
};
