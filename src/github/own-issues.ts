// Issues that the app itself keeps, with the token that speaks: opened, found again, and put back as they should be.
import { z } from "zod";
import { type InstallationId, IssueNumber, type RepoId } from "../ids.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { AuthorAnswer, pageOf } from "./facts.ts";
import type { Listed } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";
import type { Self } from "./self.ts";

export type OwnIssue = Readonly<{ id: number; number: IssueNumber; body: string; state: "open" | "closed" }>;

export type OwnIssueText = Readonly<{ title: string; body: string }>;

/** Every method throws GitHubError. Nothing here retries: jobs look first, then act again. */
export interface OwnIssues {
  openIssue(repo: RepoId, text: OwnIssueText): Promise<OwnIssue>;
  /** Title, text and state in one call. Null when the issue is gone. */
  setIssue(repo: RepoId, issue: IssueNumber, to: OwnIssueText & Pick<OwnIssue, "state">): Promise<OwnIssue | null>;
  /** Our app's own issues whose text contains `marker`, in whatever state. */
  findIssues(repo: RepoId, marker: string): Promise<Listed<OwnIssue>>;
}

export type OpenOwnIssues = (
  installation: InstallationId,
  repos: readonly RepoId[],
  signal?: AbortSignal,
) => Promise<OwnIssues>;

const IssueAnswer = z
  .object({
    id: z.number().int().positive(),
    number: IssueNumber,
    body: z.string().nullish(),
    user: AuthorAnswer,
    state: z.enum(["open", "closed"]),
  })
  .transform(({ id, number, body, user, state }) => ({ issue: { id, number, body: body ?? "", state }, author: user }));

export const ownIssues = (
  { rest: { issues } }: Pick<Client, "rest">,
  at: AddressOf,
  us: Pick<Self, "botId" | "botLogin">,
): OwnIssues => ({
  openIssue: async (repo, { title, body }) =>
    (await answer(IssueAnswer, issues.create({ ...at(repo), title, body }))).issue,

  setIssue: async (repo, issue_number, { title, body, state }) =>
    (await orNull(answer(IssueAnswer, issues.update({ ...at(repo), issue_number, title, body, state }))))?.issue ??
    null,

  findIssues: async (repo, marker) => {
    const creator = us.botLogin;
    const all = await listed(pageOf(IssueAnswer), (page) =>
      issues.listForRepo({ ...at(repo), creator, state: "all", ...page }),
    );
    const ours = all.items.filter(({ author, issue }) => author.id === us.botId && issue.body.includes(marker));
    return { items: ours.map(({ issue }) => issue), complete: all.complete };
  },
});
