// The local GitHub's git: objects that git itself would name alike, and refs that move as GitHub lets them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { ALL, asInstallation, type Caller, start } from "./support.ts";

const R = "/repos/acme/shop";
const Named = z.object({ sha: z.string() });
const Tree = z.object({
  sha: z.string(),
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() })),
  truncated: z.boolean(),
});

let github: LocalGitHub;
let app: Caller;
beforeEach(async () => {
  github = await start();
  app = await asInstallation(github, ALL);
});
afterEach(() => github.close());

const post = async (path: string, body: unknown): Promise<string> => {
  const answer = await app("POST", R + path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return Named.parse(answer.body).sha;
};
const base = (): string => github.repo("acme/shop").head() ?? "";

/** A commit on the base that writes one file. */
const commitOf = async (path: string, content: string, parent = base()): Promise<string> => {
  const tree = await post("/git/trees", { base_tree: parent, tree: [{ path, mode: "100644", type: "blob", content }] });
  return post("/git/commits", { message: `Change ${path}`, tree, parents: [parent] });
};

test("objects have the names that git gave them", async () => {
  // Printed once by `git hash-object`, `git mktree` and `git hash-object -t commit` of git 2.39.
  expect(await post("/git/blobs", { content: "hello\n" })).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  expect(await post("/git/blobs", { content: "", encoding: "utf-8" })).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  const binary = Buffer.from([0, 255, 10]).toString("base64");
  expect(await post("/git/blobs", { content: binary, encoding: "base64" })).toBe(
    "506cd141ad4a679eee22d6a21dd267cca5734b92",
  );
  const tree = await post("/git/trees", { tree: [{ path: "hello.txt", mode: "100644", content: "hello\n" }] });
  expect(tree).toBe("aaa96ced2d9a1c8e72c56b253a0e2fe78393feb7");
  const who = { name: "Mona", email: "mona@example.org", date: "2026-11-21T10:00:00Z" };
  const commit = await post("/git/commits", { message: "One\n", tree, parents: [], author: who, committer: who });
  expect(commit).toBe("0b7502ec38a6293c1843252bbf0afa4a143c6f74");
});

test.skipIf(spawnSync("git", ["--version"]).status !== 0)(
  "git reads every object and finds nothing wrong",
  async () => {
    const commit = await commitOf("src/deep/er/new.js", "export {};\n");
    github.as("mona").push("topic", { "README.md": "# Other\n", "bin/run": null }, { message: "By hand" });
    const folder = mkdtempSync(join(tmpdir(), "countersign-git-"));
    const git = (args: string[], input?: Buffer): string =>
      execFileSync("git", ["-C", folder, ...args], { input: input ?? Buffer.alloc(0), encoding: "utf8" }).trim();
    try {
      git(["init", "-q", "--bare", "."]);
      const view = github.repo("acme/shop");
      const seen = new Set<string>();
      const store = (sha: string): void => {
        const object = view.object(sha);
        if (object === null || seen.has(sha)) return;
        seen.add(sha);
        expect(git(["hash-object", "-w", "-t", object.type, "--stdin"], object.body)).toBe(sha);
        const listed =
          object.type === "tree" ? git(["ls-tree", sha]) : object.type === "commit" ? object.body.toString() : "";
        for (const [name] of listed.matchAll(/\b[0-9a-f]{40}\b/g)) store(name);
      };
      for (const sha of [commit, view.head("topic") ?? ""]) {
        store(sha);
        const listed = git(["ls-tree", "-r", sha])
          .split("\n")
          .map((line) => line.split(/\s+/));
        const files = [...view.files(sha)].map(([path, entry]) => [entry.mode, entry.sha, path]);
        expect(listed.map(([mode, , name, path]) => [mode, name, path]).sort()).toEqual(files.sort());
      }
      git(["update-ref", "refs/heads/main", commit]);
      git(["symbolic-ref", "HEAD", "refs/heads/main"]);
      expect(git(["fsck", "--strict", "--no-dangling"])).toBe("");
      expect(seen.size).toBeGreaterThan(12);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("a tree on a base keeps modes, replaces, adds and removes", async () => {
  const sha = await post("/git/trees", {
    base_tree: base(),
    tree: [
      { path: "src/slug.js", mode: "100644", type: "blob", content: "new\n" },
      { path: "src/a/b.js", mode: "100644", type: "blob", content: "b\n" },
      { path: "README.md", mode: "100644", type: "blob", sha: null },
    ],
  });
  const listed = Tree.parse((await app("GET", `${R}/git/trees/${sha}?recursive=1`)).body);
  expect(listed.truncated).toBe(false);
  expect(listed.tree.map(({ path, mode, type }) => `${mode} ${type} ${path}`)).toEqual([
    "040000 tree bin",
    "100755 blob bin/run",
    "100644 blob src.txt",
    "040000 tree src",
    "040000 tree src/a",
    "100644 blob src/a/b.js",
    "120000 blob src/latest",
    "100644 blob src/slug.js",
  ]);
});

test("a tree refuses what GitHub refuses", async () => {
  const missing = "1".repeat(40);
  const refused = [
    { path: "../x", mode: "100644", content: "x" },
    { path: "a/.git/config", mode: "100644", content: "x" },
    { path: "/x", mode: "100644", content: "x" },
    { path: "a//x", mode: "100644", content: "x" },
    { path: "x", mode: "100777", content: "x" },
    { path: "x", mode: "100644", sha: missing },
    { path: "not/there", mode: "100644", sha: null },
    { path: "x", mode: "100644" },
  ];
  for (const entry of refused) {
    const answer = await app("POST", `${R}/git/trees`, { base_tree: base(), tree: [entry] });
    expect(answer.status, JSON.stringify(entry)).toBe(422);
  }
});

test("a commit without author or committer is the app's, signed by GitHub; one with an author is not signed", async () => {
  const tree = await post("/git/trees", { tree: [{ path: "a", mode: "100644", content: "a\n" }] });
  const own = await app("POST", `${R}/git/commits`, { message: "m", tree, parents: [base()] });
  const bot = { name: "countersign[bot]", email: `${github.app().botId}+countersign[bot]@users.noreply.github.com` };
  expect(own.body).toMatchObject({ author: bot, committer: { name: "GitHub" }, verification: { verified: true } });
  const author = { name: "Mona", email: "mona@example.org" };
  const named = await app("POST", `${R}/git/commits`, { message: "m", tree, parents: [base()], author });
  expect(named.body).toMatchObject({ author, verification: { verified: false, reason: "unsigned" } });
  const { sha } = Named.parse(own.body);
  expect((await app("GET", `${R}/commits/${sha}`)).body).toMatchObject({
    author: { id: github.app().botId, type: "Bot" },
  });
  expect((await app("POST", `${R}/git/commits`, { message: "m", tree: "2".repeat(40), parents: [] })).status).toBe(422);
});

test("a ref is made once, moves forward only, and never to what is not there", async () => {
  const one = await commitOf("a.txt", "one\n");
  const ref = "refs/heads/countersign/d-1";
  expect((await app("POST", `${R}/git/refs`, { ref, sha: "3".repeat(40) })).body).toMatchObject({
    message: "Object does not exist",
  });
  expect(await app("POST", `${R}/git/refs`, { ref, sha: one })).toMatchObject({
    status: 201,
    body: { ref, object: { sha: one } },
  });
  expect(await app("POST", `${R}/git/refs`, { ref, sha: one })).toMatchObject({
    status: 422,
    body: { message: "Reference already exists" },
  });
  expect((await app("GET", `${R}/git/ref/heads/countersign/d-1`)).body).toMatchObject({ object: { sha: one } });
  const sideways = await commitOf("a.txt", "other\n");
  const move = (sha: string, force = false) => app("PATCH", `${R}/git/refs/heads/countersign/d-1`, { sha, force });
  expect((await move(sideways)).body).toMatchObject({ message: "Update is not a fast forward" });
  const next = await commitOf("a.txt", "two\n", one);
  expect((await move(next)).status).toBe(200);
  expect((await move(sideways, true)).status).toBe(200);
  expect((await app("GET", `${R}/git/ref/heads/none`)).status).toBe(404);
  expect((await app("POST", `${R}/git/refs`, { ref: "heads/x", sha: one })).status).toBe(422);
});

test("an app without the workflows permission cannot bring workflow files to a branch", async () => {
  const sha = await commitOf(".github/workflows/evil.yml", "on: push\n");
  expect((await app("POST", `${R}/git/refs`, { ref: "refs/heads/evil", sha })).status).toBe(403);
  const onTop = await commitOf("a.txt", "a\n", sha);
  expect((await app("POST", `${R}/git/refs`, { ref: "refs/heads/evil", sha: onTop })).status).toBe(403);
  // What the base has already may be branched from.
  github.as("mona").push("main", { ".github/workflows/ci.yml": "on: push\n" });
  const harmless = await commitOf("a.txt", "a\n");
  expect((await app("POST", `${R}/git/refs`, { ref: "refs/heads/fine", sha: harmless })).status).toBe(201);
});

test("files are read by branch, commit and path, folders and modes told apart", async () => {
  const file = await app("GET", `${R}/contents/src/slug.js?ref=main`);
  const content = z.object({ content: z.string(), encoding: z.literal("base64") }).parse(file.body).content;
  expect(Buffer.from(content, "base64").toString()).toBe("export const slug = (text) => text;\n");
  expect(file.body).toMatchObject({
    type: "file",
    size: 36,
    sha: github.repo("acme/shop").files().get("src/slug.js")?.sha,
  });
  expect((await app("GET", `${R}/contents/src`)).body).toMatchObject([
    { name: "latest", type: "symlink" },
    { name: "slug.js", type: "file" },
  ]);
  expect((await app("GET", `${R}/contents/src/latest`)).body).toMatchObject({ type: "symlink", target: "slug.js" });
  for (const path of ["/contents/none", "/contents/src/slug.js?ref=none", "/contents/README.md/x"])
    expect((await app("GET", R + path)).status, path).toBe(404);
});

test("a comparison says how two commits lie and shows what the second changed since they parted", async () => {
  const old = base();
  const head = await commitOf("src/slug.js", "export const slug = (text) => text.trim();\n");
  github.as("mona").push("main", { "README.md": "# Shop 2\n" });
  const compare = async (range: string) => (await app("GET", `${R}/compare/${range}`)).body;
  expect(await compare(`${old}...${head}`)).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
  expect(await compare(`${head}...${old}`)).toMatchObject({ status: "behind" });
  expect(await compare("main...main")).toMatchObject({ status: "identical", files: [] });
  expect(await compare(`main...${head}`)).toMatchObject({
    status: "diverged",
    merge_base_commit: { sha: old },
    files: [
      {
        filename: "src/slug.js",
        status: "modified",
        additions: 1,
        deletions: 1,
        patch: "@@ -1 +1 @@\n-export const slug = (text) => text;\n+export const slug = (text) => text.trim();",
      },
    ],
  });
  expect((await app("GET", `${R}/compare/none...main`)).status).toBe(404);
});
