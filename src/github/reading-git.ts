// Reads commits, trees and files; what is fetched by its SHA is checked against it.
import { z } from "zod";
import { Sha } from "../ids.ts";
import { blobSha } from "../patches/git-objects.ts";
import { answer, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError } from "./errors.ts";

import type { Reading, TreeEntry } from "./reading.ts";
import { ListedCommit } from "./reading-pulls.ts";
import type { AddressOf } from "./repositories.ts";

const CommitAnswer = z
  .object({
    sha: Sha,
    commit: z.object({ message: z.string(), tree: z.object({ sha: Sha }) }),
    parents: z.array(z.object({ sha: Sha })),
  })
  .transform(({ sha, commit, parents }) => ({
    sha,
    tree: commit.tree.sha,
    parents: parents.map((parent) => parent.sha),
    message: commit.message,
  }));

const TreeEntryAnswer = z
  .object({
    path: z.string(),
    mode: z.string(),
    type: z.enum(["blob", "tree", "commit"]),
    sha: Sha,
    size: z.number().int().nonnegative().nullish(),
  })
  .transform((entry): TreeEntry => ({ ...entry, size: entry.size ?? null }));

const TreeAnswer = z.object({ tree: z.array(TreeEntryAnswer), truncated: z.boolean() });

const BlobAnswer = z.object({ sha: Sha, content: z.string(), encoding: z.enum(["base64", "utf-8"]) });

/** A directory is answered with an array, a symlink or submodule with another type; from 1 MB on the content is left out. */
const ContentsAnswer = z.union([
  z.array(z.unknown()).transform(() => null),
  z
    .object({ type: z.string(), sha: Sha, encoding: z.string().nullish(), content: z.string().nullish() })
    .transform(({ type, sha, encoding, content }) => (type === "file" ? { sha, encoding, content } : null)),
]);

const RefAnswer = z.object({ ref: z.string(), object: z.object({ type: z.string(), sha: Sha }) });

const CompareAnswer = z.object({ status: z.enum(["ahead", "behind", "identical", "diverged"]) });
const MergeBaseAnswer = z.object({ merge_base_commit: z.object({ sha: Sha }) });

const COMMITS_AT_ONCE = 30;

/** Throws GitHubError when the bytes are not the ones that the SHA names. */
const checked = (sha: Sha, content: string, encoding: "base64" | "utf8"): Uint8Array => {
  const bytes = new Uint8Array(Buffer.from(content, encoding));
  if (blobSha(bytes) !== sha) throw new GitHubError("unexpected_answer", `GitHub's blob ${sha} has other contents`);
  return bytes;
};

const textOf = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** GitHub answers 422 for a ref that is no commit, and 409 in an empty repository. */
const nullWithoutCommit = async <T>(call: Promise<T>): Promise<T | null> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof GitHubError && ["not_found", "unprocessable", "conflict"].includes(error.code)) return null;
    throw error;
  }
};

export const readGit = (
  client: Client,
  at: AddressOf,
): Pick<
  Reading,
  "file" | "textAt" | "commit" | "commitsOf" | "tree" | "folder" | "blob" | "branchHead" | "compare" | "mergeBase"
> => {
  const { git, repos } = client.rest;

  const blob: Reading["blob"] = async (repo, sha) => {
    const found = await answer(BlobAnswer, git.getBlob({ ...at(repo), file_sha: sha }));
    return checked(sha, found.content, found.encoding === "base64" ? "base64" : "utf8");
  };

  const textAt: Reading["textAt"] = async (repo, path, ref) => {
    const call = answer(ContentsAnswer, repos.getContent({ ...at(repo), path, ref }));
    const found = await nullWithoutCommit(call.then((entry) => ({ entry })));
    if (found === null) return { kind: "absent" };
    if (found.entry === null) return { kind: "unreadable" };
    const { sha, encoding, content } = found.entry;
    const bytes =
      encoding === "base64" && typeof content === "string" ? checked(sha, content, "base64") : await blob(repo, sha);
    const text = textOf(bytes);
    return text === null ? { kind: "unreadable" } : { kind: "text", text, blob: sha };
  };

  return {
    blob,

    textAt,

    file: async (repo, path, ref) => {
      const found = await textAt(repo, path, ref);
      return found.kind === "text" ? { text: found.text, blob: found.blob } : null;
    },

    commit: (repo, ref) => nullWithoutCommit(answer(CommitAnswer, repos.getCommit({ ...at(repo), ref, per_page: 1 }))),

    tree: async (repo, tree) => {
      const found = await answer(TreeAnswer, git.getTree({ ...at(repo), tree_sha: tree, recursive: "1" }));
      return { items: found.tree, complete: !found.truncated };
    },

    folder: async (repo, tree) => {
      const found = await answer(TreeAnswer, git.getTree({ ...at(repo), tree_sha: tree }));
      return { items: found.tree, complete: !found.truncated };
    },

    branchHead: async (repo, branch) => {
      const found = await nullWithoutCommit(answer(RefAnswer, git.getRef({ ...at(repo), ref: `heads/${branch}` })));
      return found !== null && found.ref === `refs/heads/${branch}` ? found.object.sha : null;
    },

    compare: async (repo, base, head) => {
      const call = repos.compareCommitsWithBasehead({ ...at(repo), basehead: `${base}...${head}`, per_page: 1 });
      return (await orNull(answer(CompareAnswer, call)))?.status ?? null;
    },

    commitsOf: async (repo, path, from) => {
      const call = repos.listCommits({ ...at(repo), path, sha: from, per_page: COMMITS_AT_ONCE });
      const items = await answer(z.array(ListedCommit), call);
      return { items, complete: items.length < COMMITS_AT_ONCE };
    },

    mergeBase: async (repo, base, head) => {
      const call = repos.compareCommitsWithBasehead({ ...at(repo), basehead: `${base}...${head}`, per_page: 1 });
      return (await nullWithoutCommit(answer(MergeBaseAnswer, call)))?.merge_base_commit.sha ?? null;
    },
  };
};
