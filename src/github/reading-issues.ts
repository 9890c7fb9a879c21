// Reads issues and what was said under them.
import { z } from "zod";
import { IssueNumber } from "../ids.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { AuthorAnswer, CommentAnswer, pageOf, Time } from "./facts.ts";
import type { IssueFacts, Reading } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";

const LabelAnswer = z.union([
  z.string(),
  z.object({ name: z.string().nullish() }).transform((label) => label.name ?? ""),
]);

const IssueAnswer = z
  .object({
    id: z.number().int().positive(),
    number: IssueNumber,
    title: z.string(),
    body: z.string().nullish(),
    user: AuthorAnswer,
    state: z.enum(["open", "closed"]),
    labels: z.array(LabelAnswer),
    pull_request: z.unknown().optional(),
    updated_at: Time,
  })
  .transform(
    (issue): IssueFacts => ({
      id: issue.id,
      number: issue.number,
      title: issue.title,
      body: issue.body ?? "",
      author: issue.user,
      state: issue.state,
      labels: issue.labels.filter((label) => label !== ""),
      isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
      updatedAt: issue.updated_at,
    }),
  );

const CommentFactsAnswer = CommentAnswer.transform((comment) => comment.facts);

export const readIssues = (client: Client, at: AddressOf): Pick<Reading, "issue" | "comment" | "comments"> => ({
  issue: (repo, number) => orNull(answer(IssueAnswer, client.rest.issues.get({ ...at(repo), issue_number: number }))),

  comment: (repo, id) =>
    orNull(answer(CommentFactsAnswer, client.rest.issues.getComment({ ...at(repo), comment_id: id }))),

  comments: (repo, number, since) =>
    listed(pageOf(CommentFactsAnswer), (page) =>
      client.rest.issues.listComments({
        ...at(repo),
        issue_number: number,
        ...page,
        ...(since === null ? {} : { since }),
      }),
    ),
});
