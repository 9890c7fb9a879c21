// What we say reaches GitHub in its own form, and only our own comments and check runs are taken for ours.
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGitHub } from "../../src/github/github.ts";
import type { CheckRunDraft } from "../../src/github/speaking.ts";
import { CheckRunId, CommentId, IssueNumber, Sha } from "../../src/ids.ts";
import {
  API,
  account,
  comment,
  connection,
  INSTALLATION,
  mints,
  onlyNock,
  REPO,
  SPEAK,
  tokenAnswer,
} from "./connection-to-nock.ts";

beforeEach(onlyNock);
afterEach(() => nock.cleanAll());

const repoPath = "/repos/acme/widgets";
const ISSUE = IssueNumber.parse(12);
const COMMENT = CommentId.parse(5);
const HEAD = Sha.parse("a".repeat(40));
const BOT = account(42, "countersign[bot]", "Bot");

const knowsUs = (bot: object = BOT) => {
  nock(API).get("/app").reply(200, { id: 12345, slug: "countersign" });
  nock(API)
    .get("/app/installations")
    .query(true)
    .reply(200, [{ id: 77, suspended_at: null }]);
  mints({ token: "ghs_look", expires_at: "2026-11-21T11:00:00Z", permissions: { metadata: "read" } });
  nock(API).get("/users/countersign%5Bbot%5D").reply(200, bot);
};
const speaking = async () => {
  knowsUs();
  mints(tokenAnswer(SPEAK));
  return createGitHub(connection()).speaking(INSTALLATION, [REPO]);
};

describe("who we are", () => {
  it("is asked once, and again after a failure", async () => {
    const github = createGitHub(connection());
    nock(API).get("/app").reply(503, {});
    await expect(github.self()).rejects.toMatchObject({ code: "server" });
    knowsUs();
    const us = { appId: 12345, slug: "countersign", botLogin: "countersign[bot]", botId: 42 };
    expect(await github.self()).toEqual(us);
    expect(await github.self()).toEqual(us);
  });

  it("is asked without a token while nobody has installed us", async () => {
    nock(API).get("/app").reply(200, { id: 12345, slug: "countersign" });
    nock(API)
      .get("/app/installations")
      .query(true)
      .reply(200, [{ id: 77, suspended_at: "2026-11-01T00:00:00Z" }]);
    nock(API, { badheaders: ["authorization"] })
      .get("/users/countersign%5Bbot%5D")
      .reply(200, BOT);
    expect((await createGitHub(connection()).self()).botId).toBe(42);
  });

  it("is refused when the key is another App's, or the account is a person's", async () => {
    nock(API).get("/app").reply(200, { id: 999, slug: "other" });
    await expect(createGitHub(connection()).self()).rejects.toMatchObject({ code: "unexpected_answer" });
    knowsUs(account(42, "countersign[bot]", "User"));
    await expect(createGitHub(connection()).self()).rejects.toMatchObject({ code: "unexpected_answer" });
  });
});

describe("comments", () => {
  it("are posted, changed, and gone when they are gone", async () => {
    const speak = await speaking();
    nock(API).post(`${repoPath}/issues/12/comments`, { body: "hello" }).reply(201, comment(5, "hello"));
    expect(await speak.createComment(REPO, ISSUE, "hello")).toEqual({
      id: 5,
      at: "2026-11-21T09:00:00.000Z",
      url: comment(5, "").html_url,
    });
    nock(API)
      .patch(`${repoPath}/issues/comments/5`, { body: "new" })
      .reply(200, comment(5, "new", { updated_at: "2026-11-21T09:30:00Z" }));
    expect((await speak.updateComment(REPO, COMMENT, "new"))?.at).toBe("2026-11-21T09:30:00.000Z");
    nock(API).patch(`${repoPath}/issues/comments/5`).reply(404, {});
    expect(await speak.updateComment(REPO, COMMENT, "new")).toBeNull();
  });

  it("of ours are told by our bot's number and our App's, never by name or marker", async () => {
    const speak = await speaking();
    nock(API)
      .get(`${repoPath}/issues/12/comments`)
      .query(true)
      .reply(200, [
        comment(1, "<!-- m -->", { user: BOT }),
        comment(2, "<!-- m -->", { user: BOT, performed_via_github_app: { id: 12345 } }),
        comment(3, "<!-- m -->", { user: account(43, "countersign[bot]", "Bot") }),
        comment(4, "<!-- m -->", { user: account(9, "mona") }),
        comment(5, "<!-- m -->", { user: BOT, performed_via_github_app: { id: 666 } }),
        comment(6, "another marker", { user: BOT }),
        comment(7, "<!-- m -->", { user: account(9, "mona"), performed_via_github_app: { id: 12345 } }),
      ]);
    const found = await speak.findComments(REPO, ISSUE, "<!-- m -->");
    expect(found.items.map(({ id }) => id)).toEqual([1, 2]);
    expect(found.complete).toBe(true);
  });

  const folding: [what: string, status: number, body: nock.Body, end: boolean | string][] = [
    ["folded", 200, { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } }, true],
    ["not on this server", 404, { message: "Not Found" }, false],
    [
      "not in this version",
      200,
      { errors: [{ message: "Field 'minimizeComment' doesn't exist on type 'Mutation'" }] },
      false,
    ],
    ["gone", 200, { errors: [{ type: "NOT_FOUND", message: "Could not resolve to a node" }] }, false],
    ["forbidden", 200, { errors: [{ type: "FORBIDDEN", message: "no" }] }, "forbidden"],
    ["limited", 200, { errors: [{ type: "RATE_LIMITED", message: "no" }] }, "rate_limited"],
    ["another answer", 200, { data: { minimizeComment: null } }, "unexpected_answer"],
  ];
  it.each(folding)("are folded by GraphQL: %s", async (_, status, body, end) => {
    const speak = await speaking();
    nock(API).get(`${repoPath}/issues/comments/5`).reply(200, comment(5, "x"));
    nock(API)
      .post("/graphql", ({ variables }) => variables.id === "IC_5")
      .reply(status, body);
    const folded = speak.minimizeComment(REPO, COMMENT);
    if (typeof end === "boolean") expect(await folded).toBe(end);
    else await expect(folded).rejects.toMatchObject({ code: end });
  });
});

