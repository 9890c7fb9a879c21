// What GitHub answers becomes our facts, or a clear error: nothing is guessed, and nothing cut short passes for whole.
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGitHub } from "../../src/github/github.ts";
import { MAX_PAGES } from "../../src/github/limits.ts";
import { CommentId, IssueNumber, PullNumber, RepoId, ReviewId, Sha } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import {
  API,
  account,
  comment,
  connection,
  INSTALLATION,
  mints,
  onlyNock,
  READ,
  REPO,
  tokenAnswer,
} from "./connection-to-nock.ts";

beforeEach(onlyNock);
afterEach(() => nock.cleanAll());

const repoPath = "/repos/acme/widgets";
const A = Sha.parse("a".repeat(40));
const B = Sha.parse("b".repeat(40));

const reading = async () => {
  mints(tokenAnswer(READ));
  return createGitHub(connection()).reading(INSTALLATION, [REPO]);
};
const answers = (path: string, body: nock.Body, status = 200, headers: Record<string, string> = {}) =>
  nock(API).get(path).query(true).reply(status, body, headers);
const missing = (path: string) => answers(path, { message: "Not Found" }, 404);

const repository = {
  id: REPO,
  name: "widgets",
  owner: { login: "acme" },
  default_branch: "main",
  private: true,
  archived: false,
};

describe("repositories", () => {
  it("are facts, with the visibility told from `private` where the server has no word for it", async () => {
    const read = await reading();
    answers(repoPath, { ...repository, visibility: "internal" });
    expect(await read.repository(REPO)).toEqual({
      id: REPO,
      owner: "acme",
      name: "widgets",
      defaultBranch: "main",
      visibility: "internal",
      archived: false,
    });
    answers(repoPath, repository);
    expect((await read.repository(REPO))?.visibility).toBe("private");
  });

  it("are gone when there is none, or when the name is another's by now", async () => {
    const read = await reading();
    missing(repoPath);
    expect(await read.repository(REPO)).toBeNull();
    answers(repoPath, { ...repository, id: 999 });
    expect(await read.repository(REPO)).toBeNull();
  });

  it("that the client was not opened for are refused without a call", async () => {
    const read = await reading();
    await expect((async () => read.repository(RepoId.parse(9)))()).rejects.toMatchObject({ code: "forbidden" });
  });

  it("with an answer that is not understood are an error", async () => {
    const read = await reading();
    answers(repoPath, { ...repository, archived: "no" });
    await expect(read.repository(REPO)).rejects.toMatchObject({ code: "unexpected_answer" });
    nock(API).get(repoPath).reply(200, "{ not json", { "content-type": "application/json" });
    await expect(read.repository(REPO)).rejects.toMatchObject({ code: "unexpected_answer" });
  });
});

