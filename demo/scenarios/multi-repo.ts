// One delivery in two repositories: approved one by one, written only when all are, opened in the declared order, green in both.
import { REPOSITORY } from "../repository/demo-repository.ts";
import { ISSUE_OF_TWO, SEARCH, SEARCH_FILES, SHOP_CONFIGURATION, TWO_ANSWERS } from "../repository/two-repositories.ts";
import { APP_SLUG, PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, reportAndLabel, statusOf } from "./people.ts";
import { type Claim, claim, nextRequest, type Play, type Scenario } from "./scenario.ts";

const NAMES = [REPOSITORY, SEARCH] as const;

const patchesIn = (name: string): RegExp => new RegExp(`^\\*\\*Patches ready[^\\n]*\`${name}\``);

/** What the app did in a repository, by the number of the request. */
const done = ({ github }: Stage, name: string, what: "git/refs" | "pulls"): readonly number[] =>
  github.requests
    .filter(
      ({ app, method, path, status }) =>
        app === APP_SLUG && method === "POST" && path === `/repos/${name}/${what}` && status === 201,
    )
    .map(({ seq }) => seq);

/** Tokens with which contents could be written. */
const writers = ({ github }: Stage): number =>
  github.tokens.filter(({ app, permissions }) => app === APP_SLUG && permissions["contents"] === "write").length;

const inOrder = (stage: Stage): Claim[] => {
  const branches = NAMES.map((name) => done(stage, name, "git/refs"));
  const pulls = NAMES.map((name) => done(stage, name, "pulls"));
  const [first = 0, second = 0] = pulls.map(([seq]) => seq ?? 0);
  return [
    claim(
      "each repository got one branch and one pull request",
      [...branches, ...pulls].every(({ length }) => length === 1),
      NAMES.map((name, at) => `${name}: ${branches[at]?.length} and ${pulls[at]?.length}`),
    ),
    claim(
      "every branch stood before the first pull request was opened",
      first > 0 && branches.flat().length === NAMES.length && Math.max(...branches.flat()) < Math.min(...pulls.flat()),
      `branches by requests ${branches.flat().join(", ")}; pull requests by ${pulls.flat().join(", ")}`,
    ),
    claim("the pull requests were opened in the declared order", 0 < first && first < second, `${first}, ${second}`),
  ];
};