describe("check runs", () => {
  const draft: CheckRunDraft = {
    name: "countersign / D-12 / plan 1",
    headSha: HEAD,
    externalId: "key",
    status: "completed",
    conclusion: "neutral",
    detailsUrl: null,
    title: "Plan",
    summary: "s",
    text: null,
    actions: [{ label: "Approve", description: "Approve the plan", identifier: "approve:k7m2" }],
  };
  const run = { id: 8, external_id: "key", html_url: "https://x", started_at: null, completed_at: null, app: null };
  const date = { date: "Sat, 21 Nov 2026 10:00:05 GMT" };

  it("are created and updated in GitHub's form, dated by GitHub's clock", async () => {
    const speak = await speaking();
    nock(API)
      .post(`${repoPath}/check-runs`, {
        name: draft.name,
        head_sha: HEAD,
        external_id: "key",
        status: "completed",
        conclusion: "neutral",
        output: { title: "Plan", summary: "s" },
        actions: [{ label: "Approve", description: "Approve the plan", identifier: "approve:k7m2" }],
      })
      .reply(201, run, date);
    const posted = { id: 8, at: "2026-11-21T10:00:05.000Z", url: "https://x" };
    expect(await speak.createCheckRun(REPO, draft)).toEqual(posted);
    const update = nock(API)
      .patch(`${repoPath}/check-runs/8`, ({ status, conclusion }) => status === "queued" && conclusion === undefined)
      .reply(200, run, date);
    await speak.updateCheckRun(REPO, CheckRunId.parse(8), { ...draft, status: "queued", conclusion: null });
    expect(update.isDone()).toBe(true);
  });

  it("carry annotations when they are made, and never again: GitHub would append them", async () => {
    const speak = await speaking();
    const annotations = [{ path: "a.sh", line: 3, level: "warning", title: "t", message: "m" } as const];
    const sent = { path: "a.sh", start_line: 3, end_line: 3, annotation_level: "warning", title: "t", message: "m" };
    const made = nock(API)
      .post(`${repoPath}/check-runs`, ({ output }) => JSON.stringify(output.annotations) === JSON.stringify([sent]))
      .reply(201, run, date);
    await speak.createCheckRun(REPO, { ...draft, annotations });
    const updated = nock(API)
      .patch(`${repoPath}/check-runs/8`, ({ output }) => output.annotations === undefined)
      .reply(200, run, date);
    await speak.updateCheckRun(REPO, CheckRunId.parse(8), { ...draft, annotations });
    expect([made.isDone(), updated.isDone()]).toEqual([true, true]);
  });

  it("that are complete need a conclusion", async () => {
    const speak = await speaking();
    await expect(speak.createCheckRun(REPO, { ...draft, conclusion: null })).rejects.toThrow(RangeError);
  });

  it("are found by our App and the external id, and not taken for missing in half a list", async () => {
    const speak = await speaking();
    const list = (total: number, runs: object[]) =>
      nock(API)
        .get(`${repoPath}/commits/${HEAD}/check-runs`)
        .query((query) => query["app_id"] === "12345" && query["filter"] === "all")
        .reply(200, { total_count: total, check_runs: runs });
    const done = { ...run, completed_at: "2026-11-21T09:00:00Z", app: { id: 12345 } };
    list(2, [{ ...done, id: 7, app: { id: 1 } }, done]);
    expect(await speak.findCheckRun(REPO, HEAD, "key")).toMatchObject({ id: 8, at: "2026-11-21T09:00:00.000Z" });
    list(1, [done]);
    expect(await speak.findCheckRun(REPO, HEAD, "other")).toBeNull();
    list(5, [done]);
    await expect(speak.findCheckRun(REPO, HEAD, "other")).rejects.toMatchObject({ code: "unexpected_answer" });
  });
});

describe("the rest", () => {
  it("reactions, labels and closing", async () => {
    const speak = await speaking();
    const scopes = [
      nock(API).post(`${repoPath}/issues/comments/5/reactions`, { content: "+1" }).reply(200, {}),
      nock(API).post(`${repoPath}/issues/12/reactions`, { content: "eyes" }).reply(201, {}),
      nock(API)
        .post(`${repoPath}/issues/12/labels`, { labels: ["countersign:plan"] })
        .reply(200, []),
      nock(API).delete(`${repoPath}/issues/12/labels/countersign%3Aplan`).reply(404, {}),
      nock(API).patch(`${repoPath}/issues/12`, { state: "closed", state_reason: "completed" }).reply(200, {}),
    ];
    await speak.reactToComment(REPO, COMMENT, "+1");
    await speak.reactToIssue(REPO, ISSUE, "eyes");
    await speak.addLabels(REPO, ISSUE, ["countersign:plan"]);
    await speak.removeLabel(REPO, ISSUE, "countersign:plan");
    await speak.closeIssue(REPO, ISSUE, "completed");
    expect(scopes.every((scope) => scope.isDone())).toBe(true);
  });
});