describe("hidden comments", () => {
  const ids = (...all: number[]) => all.map((id) => CommentId.parse(id));
  const NUMBER = IssueNumber.parse(12);
  const page = (nodes: readonly (object | null)[], more: string | null) => ({
    data: {
      repository: {
        issue: { comments: { pageInfo: { hasPreviousPage: more !== null, startCursor: more }, nodes } },
      },
    },
  });
  const asks = (before: string | null, status: number, body: nock.Body) =>
    nock(API)
      .post("/graphql", ({ variables }) => variables.number === 12 && variables.before === before)
      .reply(status, body);

  it("are told by GraphQL in one request, where all that are asked about are among the newest", async () => {
    const read = await reading();
    // Numbers of comments are larger than GraphQL's Int by now.
    const nodes = [
      { fullDatabaseId: "5", isMinimized: true },
      null,
      { fullDatabaseId: "4000000006", isMinimized: false },
      { fullDatabaseId: "4000000007", isMinimized: true },
      { fullDatabaseId: "4000000008", isMinimized: true },
    ];
    asks(null, 200, page(nodes, "older"));
    const hidden = await read.hiddenComments(REPO, NUMBER, ids(5, 4_000_000_006, 4_000_000_007));
    expect([...hidden]).toEqual([5, 4_000_000_007]);
    expect(nock.isDone()).toBe(true);
  });

  it("are looked for further back until all were seen, and no request is spent on none", async () => {
    const read = await reading();
    expect([...(await read.hiddenComments(REPO, NUMBER, []))]).toEqual([]);
    asks(null, 200, page([{ fullDatabaseId: "9", isMinimized: true }], "older"));
    asks("older", 200, page([{ fullDatabaseId: "5", isMinimized: true }], "oldest"));
    expect([...(await read.hiddenComments(REPO, NUMBER, ids(5)))]).toEqual([5]);
  });

  it.each<[string, number, nock.Body]>([
    ["a server without GraphQL", 404, { message: "Not Found" }],
    [
      "one that does not know the field",
      200,
      { errors: [{ message: "Field 'isMinimized' doesn't exist on type 'IssueComment'" }] },
    ],
    ["an issue that is gone", 200, { data: { repository: { issue: null } } }],
  ])("are none by the word of %s", async (_, status, body) => {
    const read = await reading();
    asks(null, status, body);
    expect([...(await read.hiddenComments(REPO, NUMBER, ids(5)))]).toEqual([]);
  });

  it("that GitHub will not tell of are an error, which is tried again", async () => {
    const read = await reading();
    asks(null, 200, { errors: [{ type: "FORBIDDEN", message: "no" }] });
    await expect(read.hiddenComments(REPO, NUMBER, ids(5))).rejects.toMatchObject({ code: "forbidden" });
    asks(null, 200, page([{ fullDatabaseId: "five", isMinimized: true }], null));
    await expect(read.hiddenComments(REPO, NUMBER, ids(5))).rejects.toMatchObject({ code: "unexpected_answer" });
  });
});

describe("issues and comments", () => {
  const issue = {
    id: 1,
    number: 12,
    title: "Broken",
    body: null,
    user: account(9, "mona"),
    state: "open",
    labels: [{ name: "bug" }, "plain", { name: null }],
    updated_at: "2026-11-21T09:00:00Z",
  };

  it("are facts", async () => {
    const read = await reading();
    answers(`${repoPath}/issues/12`, issue);
    expect(await read.issue(REPO, IssueNumber.parse(12))).toEqual({
      id: 1,
      number: 12,
      title: "Broken",
      body: "",
      author: { id: 9, login: "mona", type: "User" },
      state: "open",
      labels: ["bug", "plain"],
      isPullRequest: false,
      updatedAt: "2026-11-21T09:00:00.000Z",
    });
    answers(`${repoPath}/issues/12`, { ...issue, pull_request: {} });
    expect((await read.issue(REPO, IssueNumber.parse(12)))?.isPullRequest).toBe(true);
    answers(`${repoPath}/issues/12`, { message: "Gone" }, 410);
    expect(await read.issue(REPO, IssueNumber.parse(12))).toBeNull();
  });

  it("tell an app's comment, a deleted author and an unknown kind of account", async () => {
    const read = await reading();
    const one = CommentId.parse(5);
    answers(`${repoPath}/issues/comments/5`, comment(5, "x", { performed_via_github_app: { id: 42 } }));
    expect(await read.comment(REPO, one)).toMatchObject({ viaAppId: 42, author: { id: 9 } });
    answers(`${repoPath}/issues/comments/5`, comment(5, "x", { user: null }));
    expect(await read.comment(REPO, one)).toMatchObject({ viaAppId: null, author: { login: "ghost" } });
    answers(`${repoPath}/issues/comments/5`, comment(5, "x", { user: account(3, "odd", "Robot") }));
    expect(await read.comment(REPO, one)).toMatchObject({ author: { type: "Mannequin" } });
    missing(`${repoPath}/issues/comments/5`);
    expect(await read.comment(REPO, one)).toBeNull();
  });

  it("are listed over all pages, since a time", async () => {
    const read = await reading();
    const path = `${repoPath}/issues/12/comments`;
    const since = instant("2026-11-21T09:00:00Z");
    nock(API)
      .get(path)
      .query({ per_page: 100, page: 1, since })
      .reply(200, [comment(1, "a")], { link: `<${API}/next>; rel="next"` });
    nock(API)
      .get(path)
      .query({ per_page: 100, page: 2, since })
      .reply(200, [comment(2, "b")]);
    const list = await read.comments(REPO, IssueNumber.parse(12), since);
    expect(list.complete).toBe(true);
    expect(list.items.map(({ body }) => body)).toEqual(["a", "b"]);
  });

  it("are asked for once more when a page is full and the server gives no links", async () => {
    const read = await reading();
    const path = `${repoPath}/issues/12/comments`;
    answers(
      path,
      Array.from({ length: 100 }, (_, n) => comment(n + 1, "x")),
    );
    answers(path, [comment(101, "last")]);
    const list = await read.comments(REPO, IssueNumber.parse(12), null);
    expect([list.items.length, list.complete]).toEqual([101, true]);
  });

  it("are incomplete when GitHub has more than we read", async () => {
    const read = await reading();
    const pages = nock(API)
      .get(`${repoPath}/issues/12/comments`)
      .query(true)
      .times(MAX_PAGES)
      .reply(200, [comment(1, "x")], { link: `<${API}/next>; rel="next"` });
    expect((await read.comments(REPO, IssueNumber.parse(12), null)).complete).toBe(false);
    expect(pages.isDone()).toBe(true);
  });
});