const play = async (stage: Stage): Promise<Play> => {
  const { ci, github, transcript } = stage;
  const views = NAMES.map((name) => ({ name, view: github.repo(name) }));
  transcript.narrate(`${PEOPLE.owner} lets ${SEARCH} take part in the deliveries of ${REPOSITORY}, which it accepts.`);
  github.as(PEOPLE.owner).in(REPOSITORY).push("main", { ".github/countersign.yml": SHOP_CONFIGURATION });

  const before = [];
  for (const { name, view } of views) before.push({ name, ...(await ci.test(name, view.defaultBranch)) });
  for (const { name, passed, failed } of before)
    transcript.narrate(`The tests of ${name} on its default branch: ${passed} passed, ${failed} failed.`);
  const bases = views.map(({ view }) => view.head());

  const issue = reportAndLabel(stage, ISSUE_OF_TWO);
  const plan = await gateOpens(stage, issue, /^\*\*Plan ready/);
  transcript.narrate(`${PEOPLE.approver} reads the plan, which has tasks for both repositories, and approves it.`);
  await command(stage, issue, PEOPLE.approver, `/approve ${plan.code}`, "+1");

  await gateOpens(stage, issue, patchesIn(REPOSITORY), plan.code);
  await gateOpens(stage, issue, patchesIn(SEARCH), plan.code);
  transcript.narrate(`${PEOPLE.approver} approves the patches of ${SEARCH} alone. Nothing may be written yet.`);
  await command(stage, issue, PEOPLE.approver, `/approve ${SEARCH}`, "+1");
  await stage.until(
    () => ours(stage, issue).some(({ body }) => body.startsWith("**Approved**") && body.includes(`in \`${SEARCH}\`.`)),
    `the answer to the approval of ${SEARCH}`,
  );
  const isHalf = await stage.until(
    () => statusOf(stage, issue).includes("waiting for review of 1 patch set"),
    "the status that says what is left",
  );
  await github.idle();
  const [early, tokens] = [github.contentWrites(APP_SLUG).length, writers(stage)];

  transcript.narrate(`${PEOPLE.approver} approves all that is left. Only now may anything be written.`);
  const approvedBeforeRequest = nextRequest(github.requests);
  await command(stage, issue, PEOPLE.approver, "/approve all", "+1");
  for (const { name, view } of views) await stage.until(() => view.pulls()[0], `the pull request in ${name}`);
  await stage.until(() => /It is over/.test(statusOf(stage, issue)), "the checks of both and the result");
  await github.idle();
  await ci.idle();

  const after = views.map(({ name, view }) => {
    const head = view.pulls()[0]?.head.sha ?? "";
    return { name, head, result: ci.results.findLast(({ sha }) => sha === head) };
  });
  const result = ours(stage, issue).find(({ body }) => body.startsWith("**Ready to merge**"))?.body ?? "";
  const pulls = views.map(({ name, view }) => ({ name, pull: view.pulls()[0] }));
  const texts = new Map(pulls.map(({ name, pull }) => [name, pull?.body ?? ""]));
  const numbered = pulls.map(({ name, pull }) => `${name}#${pull?.number}`);
  return {
    approvedBeforeRequest,
    claims: [
      claim(
        "the tests were red before, in both repositories",
        before.every(({ failed, green }) => failed > 0 && !green),
        before.map(({ name, passed, failed }) => `${name}: ${passed} passed, ${failed} failed`),
      ),
      claim(
        "one approval of two wrote nothing, and no token that could was issued",
        isHalf && early === 0 && tokens === 0,
        `${early} writes, ${tokens} tokens`,
      ),
      ...inOrder(stage),
      claim(
        "the tests are green on both heads",
        after.every(({ result }) => result?.green === true),
        after.map(
          ({ name, head, result }) =>
            `${name} at ${head.slice(0, 7)}: ${result?.passed} passed, ${result?.failed} failed`,
        ),
      ),
      claim(
        "each pull request names the other, and the search's is to be merged after the shop's",
        texts.get(REPOSITORY)?.includes(`\`${SEARCH}\`: [its pull request]`) === true &&
          texts.get(SEARCH)?.includes(`Merge this one after \`${REPOSITORY}\``) === true,
        [...texts].map(([name, text]) => `${name}: ${/Merge this one [^.]*\./.exec(text)?.[0] ?? "no order"}`),
      ),
      claim(
        "only the shop's closes the issue",
        /^Closes #\d+$/m.test(texts.get(REPOSITORY) ?? "") && /^Part of acme\/shop#\d+$/m.test(texts.get(SEARCH) ?? ""),
        [...texts].map(([name, text]) => `${name}: ${text.split("\n")[0]}`),
      ),
      claim(
        "the thread ends with both pull requests",
        numbered.every((name) => result.includes(`[${name}]`)),
        result.split("\n")[0] ?? "no result comment",
      ),
      claim(
        "the default branches were not touched",
        views.every(({ view }, at) => view.head() === bases[at]),
        views.map(({ name, view }) => `${name} at ${view.head()?.slice(0, 7)}`),
      ),
    ],
  };
};

export const multiRepo: Scenario = {
  name: "multi-repo",
  title: "one issue, two repositories, two pull requests that belong together",
  answers: TWO_ANSWERS,
  beside: [{ name: SEARCH, folder: SEARCH_FILES }],
  expected: { outcome: "done", phase: "close", approvals: 3, mostCreations: 16 },
  play,
};
