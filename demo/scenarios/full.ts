// The whole way: from a labeled issue over plan, patches and pull request to a merge, a deployment, the watch over both, and the end.
import { HAPPY_ANSWERS, REPOSITORY } from "../repository/demo-repository.ts";
import { PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, reportAndLabel, statusOf } from "./people.ts";
import { claim, nextRequest, type Play, type Scenario } from "./scenario.ts";

const CONFIG = `approvers: [${PEOPLE.approver}]
exit_phase: observe
merge: { method: squash }
deploy: { environment: production }
observe: { window: 2s }
`;

const ADDRESS = "https://shop.example";

const play = async (stage: Stage): Promise<Play> => {
  const { shop, ci, github, transcript } = stage;
  transcript.narrate(`${PEOPLE.owner} lets deliveries of ${REPOSITORY} go on to production.`);
  github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": CONFIG });
  const before = shop.head();
  const issue = reportAndLabel(stage);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready/);
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");
  const patches = await gateOpens(stage, issue, /^\*\*Patches ready/, plan.code);
  const approvedBeforeRequest = nextRequest(github.requests);
  await command(stage, issue, PEOPLE.approver, `/approve ${patches.code}`, "+1");

  const pull = await stage.until(() => shop.pulls()[0], "the pull request");
  transcript.narrate("A provider builds a preview of the pull request.");
  const preview = github.as(PEOPLE.owner).deploy(pull.head.sha, "preview");
  github.as(PEOPLE.owner).deploymentStatus(preview, "success", "https://preview.example/shop");
  const merge = await gateOpens(stage, issue, /^\*\*Ready to merge, please decide/, patches.code);
  const untouched = shop.head() === before;
  transcript.narrate(
    `${PEOPLE.approver} reads what will be merged and deployed, and approves. Only now is anything merged.`,
  );
  await command(stage, issue, PEOPLE.approver, `/approve ${merge.code}`, "+1");

  const made = await stage.until(
    () => shop.deployments().find(({ environment }) => environment === "production"),
    "the deployment",
  );
  transcript.narrate("What listens to deployments brings the merge commit to production.");
  github.as(PEOPLE.owner).deploymentStatus(made.id, "in_progress");
  github.as(PEOPLE.owner).deploymentStatus(made.id, "success", ADDRESS);
  await stage.until(() => /It is over/.test(statusOf(stage, issue)), "the window and the result");
  await github.idle();
  await ci.idle();

  const merged = shop.pulls()[0];
  const result = ours(stage, issue).find(({ body }) => /^\*\*Done\*\*/.test(body));
  const after = await ci.test(REPOSITORY, shop.defaultBranch);
  const { state, state_reason: why } = shop.issue(issue);
  return {
    approvedBeforeRequest,
    claims: [
      claim("the default branch was as it was until the merge was approved", untouched, before ?? ""),
      claim(
        "the pull request was merged, at the head that was approved",
        merged?.merged === true && merged.head.sha === pull.head.sha && merged.merge_commit_sha === shop.head(),
        `${merged?.merge_commit_sha ?? "not merged"}`,
      ),
      claim("the tests are green on the default branch", after.green, `${after.passed} passed, ${after.failed} failed`),
      claim(
        "there is one deployment by the app, of the merge commit",
        made.sha === shop.head() && shop.deployments().filter(({ creator }) => creator?.type === "Bot").length === 1,
        `${shop.deployments().length} deployments, one of them a preview`,
      ),
      claim(
        "the thread ends with the result",
        result !== undefined,
        result?.body.split("\n")[0] ?? "no result comment",
      ),
      claim("the issue is closed as completed", state === "closed" && why === "completed", `${state}, ${why}`),
    ],
  };
};

export const full: Scenario = {
  name: "full",
  title: "a labeled issue goes the whole way: merged, deployed, watched, closed",
  answers: HAPPY_ANSWERS,
  expected: { outcome: "done", phase: "close", approvals: 3, mostCreations: 12 },
  play,
};
