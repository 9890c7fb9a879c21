// Routes of the git data API: blobs, trees, commits and refs, with git's own names.
import { z } from "zod";
import { createRef, deleteRef, moveRef, resolve, signatureOf } from "../acts/refs.ts";
import { notFound, unprocessable } from "../api-error.ts";
import { BLOB_MODES, type FileEntry, objectTypeOf, type Signature, type TreeItem } from "../git-objects.ts";
import { gitCommitShape, WEB_FLOW } from "../render/commit.ts";
import { nodeId } from "../render/people.ts";
import { repoUrl } from "../render/repository.ts";
import { created, list, noContent, ok, param, type RepoCall, type Route, read, repoRoute } from "../route.ts";

const reading = [["contents", "read"]] as const;
const writing = [["contents", "write"]] as const;
const LARGEST_TREE = 100_000;

const Blob = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });
const Entry = z.object({
  path: z.string(),
  mode: z.enum([...BLOB_MODES, "040000", "160000"]),
  type: z.enum(["blob", "tree", "commit"]).optional(),
  sha: z.string().nullable().optional(),
  content: z.string().optional(),
});
const Tree = z.object({ base_tree: z.string().optional(), tree: z.array(Entry) });
const Person = z.object({
  name: z.string().min(1),
  email: z.string().min(1),
  date: z.iso.datetime({ offset: true }).optional(),
});
const Commit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Person.optional(),
  committer: Person.optional(),
});

const malformed = (path: string): boolean =>
  path === "" ||
  path.includes("\0") ||
  path.split("/").some((part) => ["", ".", ".."].includes(part) || part.toLowerCase() === ".git");

/** The tree of a tree's, commit's or branch's name. */
const treeAt = (call: RepoCall, name: string): string => {
  const { git } = call.repo;
  if (git.typeOf(name) === "tree") return name;
  const tree = git.commit(resolve(call.repo, name) ?? "")?.tree;
  if (tree === undefined) throw notFound();
  return tree;
};

const put = (call: RepoCall, files: Map<string, FileEntry>, entry: z.infer<typeof Entry>): void => {
  const { git } = call.repo;
  const { path, mode } = entry;
  if (malformed(path)) throw unprocessable("tree.path contains a malformed path component");
  if (entry.sha === null) {
    const gone = [...files.keys()].filter((known) => known === path || known.startsWith(`${path}/`));
    if (gone.length === 0) throw unprocessable("GitRPC::BadObjectState");
    for (const known of gone) files.delete(known);
    return;
  }
  const sha = entry.sha ?? (entry.content === undefined ? undefined : git.putBlob(Buffer.from(entry.content)));
  if (sha === undefined) throw unprocessable("Must supply tree.sha or tree.content");
  const type = objectTypeOf(mode);
  if (type !== "commit" && git.typeOf(sha) !== type) throw unprocessable(`tree.sha ${sha} is not a valid ${type}`);
  // A file takes the place of a folder and the other way round: no path can be both.
  for (const known of [...files.keys()])
    if (known.startsWith(`${path}/`) || path.startsWith(`${known}/`)) files.delete(known);
  if (type !== "tree") files.set(path, { mode, sha });
  else for (const [inside, file] of git.files(sha)) files.set(`${path}/${inside}`, file);
};

const treeItem = (call: RepoCall, path: string, item: TreeItem) => {
  const type = objectTypeOf(item.mode);
  const size = type === "blob" ? { size: call.repo.git.blob(item.sha)?.length ?? 0 } : {};
  const url = type === "commit" ? {} : { url: `${repoUrl(call.world, call.repo)}/git/${type}s/${item.sha}` };
  return { path, mode: item.mode, type, sha: item.sha, ...size, ...url };
};

const treeShape = (call: RepoCall, sha: string, recursive: boolean) => {
  const items: unknown[] = [];
  if (recursive) call.repo.git.walk(sha, (path, item) => items.push(treeItem(call, path, item)));
  else for (const item of call.repo.git.tree(sha) ?? []) items.push(treeItem(call, item.name, item));
  const url = `${repoUrl(call.world, call.repo)}/git/trees/${sha}`;
  return { sha, url, tree: items.slice(0, LARGEST_TREE), truncated: items.length > LARGEST_TREE };
};

const refShape = (call: RepoCall, ref: string, sha: string) => ({
  ref,
  node_id: nodeId("REF", call.repo.id),
  url: `${repoUrl(call.world, call.repo)}/git/${ref}`,
  object: { sha, type: "commit", url: `${repoUrl(call.world, call.repo)}/git/commits/${sha}` },
});

