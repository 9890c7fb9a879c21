// A GitHub that keeps what it is told, counts every call, and can lose an answer after it has acted on the question.
import { GitHubError, type GitHubErrorCode } from "../../../src/github/errors.ts";
import type { CommentFacts } from "../../../src/github/reading.ts";
import type { CheckRunDraft, Reaction, Speaking } from "../../../src/github/speaking.ts";
import { CheckRunId, CommentId, UserId } from "../../../src/ids.ts";
import { type Clock, type Instant, instant } from "../../../src/instant.ts";

export type Comment = {
  id: CommentId;
  repo: number;
  issue: number;
  body: string;
  createdAt: Instant;
  updatedAt: Instant;
  minimized: boolean;
};
export type Check = { id: CheckRunId; repo: number; draft: CheckRunDraft };
export type Call = keyof Speaking;

export interface FakeGitHub {
  readonly speaking: () => Promise<Speaking>;
  readonly comments: Comment[];
  readonly checks: Check[];
  readonly reactions: Set<string>;
  readonly labels: Set<string>;
  readonly calls: Call[];
  /** The n-th call of all (from 1) does what it is asked, and its answer is lost. */
  readonly loseAnswer: (call: number) => void;
  /** Every call of this kind is refused until it is allowed again. */
  readonly refuse: (call: Call, code: GitHubErrorCode | null) => void;
  /** A person with write access edits or deletes a comment of ours. */
  readonly tamper: (id: CommentId, body: string | null) => void;
  readonly createdContent: () => number;
}

const OURS = { id: UserId.parse(9), login: "countersign[bot]", type: "Bot" } as const;

/** GitHub's clock has whole seconds. */
const seconds = (clock: Clock): Instant => instant(new Date(Math.floor(clock().getTime() / 1000) * 1000));

/** No two things on GitHub have the same number, in whichever repository. */
let nextId = 1000;

export const fakeGitHub = (clock: Clock): FakeGitHub => {
  const comments: Comment[] = [];
  const checks: Check[] = [];
  const reactions = new Set<string>();
  const labels = new Set<string>();
  const calls: Call[] = [];
  const refused = new Map<Call, GitHubErrorCode>();
  let lost = 0;

  const called = async <T>(call: Call, act: () => T): Promise<T> => {
    calls.push(call);
    const code = refused.get(call);
    if (code !== undefined) throw new GitHubError(code, `${call} is refused`);
    const result = act();
    if (calls.length === lost) throw new GitHubError("network", "the answer is lost");
    return result;
  };

  const urlOf = (one: Comment) => `https://github.com/acme/shop/issues/${one.issue}#issuecomment-${one.id}`;
  const facts = (one: Comment): CommentFacts => ({
    id: one.id,
    body: one.body,
    author: OURS,
    viaAppId: 4,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
  });
  const postedCheck = (check: Check) => ({
    id: check.id,
    at: seconds(clock),
    url: `https://github.com/acme/shop/runs/${check.id}`,
  });

  const speaking: Speaking = {
    createComment: (repo, issue, body) =>
      called("createComment", () => {
        const at = seconds(clock);
        const one = {
          id: CommentId.parse(nextId++),
          repo,
          issue,
          body,
          createdAt: at,
          updatedAt: at,
          minimized: false,
        };
        comments.push(one);
        return { id: one.id, at, url: urlOf(one) };
      }),
    updateComment: (_repo, id, body) =>
      called("updateComment", () => {
        const one = comments.find((each) => each.id === id);
        if (one === undefined) return null;
        one.body = body;
        one.updatedAt = seconds(clock);
        return { id, at: one.updatedAt, url: urlOf(one) };
      }),
    findComments: (repo, issue, marker) =>
      called("findComments", () => ({
        items: comments
          .filter((one) => one.repo === repo && one.issue === issue && one.body.includes(marker))
          .map(facts),
        complete: true,
      })),
    minimizeComment: (_repo, id) =>
      called("minimizeComment", () => {
        const one = comments.find((each) => each.id === id);
        if (one !== undefined) one.minimized = true;
        return one !== undefined;
      }),
    reactToComment: (_repo, id, reaction: Reaction) =>
      called("reactToComment", () => void reactions.add(`${id} ${reaction}`)),
    reactToIssue: (_repo, issue, reaction) =>
      called("reactToIssue", () => void reactions.add(`issue ${issue} ${reaction}`)),
    createCheckRun: (repo, draft) =>
      called("createCheckRun", () => {
        const check = { id: CheckRunId.parse(nextId++), repo, draft };
        checks.push(check);
        return postedCheck(check);
      }),
    updateCheckRun: (_repo, id, draft) =>
      called("updateCheckRun", () => {
        const check = checks.find((each) => each.id === id);
        if (check === undefined) throw new GitHubError("not_found", "no such check run");
        check.draft = draft;
        return postedCheck(check);
      }),
    findCheckRun: (repo, sha, externalId) =>
      called("findCheckRun", () => {
        const check = checks.find(
          (one) => one.repo === repo && one.draft.headSha === sha && one.draft.externalId === externalId,
        );
        return check === undefined ? null : postedCheck(check);
      }),
    addLabels: (_repo, issue, names) =>
      called("addLabels", () => names.forEach((name) => void labels.add(`${issue} ${name}`))),
    removeLabel: (_repo, issue, name) => called("removeLabel", () => void labels.delete(`${issue} ${name}`)),
    closeIssue: () => called("closeIssue", () => undefined),
    reopenIssue: () => called("reopenIssue", () => undefined),
  };

  return {
    speaking: async () => speaking,
    comments,
    checks,
    reactions,
    labels,
    calls,
    loseAnswer: (call) => {
      lost = call;
    },
    refuse: (call, code) => {
      if (code === null) refused.delete(call);
      else refused.set(call, code);
    },
    tamper: (id, body) => {
      const index = comments.findIndex((one) => one.id === id);
      const one = comments[index];
      if (one === undefined) throw new Error(`no comment ${id}`);
      if (body === null) comments.splice(index, 1);
      else Object.assign(one, { body, updatedAt: seconds(clock) });
    },
    createdContent: () =>
      calls.filter((call) => ["createComment", "createCheckRun", "reactToIssue", "reactToComment"].includes(call))
        .length,
  };
};
