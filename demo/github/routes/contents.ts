// Routes that read files, commits and comparisons.

import { resolve } from "../acts/refs.ts";
import { ApiError, notFound } from "../api-error.ts";
import { ancestors, changedFiles, changesPath, commitsBetween, mergeBase } from "../git-history.ts";
import { objectTypeOf, type TreeItem } from "../git-objects.ts";
import { commitShape, compareShape, fileShape } from "../render/commit.ts";
import { htmlUrl, repoUrl } from "../render/repository.ts";
import { list, ok, page, param, type RepoCall, type Route, repoRoute } from "../route.ts";

const contents = [["contents", "read"]] as const;
const LARGEST_INLINE = 1024 * 1024;

const commitAt = (call: RepoCall, ref: string, missing: () => ApiError = notFound): string => {
  const sha = resolve(call.repo, ref);
  if (sha === null) throw missing();
  return sha;
};

const noCommit = (ref: string) => () => new ApiError(422, `No commit found for SHA: ${ref}`);

/** What stands at a path: the root is a folder without a name. */
const itemAt = (call: RepoCall, commit: string, path: string): TreeItem => {
  let item: TreeItem = { mode: "040000", name: "", sha: call.repo.git.commit(commit)?.tree ?? "" };
  for (const part of path.split("/").filter((one) => one !== "")) {
    const next = call.repo.git.tree(item.sha)?.find((one) => one.name === part);
    if (next === undefined) throw notFound();
    item = next;
  }
  return item;
};

const entryShape = (call: RepoCall, ref: string, path: string, item: TreeItem) => {
  const type = objectTypeOf(item.mode);
  const url = `${repoUrl(call.world, call.repo)}/contents/${path}?ref=${ref}`;
  const html = `${htmlUrl(call.world, call.repo)}/blob/${ref}/${path}`;
  return {
    type: item.mode === "120000" ? "symlink" : type === "tree" ? "dir" : type === "commit" ? "submodule" : "file",
    size: type === "blob" ? (call.repo.git.blob(item.sha)?.length ?? 0) : 0,
    name: item.name,
    path,
    sha: item.sha,
    url,
    git_url: `${repoUrl(call.world, call.repo)}/git/${type}s/${item.sha}`,
    html_url: html,
    download_url: type === "blob" ? html : null,
    _links: { self: url, git: url, html },
  };
};

const readContents = (call: RepoCall) => {
  const path = param(call, "path").replaceAll(/^\/+|\/+$/g, "");
  const ref = call.query.get("ref") ?? call.repo.defaultBranch;
  const commit = commitAt(call, ref, () => new ApiError(404, `No commit found for the ref ${ref}`));
  const item = itemAt(call, commit, path);
  if (objectTypeOf(item.mode) === "tree") {
    const inside = call.repo.git.tree(item.sha) ?? [];
    return ok(inside.map((one) => entryShape(call, ref, path === "" ? one.name : `${path}/${one.name}`, one)));
  }
  const entry = entryShape(call, ref, path, item);
  const bytes = call.repo.git.blob(item.sha);
  if (bytes === null) return ok({ ...entry, submodule_git_url: "" });
  if (call.accept.includes("raw"))
    return { status: 200, body: bytes, headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" } };
  if (item.mode === "120000") return ok({ ...entry, target: bytes.toString("utf8") });
  const tooLarge = bytes.length > LARGEST_INLINE;
  // GitHub breaks its base64 into lines of 60.
  const lines = bytes.toString("base64").replaceAll(/.{60}/g, "$&\n");
  return ok({ ...entry, content: tooLarge ? "" : `${lines}\n`, encoding: tooLarge ? "none" : "base64" });
};

export const contentRoutes: readonly Route[] = [
  repoRoute("GET /contents/:path*", contents, readContents),
  repoRoute("GET /commits", contents, (call) => {
    const from = call.query.get("sha") ?? call.repo.defaultBranch;
    const path = call.query.get("path");
    const all = [...ancestors(call.repo.git, commitAt(call, from))];
    const shas = path === null ? all : all.filter((sha) => changesPath(call.repo.git, sha, path));
    return list(call, shas, (sha) => {
      const commit = call.repo.git.commit(sha);
      return commit === null ? null : commitShape(call.world, call.repo, sha, commit);
    });
  }),
  repoRoute("GET /compare/:basehead*", contents, (call) => {
    const [base, head] = param(call, "basehead").split("...");
    if (base === undefined || head === undefined) throw notFound();
    const local = (side: string) =>
      commitAt(call, side.startsWith(`${call.repo.owner.login}:`) ? side.slice(side.indexOf(":") + 1) : side);
    const [from, to] = [local(base), local(head)];
    const fork = mergeBase(call.repo.git, from, to);
    if (fork === null) throw new ApiError(404, `No common ancestor between ${base} and ${head}.`);
    const ahead = commitsBetween(call.repo.git, from, to);
    const { items, headers } = page(call, ahead);
    const isFirst = (call.query.get("page") ?? "1") === "1";
    const shown = { commits: items, files: isFirst ? changedFiles(call.repo.git, fork, to) : [] };
    const body = compareShape(call.world, call.repo, { base: from, head: to, fork, ahead }, shown);
    return { status: 200, body, headers };
  }),
  repoRoute("GET /commits/:ref*", contents, (call) => {
    const ref = param(call, "ref");
    const sha = commitAt(call, ref, noCommit(ref));
    const commit = call.repo.git.commit(sha);
    if (commit === null) throw noCommit(ref)();
    const files = changedFiles(call.repo.git, commit.parents[0] ?? null, sha);
    const sum = (of: "additions" | "deletions" | "changes") => files.reduce((all, file) => all + file[of], 0);
    return ok({
      ...commitShape(call.world, call.repo, sha, commit),
      stats: { total: sum("changes"), additions: sum("additions"), deletions: sum("deletions") },
      files: files.slice(0, 300).map((change) => fileShape(call.world, call.repo, sha, change)),
    });
  }),
];