const createCommit = (call: RepoCall) => {
  const wanted = read(Commit, call.body);
  const { git } = call.repo;
  if (git.typeOf(wanted.tree) !== "tree") throw unprocessable("Tree SHA does not exist");
  for (const parent of wanted.parents)
    if (git.commit(parent) === null) throw unprocessable("Parent SHA does not exist or is not a commit object");
  const now = call.world.now();
  const named = (person: z.infer<typeof Person>): Signature => ({
    name: person.name,
    email: person.email,
    at: person.date === undefined ? now : new Date(person.date),
  });
  const own = signatureOf(call.actor.account, now);
  const author = wanted.author === undefined ? own : named(wanted.author);
  // What an app commits in its own name is committed and signed by GitHub.
  const signed = wanted.author === undefined && wanted.committer === undefined;
  const committer =
    wanted.committer !== undefined ? named(wanted.committer) : signed ? { ...WEB_FLOW, at: now } : author;
  const facts = { tree: wanted.tree, parents: wanted.parents, author, committer, message: wanted.message, signed };
  return created(gitCommitShape(call.world, call.repo, git.putCommit(facts), facts));
};

const RefDraft = z.object({ ref: z.string(), sha: z.string() });
const RefMove = z.object({ sha: z.string(), force: z.boolean().default(false) });

export const gitRoutes: readonly Route[] = [
  repoRoute("POST /git/blobs", writing, (call) => {
    const { content, encoding } = read(Blob, call.body);
    const sha = call.repo.git.putBlob(Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
    return created({ sha, url: `${repoUrl(call.world, call.repo)}/git/blobs/${sha}` });
  }),
  repoRoute("GET /git/blobs/:sha", reading, (call) => {
    const sha = param(call, "sha");
    const bytes = call.repo.git.blob(sha);
    if (bytes === null) throw notFound();
    if (call.accept.includes("raw"))
      return {
        status: 200,
        body: bytes,
        headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
      };
    const url = `${repoUrl(call.world, call.repo)}/git/blobs/${sha}`;
    const content = bytes.toString("base64").replaceAll(/.{60}/g, "$&\n");
    return ok({ sha, node_id: nodeId("B", call.repo.id), size: bytes.length, url, content, encoding: "base64" });
  }),
  repoRoute("POST /git/trees", writing, (call) => {
    const wanted = read(Tree, call.body);
    if (wanted.tree.length === 0) throw unprocessable("Invalid tree info");
    const files =
      wanted.base_tree === undefined
        ? new Map<string, FileEntry>()
        : call.repo.git.files(treeAt(call, wanted.base_tree));
    for (const entry of wanted.tree) put(call, files, entry);
    return created(treeShape(call, call.repo.git.putFiles(files), false));
  }),
  repoRoute("GET /git/trees/:name*", reading, (call) =>
    ok(treeShape(call, treeAt(call, param(call, "name")), call.query.has("recursive"))),
  ),
  repoRoute("POST /git/commits", writing, createCommit),
  repoRoute("GET /git/commits/:sha", reading, (call) => {
    const sha = param(call, "sha");
    const commit = call.repo.git.commit(sha);
    if (commit === null) throw notFound();
    return ok(gitCommitShape(call.world, call.repo, sha, commit));
  }),
  repoRoute("GET /git/ref/:ref*", reading, (call) => {
    const ref = `refs/${param(call, "ref")}`;
    const sha = call.repo.refs.get(ref);
    if (sha === undefined) throw notFound();
    return ok(refShape(call, ref, sha));
  }),
  repoRoute("GET /git/matching-refs/:ref*", reading, (call) => {
    const found = [...call.repo.refs].filter(([ref]) => ref.startsWith(`refs/${param(call, "ref")}`));
    return list(call, found, ([ref, sha]) => refShape(call, ref, sha));
  }),
  repoRoute("POST /git/refs", writing, (call) => {
    const { ref, sha } = read(RefDraft, call.body);
    createRef(call.world, call.repo, call.actor, ref, sha, call.permissions);
    return created(refShape(call, ref, sha));
  }),
  repoRoute("PATCH /git/refs/:ref*", writing, (call) => {
    const ref = `refs/${param(call, "ref")}`;
    const { sha, force } = read(RefMove, call.body);
    moveRef(call.world, call.repo, call.actor, ref, sha, { force, permissions: call.permissions });
    return ok(refShape(call, ref, sha));
  }),
  repoRoute("DELETE /git/refs/:ref*", writing, (call) => {
    deleteRef(call.world, call.repo, call.actor, `refs/${param(call, "ref")}`);
    return noContent();
  }),
];
