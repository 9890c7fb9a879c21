// What must not work: an outsider's approval, a quoted one, an edited one, a stale one, and a diff that touches a workflow.
import { FEEDBACK, REFUSALS_ANSWERS } from "../repository/demo-repository.ts";
import { PEOPLE, type Stage } from "../stage.ts";
import { command, gateOpens, ours, reactionTo, refusalInWords, reportAndLabel, statusOf, verdictOn } from "./people.ts";
import { type Claim, claim, type Play, type Scenario } from "./scenario.ts";

const PLAN = /^\*\*Plan ready/;

/** The gate comment as it was, still asking: the refused command changed nothing. */
const stillOpen = (stage: Stage, issue: number, code: string): boolean =>
  ours(stage, issue).some(({ body }) => PLAN.test(body) && body.includes(`/approve ${code}`));

const play = async (stage: Stage): Promise<Play> => {
  const { github, transcript, shop } = stage;
  const claims: Claim[] = [];
  const issue = reportAndLabel(stage);
  const headline = () => statusOf(stage, issue).split("\n")[0] ?? "";
  const first = await gateOpens(stage, issue, PLAN);
  const changedNothing = (what: string, code: string) =>
    claims.push(claim(`${what} changed nothing`, stillOpen(stage, issue, code), headline()));

  transcript.narrate(`${PEOPLE.outsider}, who has no role here, tries to approve.`);
  await command(stage, issue, PEOPLE.outsider, `/approve ${first.code}`, "confused");
  changedNothing("an outsider's approval", first.code);

  transcript.narrate(`${PEOPLE.approver} quotes the command, as a reply by e-mail would.`);
  const quoted = github.as(PEOPLE.approver).comment(issue, `> /approve ${first.code}\n\nWhat would that do?`);

  transcript.narrate(`${PEOPLE.approver} posts an approval and edits it before the app has seen it.`);
  github.webhooks.pause();
  const edited = github.as(PEOPLE.approver).comment(issue, `/approve ${first.code}`);
  github.as(PEOPLE.approver).editComment(edited.id, `/approve ${first.code}\n\nBut only if nothing else changes.`);
  github.webhooks.resume();
  await verdictOn(stage, issue, edited.id, "confused");
  await refusalInWords(stage, issue, /edited/);
  changedNothing("a quoted and an edited approval", first.code);

  transcript.narrate(`${PEOPLE.approver} asks for another plan.`);
  await command(stage, issue, PEOPLE.approver, `/revise ${FEEDBACK}`, "+1");
  const second = await gateOpens(stage, issue, PLAN, first.code);
  const replaced = shop.comments(issue).find(({ id }) => id === first.comment.id);
  const life = replaced?.body.split("\n")[0] ?? "";
  claims.push(
    claim(
      "the first plan shows that it was replaced",
      /replaced/i.test(life) && replaced?.minimized === "outdated",
      life,
    ),
  );

  transcript.narrate(`${PEOPLE.approver} approves the plan that is no longer shown.`);
  await command(stage, issue, PEOPLE.approver, `/approve ${first.code}`, "confused");
  await refusalInWords(stage, issue, new RegExp(`\\b${second.code}\\b`));
  changedNothing("a stale approval", second.code);

  transcript.narrate(`${PEOPLE.approver} approves the plan that is shown. The model's patches also touch a workflow.`);
  await command(stage, issue, PEOPLE.approver, `/approve ${second.code}`, "+1");
  await stage.until(
    () => /stopped by policy/i.test(statusOf(stage, issue)),
    "the patches and what policy says of them",
  );
  const note = await stage.until(
    () => ours(stage, issue).find(({ body }) => !body.startsWith("###") && /stopped by policy/i.test(body)),
    "the comment that says why",
  );
  await github.idle();
  const replies = ours(stage, issue).filter(({ body }) => body.startsWith("Not applied"));
  const quotedVerdict = reactionTo(stage, issue, quoted.id);
  claims.push(
    // Asked for at the end: a reply comes after its reaction.
    claim(
      "the approver was told why, twice; the stranger got a reaction alone",
      replies.length === 2,
      `${replies.length} replies`,
    ),
    claim("a quoted approval was nobody's command", quotedVerdict === null, quotedVerdict ?? "no reaction"),
    claim(
      "the comment names the file",
      note.body.includes(".github/workflows/test.yml"),
      note.body.split("\n")[0] ?? "",
    ),
    claim("there is no pull request and no branch", shop.pulls().length === 0 && shop.refs().size === 1, [
      ...shop.refs().keys(),
    ]),
    claim(
      "no token that can write contents was ever issued",
      github.tokens.every(({ permissions }) => permissions["contents"] !== "write"),
      `${github.tokens.length} tokens`,
    ),
  );
  return { approvedBeforeRequest: null, claims };
};

export const refusals: Scenario = {
  name: "refusals",
  title: "what must not work, and what the thread says about it",
  answers: REFUSALS_ANSWERS,
  expected: { outcome: "blocked_policy", phase: "implement", approvals: 1, mostCreations: 10 },
  play,
};
