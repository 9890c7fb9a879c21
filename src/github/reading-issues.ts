// Reads issues and what was said under them.
import { z } from "zod";
import { CommentId, IssueNumber } from "../ids.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { AuthorAnswer, CommentAnswer, pageOf, Time } from "./facts.ts";
import { askGraphql } from "./graphql.ts";
import { MAX_PAGES, PAGE_SIZE } from "./limits.ts";
import type { IssueFacts, LabelPut, Reading } from "./reading.ts";
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

/** Of all events of an issue only these are looked at; the others become none. */
const EventAnswer = z.union([
  z
    .object({
      event: z.literal("labeled"),
      actor: AuthorAnswer.nullish(),
      label: z.object({ name: z.string() }),
      created_at: Time,
    })
    .transform(({ actor, label, created_at: at }): LabelPut => ({ label: label.name, at, by: actor ?? null })),
  z.object({ event: z.string() }).transform(() => null),
]);

const CommentFactsAnswer = CommentAnswer.transform((comment) => comment.facts);

const HIDDEN = `query ($owner: String!, $repo: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $repo) {
    issue(number: $number) {
      comments(last: ${PAGE_SIZE}, before: $before) {
        pageInfo { hasPreviousPage startCursor }
        nodes { fullDatabaseId isMinimized }
      }
    }
  }
}`;

/** A BigInt of GraphQL is text in JSON. */
const BigId = z.union([z.string().regex(/^\d+$/).transform(Number), z.number()]).pipe(CommentId);

const HiddenAnswer = z.object({
  pageInfo: z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullable() }),
  nodes: z.array(z.object({ fullDatabaseId: BigId, isMinimized: z.boolean() }).nullable()),
});
type HiddenAnswer = z.infer<typeof HiddenAnswer>;

const HiddenPage = z.object({
  repository: z.object({ issue: z.object({ comments: HiddenAnswer }).nullable() }).nullable(),
});

export const readIssues = (
  client: Client,
  at: AddressOf,
): Pick<Reading, "issue" | "labeledIssues" | "labelPuts" | "comment" | "comments" | "hiddenComments"> => ({
  issue: (repo, number) => orNull(answer(IssueAnswer, client.rest.issues.get({ ...at(repo), issue_number: number }))),

  labeledIssues: (repo, label, since) =>
    listed(pageOf(IssueAnswer), (page) =>
      client.rest.issues.listForRepo({
        ...at(repo),
        labels: label,
        state: "open",
        since,
        sort: "updated",
        direction: "asc",
        ...page,
      }),
    ),

  labelPuts: async (repo, number) => {
    const events = await listed(pageOf(EventAnswer), (page) =>
      client.rest.issues.listEvents({ ...at(repo), issue_number: number, ...page }),
    );
    return { ...events, items: events.items.filter((one) => one !== null) };
  },

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

  // From the newest on, until all that are asked about were seen: mostly one request.
  hiddenComments: async (repo, number, ids) => {
    const wanted = new Set(ids);
    const hidden = new Set<CommentId>();
    let before: string | null = null;
    for (let page = 0; page < MAX_PAGES && wanted.size > 0; page++) {
      const variables: Record<string, unknown> = { ...at(repo), number, before };
      const refused = "GitHub refused to tell which comments are hidden";
      const comments: HiddenAnswer | undefined = (await askGraphql(client, HiddenPage, HIDDEN, variables, refused))
        ?.repository?.issue?.comments;
      if (comments === undefined) break;
      for (const node of comments.nodes) {
        if (node !== null && wanted.delete(node.fullDatabaseId) && node.isMinimized) hidden.add(node.fullDatabaseId);
      }
      if (!comments.pageInfo.hasPreviousPage || comments.pageInfo.startCursor === null) break;
      before = comments.pageInfo.startCursor;
    }
    return hidden;
  },
});