describe("people", () => {
  const path = `${repoPath}/collaborators/mona/permission`;
  const roles: [given: nock.Body, role: string][] = [
    [{ permission: "write", role_name: "maintain", user: account(9, "mona") }, "maintain"],
    [{ permission: "read", role_name: "triage", user: account(9, "mona") }, "triage"],
    [{ permission: "write", role_name: "security-engineer", user: account(9, "mona") }, "none"],
    [{ permission: "admin", user: account(9, "mona") }, "none"],
    [{ permission: "admin", role_name: "admin", user: null }, "none"],
  ];
  it.each(roles)("%j has the role %s", async (given, role) => {
    const read = await reading();
    answers(path, given);
    expect((await read.role(REPO, "mona")).role).toBe(role);
  });

  it("who are nobody here have none", async () => {
    const read = await reading();
    missing(path);
    expect(await read.role(REPO, "mona")).toEqual({ role: "none", account: null });
    missing("/users/mona");
    expect(await read.accountByLogin("mona")).toBeNull();
  });

  it("of a team are read with a token of their own, which an owner may decline", async () => {
    const read = await reading();
    mints({ ...tokenAnswer({ members: "read", metadata: "read" }), token: "ghs_teams" });
    nock(API)
      .get("/orgs/acme/teams/core/members")
      .query(true)
      .matchHeader("authorization", "token ghs_teams")
      .reply(200, [account(9, "mona")]);
    expect(await read.teamMembers("acme", "core")).toEqual({
      items: [{ id: 9, login: "mona", type: "User" }],
      complete: true,
    });
    const other = await reading();
    mints({ message: "The permissions requested are not granted to this installation." }, 422);
    await expect(other.teamMembers("acme", "core")).rejects.toMatchObject({ code: "unprocessable" });
  });
});

