// Reads pull requests.
import { z } from "zod";
import { PullNumber, RepoId, Sha } from "../ids.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { AccountAnswer, AuthorAnswer, pageOf } from "./facts.ts";
import type { CommitFacts, PullFacts, Reading } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";

/** Also the answer to opening one. Lists leave `merged` out and have `merged_at`. */
export const PullAnswer = z
  .object({
    number: PullNumber,
    state: z.enum(["open", "closed"]),
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    merged_at: z.string().nullish(),
    merge_commit_sha: Sha.nullish(),
    head: z.object({ sha: Sha, ref: z.string(), repo: z.object({ id: RepoId }).nullish() }),
    base: z.object({ sha: Sha, ref: z.string() }),
    user: AuthorAnswer,
    title: z.string(),
    body: z.string().nullish(),
    html_url: z.string(),
  })
  .transform((pull): PullFacts => {
    const merged = pull.merged ?? (pull.merged_at !== null && pull.merged_at !== undefined);
    return {
      number: pull.number,
      state: pull.state,
      ...(pull.draft === true ? { draft: true } : {}),
      merged,
      // Before the merge GitHub has the SHA of a trial merge there.
      mergeSha: merged ? (pull.merge_commit_sha ?? null) : null,
      headSha: pull.head.sha,
      headRef: pull.head.ref,
      headRepoId: pull.head.repo?.id ?? null,
      baseRef: pull.base.ref,
      baseSha: pull.base.sha,
      author: pull.user,
      title: pull.title,
      body: pull.body ?? "",
      url: pull.html_url,
    };
  });

/** GitHub's limit, at which it stops without a word. */
const MOST_COMMITS = 250;

/** GitHub leaves an account out, or sends an empty object, where no account has the address. */
const Behind = z.union([AccountAnswer, z.unknown().transform(() => null)]);

export const ListedCommit = z
  .object({ sha: Sha, author: Behind, committer: Behind })
  .transform((commit): CommitFacts => commit);

export const readPulls = (client: Client, at: AddressOf): Pick<Reading, "pull" | "pullsByHead" | "pullCommits"> => ({
  pull: (repo, number) => orNull(answer(PullAnswer, client.rest.pulls.get({ ...at(repo), pull_number: number }))),

  pullsByHead: (repo, branch) => {
    const address = at(repo);
    return listed(pageOf(PullAnswer), (page) =>
      client.rest.pulls.list({ ...address, head: `${address.owner}:${branch}`, state: "all", ...page }),
    );
  },

  pullCommits: async (repo, number) => {
    const found = await listed(pageOf(ListedCommit), (page) =>
      client.rest.pulls.listCommits({ ...at(repo), pull_number: number, ...page }),
    );
    return { ...found, complete: found.complete && found.items.length < MOST_COMMITS };
  },
});
