// The write client: the only code that can change a repository. It sends what its permit holds, and takes no other content.
import { z } from "zod";
import type { CrashPoint } from "../crash-points.ts";
import { answer, listed } from "../github/answer.ts";
import { openClient } from "../github/client.ts";
import type { Connection } from "../github/connection.ts";
import { GitHubError } from "../github/errors.ts";
import { pageOf } from "../github/facts.ts";
import type { PullFacts } from "../github/reading.ts";
import { PullAnswer } from "../github/reading-pulls.ts";
import { addressBook } from "../github/repositories.ts";
import type { Token } from "../github/tokens.ts";
import { Sha } from "../ids.ts";
import { treeEdits } from "../patches/tree-after.ts";
import { redeem, type WritePermit } from "./authorize.ts";
import { commitMessage } from "./commit-message.ts";
import type { PatchSetFacts } from "./permit-facts.ts";
import type { Receipts } from "./receipts.ts";

const Named = z.object({ sha: Sha });
const CommitAnswer = z.object({
  sha: Sha,
  tree: Named,
  parents: z.array(Named),
  message: z.string(),
  verification: z.object({ verified: z.boolean() }).nullish(),
});
const RefAnswer = z.object({ ref: z.string(), object: Named });

export type MadeCommit = Readonly<{ sha: Sha; tree: Sha; parents: readonly Sha[]; message: string; verified: boolean }>;

export type WriteClientDeps = Readonly<{
  connection: Connection;
  crash: CrashPoint;
  /** Asked after all waiting, right before each call that changes something; throws to stop. */
  stillWanted: (facts: PatchSetFacts) => Promise<void>;
  /** Waits until something may be created that GitHub counts against the installation. */
  slot: () => Promise<void>;
}>;

/** GitHub counts what people are told of, and commits; blobs and trees are parts of a commit. */
const COUNTED: ReadonlySet<string> = new Set(["create_commit", "create_branch", "advance_branch", "open_pull"]);

export interface WriteClient {
  /** The commit's message, as it was or will be sent. */
  readonly message: string;
  /** Sends one text of the patch set, by its place in the changes. */
  createBlob(position: number): Promise<Sha>;
  createTree(): Promise<Sha>;
  createCommit(): Promise<MadeCommit>;
  branchHead(): Promise<Sha | null>;
  /** Throws GitHubError `unprocessable` when there is one, or rules forbid it. */
  createBranch(commit: Sha): Promise<void>;
  /** Never by force: GitHub refuses unless the commit stands on the head. */
  advanceBranch(commit: Sha): Promise<void>;
  pullsOfBranch(): Promise<readonly PullFacts[]>;
  openPull(): Promise<PullFacts>;
}

/** Throws when permit, row and token are not all three of the same write. */
export const openWriteClient = (
  deps: WriteClientDeps,
  permit: WritePermit,
  row: Receipts,
  token: Token,
  signal: AbortSignal | undefined,
): WriteClient => {
  const facts = redeem(permit, row);
  const { content, repoId } = facts;
  if (token.repos.length !== 1 || token.installation !== facts.installationId)
    throw new Error("this token is another's");
  const address = addressBook(token.repos)(repoId);
  const { git, pulls } = openClient(deps.connection, {
    auth: token.value,
    paceId: String(facts.installationId),
    redirects: "refuse",
    beforeChange: () => deps.stillWanted(facts),
    ...(signal === undefined ? {} : { signal }),
  }).rest;
  const message = commitMessage({
    headline: content.commitHeadline,
    body: content.commitBody,
    deliveryId: facts.deliveryId,
    writeId: facts.writeId,
    digest: facts.digest,
    signatories: facts.approvals.map(({ by }) => by),
  });
  const ref = `heads/${content.branch}`;

  const change = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    await deps.crash(`write.before.${name}`);
    redeem(permit, row);
    if (COUNTED.has(name)) await deps.slot();
    const done = await call();
    await deps.crash(`write.after.${name}`);
    return done;
  };

  return {
    message,

    createBlob: (position) => {
      const text = content.changes[position]?.after;
      if (text === null || text === undefined) throw new Error(`change ${position} has no text to send`);
      const body = { content: Buffer.from(text, "utf8").toString("base64"), encoding: "base64" };
      return change("create_blob", async () => (await answer(Named, git.createBlob({ ...address, ...body }))).sha);
    },

    createTree: () => {
      const tree = treeEdits(content.changes).map(({ path, blob }) => ({
        path,
        mode: blob?.mode ?? ("100644" as const),
        type: "blob" as const,
        sha: blob?.sha ?? null,
      }));
      return change("create_tree", async () => {
        const made = await answer(Named, git.createTree({ ...address, base_tree: content.baseTree, tree }));
        return made.sha;
      });
    },

    createCommit: () =>
      change("create_commit", async () => {
        // Without author and committer GitHub signs it as the App's.
        const call = git.createCommit({ ...address, message, tree: content.tree, parents: [content.parentSha] });
        const made = await answer(CommitAnswer, call);
        return {
          sha: made.sha,
          tree: made.tree.sha,
          parents: made.parents.map((parent) => parent.sha),
          message: made.message,
          verified: made.verification?.verified === true,
        };
      }),

    branchHead: async () => {
      try {
        const found = await answer(RefAnswer, git.getRef({ ...address, ref }));
        return found.ref === `refs/${ref}` ? found.object.sha : null;
      } catch (error) {
        if (error instanceof GitHubError && error.code === "not_found") return null;
        throw error;
      }
    },

    createBranch: (commit) =>
      change("create_branch", async () => {
        await answer(RefAnswer, git.createRef({ ...address, ref: `refs/${ref}`, sha: commit }));
      }),

    advanceBranch: (commit) =>
      change("advance_branch", async () => {
        await answer(RefAnswer, git.updateRef({ ...address, ref, sha: commit, force: false }));
      }),

    pullsOfBranch: async () => {
      const head = `${address.owner}:${content.branch}`;
      const all = await listed(pageOf(PullAnswer), (page) => pulls.list({ ...address, head, state: "all", ...page }));
      if (!all.complete) throw new GitHubError("unexpected_answer", "GitHub listed only some of the pull requests");
      return all.items.filter((pull) => pull.headRef === content.branch && pull.baseRef === content.baseBranch);
    },

    openPull: () =>
      change("open_pull", () =>
        answer(
          PullAnswer,
          pulls.create({
            ...address,
            head: content.branch,
            base: content.baseBranch,
            title: content.pullTitle,
            body: content.pullBody,
          }),
        ),
      ),
  };
};