describe("git", () => {
  const text = "export const x = 1;\n";
  const sha = blobSha(text);
  const base64 = Buffer.from(text).toString("base64");
  const contents = `${repoPath}/contents/src%2Fx.ts`;

  it("files are text with their blob, checked against it", async () => {
    const read = await reading();
    answers(contents, { type: "file", sha, encoding: "base64", content: base64 });
    expect(await read.file(REPO, "src/x.ts", "main")).toEqual({ text, blob: sha });
    answers(contents, { type: "file", sha: A, encoding: "base64", content: base64 });
    await expect(read.file(REPO, "src/x.ts", "main")).rejects.toMatchObject({ code: "unexpected_answer" });
  });

  it("large files come as a blob", async () => {
    const read = await reading();
    answers(contents, { type: "file", sha, encoding: "none", content: "" });
    answers(`${repoPath}/git/blobs/${sha}`, { sha, content: base64, encoding: "base64" });
    expect((await read.file(REPO, "src/x.ts", "main"))?.text).toBe(text);
  });

  it("what is no text file is not there", async () => {
    const read = await reading();
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    for (const [given, status] of [
      [[{ type: "file" }], 200],
      [{ type: "symlink", sha: A }, 200],
      [{ type: "submodule", sha: A }, 200],
      [{ type: "file", sha: blobSha(bytes), encoding: "base64", content: bytes.toString("base64") }, 200],
      [{ message: "Not Found" }, 404],
    ] as const) {
      answers(contents, given, status);
      expect(await read.file(REPO, "src/x.ts", "main")).toBeNull();
    }
  });

  it("a blob with other contents than its name says is an error", async () => {
    const read = await reading();
    answers(`${repoPath}/git/blobs/${A}`, { sha: A, content: base64, encoding: "base64" });
    await expect(read.blob(REPO, A)).rejects.toMatchObject({ code: "unexpected_answer" });
  });

  it("a tree that GitHub cut short is incomplete", async () => {
    const read = await reading();
    const entry = { path: "src/x.ts", mode: "100644", type: "blob", sha };
    answers(`${repoPath}/git/trees/${A}`, { sha: A, tree: [entry], truncated: true });
    expect(await read.tree(REPO, A)).toEqual({ items: [{ ...entry, size: null }], complete: false });
  });

  it("commits, heads and comparisons are facts or not there", async () => {
    const read = await reading();
    answers(`${repoPath}/commits/main`, {
      sha: A,
      commit: { message: "m", tree: { sha: B } },
      parents: [{ sha: B }],
    });
    expect(await read.commit(REPO, "main")).toEqual({ sha: A, tree: B, parents: [B], message: "m" });
    for (const status of [404, 409, 422]) {
      answers(`${repoPath}/commits/main`, { message: "no" }, status);
      expect(await read.commit(REPO, "main")).toBeNull();
    }
    answers(`${repoPath}/git/ref/heads%2Fmain`, { ref: "refs/heads/main", object: { type: "commit", sha: A } });
    expect(await read.branchHead(REPO, "main")).toBe(A);
    answers(`${repoPath}/git/ref/heads%2Fmain`, { ref: "refs/heads/main-2", object: { type: "commit", sha: A } });
    expect(await read.branchHead(REPO, "main")).toBeNull();
    answers(`${repoPath}/compare/${A}...${B}`, { status: "diverged" });
    expect(await read.compare(REPO, A, B)).toBe("diverged");
    missing(`${repoPath}/compare/${A}...${B}`);
    expect(await read.compare(REPO, A, B)).toBeNull();
    answers(`${repoPath}/compare/main...${B}`, { status: "ahead", merge_base_commit: { sha: A } });
    expect(await read.mergeBase(REPO, "main", B)).toBe(A);
    for (const status of [404, 422]) {
      answers(`${repoPath}/compare/main...${B}`, { message: "no" }, status);
      expect(await read.mergeBase(REPO, "main", B)).toBeNull();
    }
  });

  it("a folder is what stands in it, and is not whole where GitHub cut it", async () => {
    const read = await reading();
    const entry = { path: "src", mode: "040000", type: "tree", sha: A };
    const list = (truncated: boolean) =>
      nock(API)
        .get(`${repoPath}/git/trees/${B}`)
        .query((query) => query["recursive"] === undefined)
        .reply(200, { tree: [entry], truncated });
    list(false);
    expect(await read.folder(REPO, B)).toEqual({ items: [{ ...entry, size: null }], complete: true });
    list(true);
    expect((await read.folder(REPO, B)).complete).toBe(false);
  });
});

