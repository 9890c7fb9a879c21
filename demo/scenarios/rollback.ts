// What was merged and deployed breaks, and is undone: computed from the history, approved like any patch set, merged, deployed, watched.
import { HAPPY_ANSWERS, REPOSITORY } from "../repository/demo-repository.ts";
import { PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, refusalInWords, reportAndLabel, statusOf } from "./people.ts";
import { claim, nextRequest, type Play, type Scenario } from "./scenario.ts";

const CONFIG = `approvers: [${PEOPLE.approver}]
exit_phase: observe
merge: { method: squash }
deploy: { environment: production }
observe: { window: 2s }
`;

const NEWS = "docs/news.md";
const TEST = "test/slug.test.js";
const REPORTED = 'test("accented letters become plain letters", () => {';

/** From the patches' gate to the deployment of what was merged. */
const ship = async (stage: Stage, issue: number, code: string, deployments: number): Promise<number> => {
  const { shop } = stage;
  await command(stage, issue, PEOPLE.approver, `/approve ${code}`, "+1");
  const merge = await gateOpens(stage, issue, /^\*\*Ready to merge, please decide/, code);
  await command(stage, issue, PEOPLE.approver, `/approve ${merge.code}`, "+1");
  const made = await stage.until(() => shop.deployments()[deployments], "the deployment");
  return made.id;
};

const play = async (stage: Stage): Promise<Play> => {
  const { shop, ci, github, transcript, model } = stage;
  transcript.narrate(`${PEOPLE.owner} lets deliveries of ${REPOSITORY} go on to production.`);
  // Undone, the defect is back: that its test fails again is no surprise, and must not hold up the way back.
  const expected = (shop.text(TEST) ?? "").replace(REPORTED, REPORTED.replace("()", "{ todo: true }, ()"));
  github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": CONFIG, [TEST]: expected });
  const before = new Map(shop.files());
  const issue = reportAndLabel(stage);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready/);
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");
  const patches = await gateOpens(stage, issue, /^\*\*Patches ready/, plan.code);
  const approvedBeforeRequest = nextRequest(github.requests);
  const first = await ship(stage, issue, patches.code, 0);

  transcript.narrate(
    "The deployment fails in production. What was merged stays until somebody asks for it to be undone.",
  );
  github.as(PEOPLE.owner).deploymentStatus(first, "failure");
  await stage.until(
    () => ours(stage, issue).some(({ body }) => /Something broke after the merge/.test(body)),
    "the news of it",
  );
  transcript.narrate(`Meanwhile ${PEOPLE.owner} pushes something else.`);
  github.as(PEOPLE.owner).push("main", { [NEWS]: "Umlauts work.\n" });
  const [merged, asked] = [shop.head(), model.requests.length];
  transcript.narrate(`${PEOPLE.outsider} asks for a rollback, and may not; ${PEOPLE.approver} does, and may.`);
  github.as(PEOPLE.outsider).comment(issue, "/rollback");
  await command(stage, issue, PEOPLE.approver, "/rollback", "+1");
  const undo = await gateOpens(stage, issue, /^\*\*Patches ready/, patches.code);
  const untouched = shop.head() === merged;
  await command(stage, issue, PEOPLE.approver, "/rollback", "confused");
  const refusal = await refusalInWords(stage, issue, /is itself a rollback/);
  transcript.narrate(`${PEOPLE.approver} reads what undoes it, and approves that, and then its merge.`);
  const second = await ship(stage, issue, undo.code, 1);
  github.as(PEOPLE.owner).deploymentStatus(second, "success", "https://shop.example");
  await stage.until(
    () => statusOf(stage, issue).includes("Countersign D-2") && /It is over/.test(statusOf(stage, issue)),
    "the window and the result",
  );
  await stage.until(
    () => ours(stage, issue)[0]?.body.startsWith("### Countersign D-1: rolled back"),
    "the end of the first delivery",
  );
  await github.idle();
  await ci.idle();

  const after = new Map(shop.files());
  const news = shop.text(NEWS);
  after.delete(NEWS);
  const tree = (files: ReadonlyMap<string, { sha: string }>) =>
    JSON.stringify([...files].map(([path, { sha }]) => [path, sha]).sort());
  const endOfFirst = ours(stage, issue).find(({ body }) => body.startsWith("**Rolled back.**"))?.versions[0]?.body;
  const [, reverted, ...others] = shop.pulls();
  const green = await ci.test(REPOSITORY, shop.defaultBranch);
  return {
    approvedBeforeRequest,
    claims: [
      claim("the merge stood until what undoes it was approved", untouched, merged ?? ""),
      claim(
        "every file is as it was before the merge, byte for byte",
        tree(after) === tree(before),
        `${after.size} files compared by their blobs`,
      ),
      claim("what was pushed meanwhile stayed", news === "Umlauts work.\n", (news ?? "gone").trim()),
      claim(
        "one pull request undid it, on a branch of its own",
        reverted?.merged === true && reverted.head.ref === "countersign/d-2" && others.length === 0,
        `${reverted?.title ?? "none"} (${reverted?.head.ref ?? ""})`,
      ),
      claim(
        "no model was asked how",
        model.requests.length === asked,
        `${asked} calls before, ${model.requests.length} after`,
      ),
      claim(
        "a second rollback was refused in words",
        refusal.body.includes("D-2 is itself a rollback, of D-1"),
        refusal.body.split("\n")[0] ?? "",
      ),
      claim(
        "the first delivery says that it was rolled back",
        ours(stage, issue)[0]?.body.startsWith("### Countersign D-1: rolled back") === true,
        ours(stage, issue)[0]?.body.split("\n")[0] ?? "",
      ),
      claim(
        "its result said so from its first version on, which is what an e-mail shows",
        endOfFirst?.startsWith("**Rolled back.**") === true,
        endOfFirst?.split("\n")[0] ?? "",
      ),
      claim("the tests are green on the default branch", green.green, `${green.passed} passed, ${green.failed} failed`),
    ],
  };
};

export const rollback: Scenario = {
  name: "rollback",
  title: "what was merged breaks, and is undone with approvals of its own",
  answers: HAPPY_ANSWERS,
  expected: { outcome: "done", phase: "close", approvals: 2, deliveries: 2, mostCreations: 26 },
  play,
};
