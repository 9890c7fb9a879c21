// A second opinion: `emulate`, an independent imitation of GitHub, is asked the same as the local GitHub. Where the two
// differ in a status, in a name that git gives, or in a field that the other has, one of them is wrong; the lists below
// say where it is `emulate`.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createEmulator } from "emulate";
import githubAppJwt from "universal-github-app-jwt";
import { expect, test } from "vitest";
import { z } from "zod";
import { startLocalGitHub } from "../../demo/github/local-github.ts";
import { APP_PERMISSIONS } from "../../demo/github/seed.ts";
import { type Answered, Minted } from "./support.ts";

const R = "/repos/acme/shop";
const WHO = { name: "Mona", email: "mona@example.org", date: "2026-11-21T10:00:00Z" };

/** One call; what it needs of earlier answers it takes from `seen`. */
type Step = Readonly<{ name: string; method: string; path: (seen: Seen) => string; body?: (seen: Seen) => unknown }>;
type Seen = ReadonlyMap<string, Answered>;

const field = (seen: Seen, step: string, name: "sha" | "id" | "number"): string | number => {
  const value = z.looseObject({ [name]: z.union([z.string(), z.number()]) }).parse(seen.get(step)?.body)[name];
  return z.union([z.string(), z.number()]).parse(value);
};
const step = (
  name: string,
  method: string,
  path: string | ((seen: Seen) => string),
  body?: unknown | ((seen: Seen) => unknown),
): Step => ({
  name,
  method,
  path: (seen) => R + (typeof path === "string" ? path : path(seen)),
  ...(body === undefined ? {} : { body: (seen: Seen) => (typeof body === "function" ? body(seen) : body) }),
});

const STEPS: readonly Step[] = [
  step("repository", "GET", ""),
  step("blob", "POST", "/git/blobs", { content: "hello\n", encoding: "utf-8" }),
  step("blob again", "GET", (seen) => `/git/blobs/${field(seen, "blob", "sha")}`),
  step("tree", "POST", "/git/trees", (seen: Seen) => ({
    tree: [
      { path: "src/a.txt", mode: "100644", type: "blob", sha: field(seen, "blob", "sha") },
      { path: "bin/run", mode: "100755", type: "blob", content: "#!/bin/sh\n" },
      { path: "src.txt", mode: "100644", type: "blob", content: "sorts between\n" },
    ],
  })),
  step("tree on a base", "POST", "/git/trees", (seen: Seen) => ({
    base_tree: field(seen, "tree", "sha"),
    tree: [
      { path: "src/b.txt", mode: "100644", type: "blob", content: "b\n" },
      { path: "src/a.txt", mode: "100644", type: "blob", sha: null },
    ],
  })),
  step("tree, whole", "GET", (seen) => `/git/trees/${field(seen, "tree on a base", "sha")}?recursive=1`),
  step("first commit", "POST", "/git/commits", (seen: Seen) => ({
    message: "First\n",
    tree: field(seen, "tree", "sha"),
    parents: [],
    author: WHO,
    committer: WHO,
  })),
  step("second commit", "POST", "/git/commits", (seen: Seen) => ({
    message: "Second\n\nWith a body\n",
    tree: field(seen, "tree on a base", "sha"),
    parents: [field(seen, "first commit", "sha")],
    author: WHO,
    committer: WHO,
  })),
  step("base", "POST", "/git/refs", (seen: Seen) => ({
    ref: "refs/heads/base",
    sha: field(seen, "first commit", "sha"),
  })),
  step("base twice", "POST", "/git/refs", (seen: Seen) => ({
    ref: "refs/heads/base",
    sha: field(seen, "first commit", "sha"),
  })),
  step("topic", "POST", "/git/refs", (seen: Seen) => ({
    ref: "refs/heads/topic",
    sha: field(seen, "second commit", "sha"),
  })),
  step("ref", "GET", "/git/ref/heads/topic"),
  step("ref, missing", "GET", "/git/ref/heads/none"),
  step("file", "GET", "/contents/src/b.txt?ref=topic"),
  step("file, missing", "GET", "/contents/src/none.txt?ref=topic"),
  step("comparison", "GET", "/compare/base...topic"),
  step("issue", "POST", "/issues", { title: "Broken", body: "It is" }),
  step("label", "POST", (seen) => `/issues/${field(seen, "issue", "number")}/labels`, { labels: ["bug"] }),
  step("comment", "POST", (seen) => `/issues/${field(seen, "issue", "number")}/comments`, { body: "Hello" }),
  step("comment, edited", "PATCH", (seen) => `/issues/comments/${field(seen, "comment", "id")}`, {
    body: "Hello again",
  }),
  step("comments", "GET", (seen) => `/issues/${field(seen, "issue", "number")}/comments`),
  step("comment, missing", "GET", "/issues/comments/999999999"),
  step("pull request", "POST", "/pulls", { title: "Second", body: "Closes #1", head: "topic", base: "base" }),
  step("pull requests", "GET", "/pulls?head=acme:topic&state=all"),
  step("check run", "POST", "/check-runs", (seen: Seen) => ({
    name: "test",
    head_sha: field(seen, "second commit", "sha"),
    status: "in_progress",
    external_id: "e",
  })),
  step("check run, done", "PATCH", (seen) => `/check-runs/${field(seen, "check run", "id")}`, {
    status: "completed",
    conclusion: "success",
    output: { title: "t", summary: "s" },
  }),
  step("check runs", "GET", "/commits/topic/check-runs"),
  step("issue, closed", "PATCH", (seen) => `/issues/${field(seen, "issue", "number")}`, {
    state: "closed",
    state_reason: "completed",
  }),
];