describe("checks", () => {
  const run = (over: object) => ({
    id: 1,
    name: "test",
    app: { id: 7 },
    status: "completed",
    conclusion: "success",
    html_url: "https://x",
    started_at: "2026-11-21T09:00:00Z",
    completed_at: "2026-11-21T09:01:00Z",
    ...over,
  });
  const status = (state: string) => ({
    id: 3,
    context: "ci/old",
    state,
    target_url: null,
    created_at: "2026-11-21T09:00:00Z",
    updated_at: "2026-11-21T09:02:00Z",
  });
  const heldBack = `${repoPath}/actions/runs`;
  const both = async (
    runs: object[],
    statuses: object[],
    counts = [runs.length, statuses.length],
    held: object[] | "refused" = [],
  ) => {
    const read = await reading();
    answers(`${repoPath}/commits/${A}/check-runs`, { total_count: counts[0], check_runs: runs });
    answers(`${repoPath}/commits/${A}/status`, { total_count: counts[1], statuses });
    mints({ ...tokenAnswer({ actions: "read", metadata: "read" }), token: "ghs_actions" });
    if (held === "refused") answers(heldBack, { message: "Resource not accessible by integration" }, 403);
    else answers(heldBack, { total_count: held.length, workflow_runs: held });
    return read.checks(REPO, A);
  };

  it("that GitHub Actions holds back are among them, where that can be read", async () => {
    const one = { id: 9, name: "CI", html_url: "https://x/9", created_at: "2026-11-21T09:00:00Z" };
    const { items } = await both([], [], [0, 0], [one]);
    expect(items).toEqual([
      expect.objectContaining({ source: "workflow_run", name: "CI", appId: null, conclusion: "action_required" }),
    ]);
    expect(await both([], [], [0, 0], "refused")).toEqual({ items: [], complete: true });
  });

  it("are runs and statuses in one list", async () => {
    const { items, complete } = await both([run({})], [status("pending"), status("error")]);
    expect(complete).toBe(true);
    expect(items.map(({ source, name, state, conclusion }) => [source, name, state, conclusion])).toEqual([
      ["check_run", "test", "completed", "success"],
      ["status", "ci/old", "in_progress", null],
      ["status", "ci/old", "completed", "failure"],
    ]);
  });

  it("that wait are queued, and an unknown end is no success", async () => {
    const { items } = await both(
      [run({ status: "waiting", conclusion: null }), run({ conclusion: "splendid" }), run({ app: null })],
      [],
    );
    expect(items.map(({ state, conclusion, appId }) => [state, conclusion, appId])).toEqual([
      ["queued", null, 7],
      ["completed", "failure", 7],
      ["completed", "success", null],
    ]);
  });

  it("are incomplete when GitHub counts more than it gives", async () => {
    expect((await both([run({})], [], [2, 0])).complete).toBe(false);
    expect((await both([], [status("success")], [0, 2])).complete).toBe(false);
  });

  const rules = `${repoPath}/rules/branches/main`;
  const branch = `${repoPath}/branches/main`;

  it("that are required come from the rules and the protection of the branch", async () => {
    const read = await reading();
    answers(rules, [
      { type: "required_status_checks", parameters: { required_status_checks: [{ context: "test" }] } },
      { type: "deletion" },
    ]);
    answers(branch, { protection: { required_status_checks: { contexts: ["lint", "test"] } } });
    expect(await read.requiredChecks(REPO, "main")).toEqual(["test", "lint"]);
  });

  it("that are required are unknown where they cannot be read", async () => {
    const read = await reading();
    answers(rules, { message: "Upgrade" }, 403);
    expect(await read.requiredChecks(REPO, "main")).toBeNull();
    answers(rules, []);
    missing(branch);
    expect(await read.requiredChecks(REPO, "main")).toBeNull();
    answers(rules, { message: "boom" }, 500);
    await expect(read.requiredChecks(REPO, "main")).rejects.toMatchObject({ code: "server" });
  });

  it("tell whether a branch wants signatures", async () => {
    const read = await reading();
    answers(rules, [{ type: "required_signatures" }]);
    expect(await read.requiresSignatures(REPO, "main")).toBe(true);
    answers(rules, []);
    expect(await read.requiresSignatures(REPO, "main")).toBe(false);
    missing(rules);
    expect(await read.requiresSignatures(REPO, "main")).toBeNull();
  });
});

