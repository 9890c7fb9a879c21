// The tests fail on the pull request: what failed is read and told, and mended by one more commit that people approved too.
import { REPOSITORY } from "../repository/demo-repository.ts";
import { RED_ANSWERS } from "../repository/red-answers.ts";
import { PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, reportAndLabel, statusOf } from "./people.ts";
import { claim, nextRequest, type Play, type Scenario } from "./scenario.ts";

const play = async (stage: Stage): Promise<Play> => {
  const { shop, ci, github, transcript } = stage;
  const issue = reportAndLabel(stage);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready/);
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");
  const patches = await gateOpens(stage, issue, /^\*\*Patches ready/, plan.code);
  transcript.narrate(`${PEOPLE.approver} overlooks that ß becomes one s, and approves.`);
  const approvedBeforeRequest = nextRequest(github.requests);
  await command(stage, issue, PEOPLE.approver, `/approve ${patches.code}`, "+1");
  const first = (await stage.until(() => shop.pulls()[0], "the pull request")).head.sha;

  transcript.narrate("The tests fail. What they say is read, and a fix is proposed; nothing is written yet.");
  const fix = await gateOpens(stage, issue, /^\*\*Patches ready/, patches.code);
  await ci.idle();
  const red = ci.results.at(-1);
  const untouched = shop.pulls()[0]?.head.sha === first;
  transcript.narrate(`${PEOPLE.approver} reads the analysis and the fix, and approves that as well.`);
  await command(stage, issue, PEOPLE.approver, `/approve ${fix.code}`, "+1");
  await stage.until(() => /It is over/.test(statusOf(stage, issue)), "green checks and the result");
  await github.idle();
  await ci.idle();

  const [pull, ...others] = shop.pulls();
  const head = pull?.head.sha ?? "";
  const green = ci.results.at(-1);
  const provenance = shop.checkRuns(head).findLast(({ name }) => name === "countersign / provenance")?.conclusion;
  const result = ours(stage, issue).find(({ body }) => /^\*\*Ready to merge\*\*/.test(body));
  return {
    approvedBeforeRequest,
    claims: [
      claim(
        "the tests failed on the first head",
        red?.green === false && red.sha === first,
        `${red?.passed ?? 0} passed, ${red?.failed ?? 0} failed`,
      ),
      claim(
        "the fix quotes what the test said",
        fix.comment.body.includes("actual: 'weiser-stuhl'"),
        fix.comment.body.split("\n").find((line) => line.includes("weiser-stuhl")) ?? "no such line",
      ),
      claim("the pull request stayed as it was until the fix was approved", untouched, first),
      claim(
        "the fix is one commit on top of the first head, on the same pull request",
        others.length === 0 &&
          shop
            .commit(head)
            ?.parents.map(({ sha }) => sha)
            .join() === first,
        `${REPOSITORY}#${pull?.number ?? "none"} at ${head.slice(0, 7)}`,
      ),
      claim(
        "the tests are green on the new head",
        green?.green === true && green.sha === head,
        `${green?.passed ?? 0} passed, ${green?.failed ?? 0} failed`,
      ),
      claim("provenance is green on the new head", provenance === "success", provenance ?? "none"),
      claim(
        "the thread ends with the result",
        result !== undefined,
        result?.body.split("\n")[0] ?? "no result comment",
      ),
    ],
  };
};

export const ciRed: Scenario = {
  name: "ci-red",
  title: "checks fail, and a fix that people approved turns them green",
  answers: RED_ANSWERS,
  expected: { outcome: "done", phase: "close", approvals: 3, mostCreations: 14 },
  play,
};