/** Where `emulate` has what GitHub has not, or what GitHub gives to administrators only. */
const NOT_GITHUB = [
  /^blob \.(node_id|size)$/,
  /\.user_view_type$/,
  // A person in somebody's answer is a simple user, an organization too.
  /\.(user|owner)\.(hooks_url|issues_url|members_url|public_members_url|description)$/,
  /\.?(allow_\w+_merge|allow_merge_commit|delete_branch_on_merge|permissions(\.\w+)?)$/,
  // Of its suite, a check run names the id alone.
  /\.check_suite\./,
  // What takes work to count is not in lists.
  /^pull requests \[\]\.(merged|mergeable|rebaseable|mergeable_state|merged_by|comments|review_comments|maintainer_can_modify|commits|additions|deletions|changed_files)$/,
];

const run = async (url: string, privateKey: string, installation: number): Promise<Seen> => {
  const { token: jwt } = await githubAppJwt({ id: 4711, privateKey });
  const call = async (secret: string, method: string, path: string, body: unknown): Promise<Answered> => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
  };
  const minted = await call(jwt, "POST", `/app/installations/${installation}/access_tokens`, {});
  const { token } = Minted.parse(minted.body);
  const seen = new Map<string, Answered>();
  for (const one of STEPS) seen.set(one.name, await call(token, one.method, one.path(seen), one.body?.(seen)));
  return seen;
};

/** The paths of all fields of a value; lists count by their first item. */
const fields = (value: unknown, at = ""): string[] => {
  if (Array.isArray(value)) return value.length === 0 ? [] : fields(value[0], `${at}[]`);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => [`${at}.${key}`, ...fields(inside, `${at}.${key}`)]);
};

/** What git and the comparison say, with where it stands: here the two must agree to the letter. */
const GIT_SAYS =
  /\.(sha|mode|path|type|filename|status|ahead_by|behind_by|title|body|state)$|\.files\.\d+\.(additions|deletions)$/;
const values = (value: unknown, at = ""): [string, unknown][] => {
  if (typeof value !== "object" || value === null) return GIT_SAYS.test(at) ? [[at, value]] : [];
  if (Array.isArray(value)) return value.flatMap((item, nth) => values(item, `${at}.${itemName(item) ?? nth}`));
  return Object.entries(value).flatMap(([key, inside]) => values(inside, `${at}.${key}`));
};
/** Items with a path are known by it: `emulate` lists a tree by name, git has `src.txt` before the folder `src`. */
const itemName = (item: unknown): string | null => z.object({ path: z.string() }).safeParse(item).data?.path ?? null;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });

test("an independent imitation of GitHub answers alike", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const port = await freePort();
  const emulator = await createEmulator({
    service: "github",
    port,
    hostname: "127.0.0.1",
    baseUrl: `http://127.0.0.1:${port}`,
    seed: {
      github: {
        users: [{ login: "mona" }],
        orgs: [{ login: "acme", members: [{ login: "mona", role: "admin" }] }],
        repos: [{ owner: "acme", name: "shop", private: true }],
        apps: [
          {
            app_id: 4711,
            slug: "countersign",
            name: "Countersign",
            private_key: privateKey,
            permissions: APP_PERMISSIONS,
            events: ["*"],
            installations: [{ installation_id: 777, account: "acme", repository_selection: "all" }],
          },
        ],
      },
    },
  });
  const local = await startLocalGitHub({
    seed: {
      users: ["mona"],
      organizations: [{ login: "acme", members: { mona: "admin" } }],
      repositories: [{ owner: "acme", name: "shop", files: { "README.md": "# shop\n" } }],
      apps: [{ id: 4711, slug: "countersign", privateKey, installations: [{ account: "acme" }] }],
    },
  });
  try {
    const theirs = await run(emulator.url, privateKey, 777);
    const ours = await run(local.url, privateKey, local.app().installationId);
    for (const { name } of STEPS) {
      const [mine, other] = [ours.get(name), theirs.get(name)];
      expect.soft(mine?.status, name).toBe(other?.status);
      const have = new Set(fields(mine?.body));
      const lacking = fields(other?.body).filter(
        (path) => !have.has(path) && !NOT_GITHUB.some((pattern) => pattern.test(`${name} ${path}`)),
      );
      expect.soft(lacking, name).toEqual([]);
      const said = new Map(values(other?.body));
      const differing = values(mine?.body).filter(([at, value]) => said.has(at) && said.get(at) !== value);
      expect
        .soft(
          differing.map(([at, value]) => [at, value, said.get(at)]),
          name,
        )
        .toEqual([]);
    }
  } finally {
    await emulator.close();
    await local.close();
  }
});