describe("pull requests", () => {
  const pull = {
    number: 57,
    state: "closed",
    merged_at: null,
    merge_commit_sha: A,
    head: { sha: A, ref: "countersign/d-12", repo: { id: REPO } },
    base: { sha: B, ref: "main" },
    user: account(42, "countersign[bot]", "Bot"),
    title: "t",
    body: null,
    html_url: "https://x",
  };

  it("have commits, whose accounts may be nobody's; 250 of them are all that GitHub tells", async () => {
    const read = await reading();
    const page = (commits: object[]) => answers(`${repoPath}/pulls/57/commits`, commits);
    const user = account(42, "octocat");
    page([
      { sha: A, author: user, committer: null },
      { sha: B, author: {}, committer: user },
    ]);
    const octocat = { id: 42, login: "octocat", type: "User" };
    expect(await read.pullCommits(REPO, PullNumber.parse(57))).toEqual({
      items: [
        { sha: A, author: octocat, committer: null },
        { sha: B, author: null, committer: octocat },
      ],
      complete: true,
    });
    const many = Array.from({ length: 100 }, () => ({ sha: A, author: null, committer: null }));
    page(many);
    page(many);
    page(many.slice(0, 50));
    expect(await read.pullCommits(REPO, PullNumber.parse(57))).toMatchObject({ complete: false });
  });

  it("are found by head, and tell a trial merge from a real one", async () => {
    const read = await reading();
    nock(API)
      .get(`${repoPath}/pulls`)
      .query({ head: "acme:countersign/d-12", state: "all", per_page: 100, page: 1 })
      .reply(200, [pull, { ...pull, merged_at: "2026-11-21T09:00:00Z", head: { ...pull.head, repo: null } }]);
    const { items } = await read.pullsByHead(REPO, "countersign/d-12");
    expect(items.map(({ merged, mergeSha, headRepoId, body }) => [merged, mergeSha, headRepoId, body])).toEqual([
      [false, null, REPO, ""],
      [true, A, null, ""],
    ]);
    missing(`${repoPath}/pulls/57`);
    expect(await read.pull(REPO, PullNumber.parse(57))).toBeNull();
  });
});

describe("reviews", () => {
  const number = PullNumber.parse(57);
  const id = ReviewId.parse(80);
  const user = account(7, "octocat");
  const octocat = { id: 7, login: "octocat", type: "User" };

  it("are read one by one; one that is gone is none", async () => {
    const read = await reading();
    answers(`${repoPath}/pulls/57/reviews/80`, { user, state: "CHANGES_REQUESTED", body: null, commit_id: A });
    expect(await read.review(REPO, number, id)).toEqual({
      author: octocat,
      state: "CHANGES_REQUESTED",
      body: "",
      commit: A,
    });
    missing(`${repoPath}/pulls/57/reviews/80`);
    expect(await read.review(REPO, number, id)).toBeNull();
  });

  it("have comments, whose lines are told by the hunk where GitHub leaves them out", async () => {
    const read = await reading();
    const made = { user, path: "a.ts", body: "Why?", updated_at: "2026-11-21T10:00:00Z" };
    const hunk = "@@ -10,3 +12,4 @@ here\n one\n-two\n+deux\n+trois";
    answers(`${repoPath}/pulls/57/reviews/80/comments`, [
      { ...made, line: 7, start_line: 5, side: "RIGHT", diff_hunk: hunk },
      { ...made, line: null, original_line: 7, side: "LEFT" },
      { ...made, diff_hunk: hunk },
      { ...made, diff_hunk: "@@ -10,3 +12,4 @@\n one\n-two" },
      { ...made, diff_hunk: "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file" },
      { ...made, subject_type: "file", line: 1 },
      { ...made, diff_hunk: "nothing that is a hunk" },
    ]);
    const { items, complete } = await read.reviewComments(REPO, number, id);
    expect(complete).toBe(true);
    expect(items[0]).toEqual({
      author: octocat,
      path: "a.ts",
      lines: { first: 5, last: 7, side: "after" },
      body: "Why?",
      updatedAt: instant("2026-11-21T10:00:00Z"),
    });
    expect(items.slice(1).map(({ lines }) => lines)).toEqual([
      { first: 7, last: 7, side: "before" },
      { first: 14, last: 14, side: "after" },
      { first: 11, last: 11, side: "before" },
      { first: 1, last: 1, side: "after" },
      null,
      null,
    ]);
  });
});

describe("a token that GitHub no longer takes", () => {
  it("is forgotten, so that the job's next try has a new one", async () => {
    mints(tokenAnswer(READ));
    const github = createGitHub(connection());
    const read = await github.reading(INSTALLATION, [REPO]);
    answers(repoPath, { message: "Bad credentials" }, 401);
    await expect(read.repository(REPO)).rejects.toMatchObject({ code: "unauthorized" });
    mints({ ...tokenAnswer(READ), token: "ghs_next" });
    nock(API).get(repoPath).matchHeader("authorization", "token ghs_next").reply(200, repository);
    expect(await (await github.reading(INSTALLATION, [REPO])).repository(REPO)).not.toBeNull();
  });
});
