// The speaking port over GitHub's REST API, with GraphQL for the one call that REST lacks. Nothing here is tried twice.
import { z } from "zod";
import { CheckRunId } from "../ids.ts";
import { instant } from "../instant.ts";
import { answer, listed, orNull, type Page, parsed } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError } from "./errors.ts";
import { CommentAnswer, pageOf, Time } from "./facts.ts";
import { askGraphql } from "./graphql.ts";
import type { Listed } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";
import type { CheckRunDraft, Posted, Speaking } from "./speaking.ts";

/** Our App's numbers: names can be taken by others. */
export type OurAccount = Readonly<{ appId: number; botId: number }>;

const PostedComment = CommentAnswer.transform(({ facts, url }) => ({ id: facts.id, at: facts.updatedAt, url }));

const CheckRunAnswer = z.object({
  id: CheckRunId,
  external_id: z.string().nullish(),
  html_url: z.string().nullish(),
  started_at: Time.nullish(),
  completed_at: Time.nullish(),
  app: z.object({ id: z.number().int() }).nullish(),
});
type CheckRunAnswer = z.infer<typeof CheckRunAnswer>;

const CheckRunPage: z.ZodType<Page<CheckRunAnswer>> = z
  .object({ total_count: z.number().int(), check_runs: z.array(CheckRunAnswer) })
  .transform((page) => ({ items: page.check_runs, total: page.total_count }));

/** GitHub's own clock, from the answer's `date`; a check run's times tell of its first completion only. */
const dated = (date: string | undefined, run: CheckRunAnswer): Posted<CheckRunId> => {
  const said = date === undefined || Number.isNaN(Date.parse(date)) ? null : instant(date);
  const at = said ?? run.completed_at ?? run.started_at;
  if (at === null || at === undefined) throw new GitHubError("unexpected_answer", "GitHub's check run has no time");
  return { id: run.id, at, url: run.html_url ?? "" };
};

const bodyOf = (draft: CheckRunDraft) => ({
  name: draft.name,
  external_id: draft.externalId,
  ...(draft.detailsUrl === null ? {} : { details_url: draft.detailsUrl }),
  output: { title: draft.title, summary: draft.summary, ...(draft.text === null ? {} : { text: draft.text }) },
  actions: draft.actions.map((action) => ({ ...action })),
});

const annotationsOf = ({ annotations = [] }: CheckRunDraft) =>
  annotations.map(({ path, line, level, title, message }) => ({
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title,
    message,
  }));

/** GitHub takes a conclusion with `completed` and with nothing else. Throws RangeError for a completed run without. */
const progressOf = (draft: CheckRunDraft) => {
  if (draft.status !== "completed") return { status: draft.status };
  if (draft.conclusion === null) throw new RangeError("a completed check run needs a conclusion");
  return { status: draft.status, conclusion: draft.conclusion };
};

const MINIMIZE = `mutation ($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }
}`;

const Minimized = z.object({ minimizeComment: z.object({ minimizedComment: z.object({ isMinimized: z.boolean() }) }) });

export const restSpeaking = (client: Client, at: AddressOf, us: OurAccount): Speaking => {
  const { issues, checks, reactions } = client.rest;

  const findComments: Speaking["findComments"] = async (repo, issue, marker) => {
    const all = await listed(pageOf(CommentAnswer), (page) =>
      issues.listComments({ ...at(repo), issue_number: issue, ...page }),
    );
    const ours = all.items.filter(
      ({ facts }) =>
        facts.author.id === us.botId &&
        (facts.viaAppId === null || facts.viaAppId === us.appId) &&
        facts.body.includes(marker),
    );
    return { items: ours.map((comment) => comment.facts), complete: all.complete };
  };

  const minimizeComment: Speaking["minimizeComment"] = async (repo, id) => {
    const comment = await orNull(answer(CommentAnswer, issues.getComment({ ...at(repo), comment_id: id })));
    if (comment === null) return false;
    const refused = "GitHub refused to fold the comment";
    const done = await askGraphql(client, Minimized, MINIMIZE, { id: comment.nodeId }, refused);
    return done?.minimizeComment.minimizedComment.isMinimized ?? false;
  };

  const findCheckRun: Speaking["findCheckRun"] = async (repo, sha, externalId) => {
    const all: Listed<CheckRunAnswer> = await listed(CheckRunPage, (page) =>
      checks.listForRef({ ...at(repo), ref: sha, filter: "all", app_id: us.appId, ...page }),
    );
    const found = all.items.find(
      (run) => run.external_id === externalId && (run.app === null || run.app === undefined || run.app.id === us.appId),
    );
    if (found !== undefined) return dated(undefined, found);
    if (!all.complete) throw new GitHubError("unexpected_answer", "GitHub listed only some of the check runs");
    return null;
  };

  return {
    findComments,
    minimizeComment,
    findCheckRun,

    createComment: (repo, issue, body) =>
      answer(PostedComment, issues.createComment({ ...at(repo), issue_number: issue, body })),

    updateComment: (repo, id, body) =>
      orNull(answer(PostedComment, issues.updateComment({ ...at(repo), comment_id: id, body }))),

    reactToComment: async (repo, id, reaction) => {
      await reactions.createForIssueComment({ ...at(repo), comment_id: id, content: reaction });
    },

    reactToIssue: async (repo, issue, reaction) => {
      await reactions.createForIssue({ ...at(repo), issue_number: issue, content: reaction });
    },

    createCheckRun: async (repo, draft) => {
      const { output, ...body } = bodyOf(draft);
      const annotations = annotationsOf(draft);
      const made = await checks.create({
        ...at(repo),
        head_sha: draft.headSha,
        ...body,
        output: annotations.length === 0 ? output : { ...output, annotations },
        ...progressOf(draft),
      });
      return dated(made.headers.date, parsed(CheckRunAnswer, made.data));
    },

    updateCheckRun: async (repo, id, draft) => {
      const made = await checks.update({ ...at(repo), check_run_id: id, ...bodyOf(draft), ...progressOf(draft) });
      return dated(made.headers.date, parsed(CheckRunAnswer, made.data));
    },

    addLabels: async (repo, issue, labels) => {
      await issues.addLabels({ ...at(repo), issue_number: issue, labels: [...labels] });
    },

    removeLabel: async (repo, issue, label) => {
      await orNull(issues.removeLabel({ ...at(repo), issue_number: issue, name: label }));
    },

    reopenIssue: async (repo, issue) => {
      await issues.update({ ...at(repo), issue_number: issue, state: "open", state_reason: "reopened" });
    },

    closeIssue: async (repo, issue, as) => {
      await issues.update({ ...at(repo), issue_number: issue, state: "closed", state_reason: as });
    },
  };
};
