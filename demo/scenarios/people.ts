// What people do on the thread: read what the app wrote, wait for their turn, and answer with a comment.

import { ISSUE } from "../repository/demo-repository.ts";
import { APP_SLUG, PEOPLE, type Stage } from "../stage.ts";

export const BOT = `${APP_SLUG}[bot]`;
const LABEL = "countersign";

type ThreadComment = ReturnType<Stage["shop"]["comments"]>[number];

export const ours = (stage: Stage, issue: number): ThreadComment[] =>
  stage.shop.comments(issue).filter((comment) => comment.user.login === BOT);

/** Of the newest delivery. */
export const statusOf = (stage: Stage, issue: number): string =>
  ours(stage, issue).findLast(({ body }) => body.startsWith("### Countersign D-"))?.body ?? "";

/** The reporter opens the issue; somebody with write access puts the label on. */
export const reportAndLabel = (stage: Stage, draft: Readonly<{ title: string; body: string }> = ISSUE): number => {
  stage.transcript.narrate(`${PEOPLE.reporter} reports a defect.`);
  const { number } = stage.github.as(PEOPLE.reporter).openIssue(draft);
  stage.transcript.narrate(`${PEOPLE.approver} puts the label "${LABEL}" on the issue.`);
  stage.github.as(PEOPLE.approver).label(number, LABEL);
  return number;
};

export type Gate = Readonly<{ comment: ThreadComment; code: string }>;

const codeIn = (body: string): string | null =>
  /^\/approve (?:\S+\/\S+ )?([2-9a-hj-km-np-z]{4,6})$/m.exec(body)?.[1] ?? null;

/** "plan 2", "patch set 1" or "merge 1", as the gate comment calls itself. */
const versionIn = (body: string): string | null => /\b(?:plan|patch set|merge) \d+\b/.exec(body)?.[0] ?? null;

/**
 * Waits until a gate comment with these first words is there with a code, and the status comment says that people are
 * waited for with it: until then it is still being published, and an approval would come too early.
 */
export const gateOpens = async (stage: Stage, issue: number, words: RegExp, notCode?: string): Promise<Gate> => {
  const look = (): Gate | null => {
    const comment = ours(stage, issue).findLast(({ body, minimized }) => minimized === null && words.test(body));
    if (comment === undefined) return null;
    const [code, version] = [codeIn(comment.body), versionIn(comment.body)];
    const status = statusOf(stage, issue);
    const open = version !== null && status.includes("Waiting for") && status.includes(version);
    return open && code !== null && code !== notCode ? { comment, code } : null;
  };
  const gate = await stage.until(
    look,
    `a comment that says ${words.source.replaceAll("[^\\n]*", " … ").replaceAll(/[\\^*]/g, "")}`,
  );
  await stage.github.idle();
  await nextSecond();
  return gate;
};

/** GitHub's clock has whole seconds; who answers within the second in which he was asked cannot have read it. */
const nextSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_000 - (Date.now() % 1_000)));

export const reactionTo = (stage: Stage, issue: number, commentId: number): string | null => {
  const comment = stage.shop.comments(issue).find(({ id }) => id === commentId);
  const verdicts = comment?.reactedBy.filter(({ login, content }) => login === BOT && content !== "eyes") ?? [];
  return verdicts[0]?.content ?? null;
};

/** Posts a command and waits for the verdict; throws when it is not the expected one. */
export const command = async (
  stage: Stage,
  issue: number,
  login: string,
  text: string,
  expected: "+1" | "confused",
): Promise<number> => {
  const { id } = stage.github.as(login).comment(issue, text);
  await verdictOn(stage, issue, id, expected);
  return id;
};

export const verdictOn = async (
  stage: Stage,
  issue: number,
  id: number,
  expected: "+1" | "confused",
): Promise<void> => {
  const verdict = await stage.until(() => reactionTo(stage, issue, id), "the verdict on the command");
  if (verdict !== expected) {
    const last = ours(stage, issue).at(-1)?.body.split("\n")[0] ?? "";
    throw new Error(
      `the command was answered with ${verdict} and not with ${expected}; the last comment says: ${last}`,
    );
  }
};

/** Waits for a reply that says in words why a command was not applied. */
export const refusalInWords = (stage: Stage, issue: number, words: RegExp): Promise<ThreadComment> =>
  stage.until(
    () => ours(stage, issue).find(({ body }) => body.startsWith("Not applied") && words.test(body)),
    `a reply that says ${words.source}`,
  );
