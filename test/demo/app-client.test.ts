// The app's own clients against the local GitHub: each call that they make is known here and answered in the shape that they read.
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import { connectionTo } from "../../src/github/connection.ts";
import { createGitHub, type GitHub } from "../../src/github/github.ts";
import { CommentId, InstallationId, IssueNumber, PullNumber, RepoId, Sha } from "../../src/ids.ts";
import { toDomainEvent } from "../../src/webhooks/events.ts";
import { SEED, SHOP } from "./support.ts";

let local: LocalGitHub;
let github: GitHub;
let repo: RepoId;
beforeEach(async () => {
  local = await startLocalGitHub({
    seed: {
      ...SEED,
      repositories: [
        { ...SHOP, rules: { main: { requiredChecks: [{ context: "test", appId: null }] } } },
        ...SEED.repositories.slice(1),
      ],
    },
  });
  const { id, privateKey } = local.app();
  const clock = () => new Date();
  github = createGitHub(
    connectionTo({ apiUrl: local.url, appId: id, privateKey, clock, onSecret: () => {}, pace: "none" }),
  );
  repo = RepoId.parse(local.repo("acme/shop").id);
});
afterEach(async () => {
  expect(local.unknownRequests().map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  await local.close();
});

const reading = () => github.reading(InstallationId.parse(local.app().installationId), [repo]);
const speaking = () => github.speaking(InstallationId.parse(local.app().installationId), [repo]);

test("it knows itself", async () => {
  const { id, slug, botId, botLogin } = local.app();
  expect(await github.self()).toMatchObject({ appId: id, slug, botId, botLogin });
});

test("everything that may be read is read", async () => {
  const mona = local.as("mona");
  const number = IssueNumber.parse(mona.openIssue({ title: "Broken", body: "It is" }).number);
  const comment = CommentId.parse(mona.comment(number, "/approve").id);
  const base = Sha.parse(local.repo("acme/shop").head());
  const head = Sha.parse(local.as("hubot").push("topic", { "src/slug.js": "export {};\n" }));
  const pull = PullNumber.parse(local.as("hubot").openPull({ title: "Fix", head: "topic" }).number);
  local.setStatus("acme/shop", "hubot", { sha: head, context: "ci", state: "success" });

  const reader = await reading();
  expect(await reader.repository(repo)).toMatchObject({ id: repo, owner: "acme", name: "shop", visibility: "private" });
  expect(await reader.issue(repo, number)).toMatchObject({ number, title: "Broken", author: { login: "mona" } });
  expect(await reader.issue(repo, IssueNumber.parse(99))).toBeNull();
  expect(await reader.comment(repo, comment)).toMatchObject({ id: comment, body: "/approve", viaAppId: null });
  expect(await reader.comments(repo, number, null)).toMatchObject({ complete: true, items: [{ id: comment }] });
  expect(await reader.role(repo, "octocat")).toMatchObject({
    role: "maintain",
    account: { id: local.as("octocat").id },
  });
  expect(await reader.role(repo, "nobody")).toMatchObject({ account: null });
  expect(await reader.accountByLogin("alice")).toMatchObject({ type: "User" });
  expect(await reader.teamMembers("acme", "leads")).toMatchObject({ complete: true, items: [{ login: "mona" }] });
  expect(await reader.file(repo, "README.md", "main")).toMatchObject({ text: "# Shop\n" });
  expect(await reader.file(repo, "none.md", "main")).toBeNull();
  const commit = await reader.commit(repo, "topic");
  expect(commit).toMatchObject({ sha: head, parents: [base] });
  if (commit === null) throw new Error("no commit");
  const tree = await reader.tree(repo, commit.tree);
  expect(tree.complete).toBe(true);
  const entry = tree.items.find(({ path }) => path === "src/slug.js");
  expect(entry).toMatchObject({ mode: "100644", type: "blob", size: 11 });
  expect(Buffer.from(await reader.blob(repo, Sha.parse(entry?.sha))).toString()).toBe("export {};\n");
  expect(await reader.branchHead(repo, "topic")).toBe(head);
  expect(await reader.branchHead(repo, "none")).toBeNull();
  expect(await reader.compare(repo, base, head)).toBe("ahead");
  expect(await reader.checks(repo, head)).toMatchObject({
    complete: true,
    items: [{ source: "status", name: "ci", conclusion: "success" }],
  });
  expect(await reader.requiredChecks(repo, "main")).toEqual(["test"]);
  expect(await reader.pull(repo, pull)).toMatchObject({ number: pull, headSha: head, headRef: "topic", merged: false });
  expect(await reader.pullsByHead(repo, "topic")).toMatchObject({ items: [{ number: pull }] });
});

test("everything that may be said is said, and found again", async () => {
  const number = IssueNumber.parse(local.as("mona").openIssue({ title: "Broken" }).number);
  const speaker = await speaking();
  const { id } = await speaker.createComment(repo, number, "Hello <!-- marker -->");
  await speaker.updateComment(repo, id, "Hello again <!-- marker -->");
  expect(await speaker.findComments(repo, number, "marker")).toMatchObject({ complete: true, items: [{ id }] });
  expect(await speaker.minimizeComment(repo, id)).toBe(true);
  await speaker.reactToComment(repo, id, "+1");
  await speaker.reactToIssue(repo, number, "eyes");
  expect(local.repo("acme/shop").comments(number)).toMatchObject([
    { body: "Hello again <!-- marker -->", minimized: "outdated", reactedBy: [{ content: "+1" }] },
  ]);
  const headSha = Sha.parse(local.repo("acme/shop").head());
  const draft = {
    name: "countersign / D-1 / plan 1",
    headSha,
    externalId: "D-1:check:plan:1",
    status: "completed",
    conclusion: "neutral",
    detailsUrl: null,
    title: "Plan 1",
    summary: "s",
    text: null,
    actions: [{ label: "Approve k7m2", description: "Approve exactly this version", identifier: "approve:k7m2" }],
  } as const;
  const run = await speaker.createCheckRun(repo, draft);
  await speaker.updateCheckRun(repo, run.id, { ...draft, actions: [] });
  expect(await speaker.findCheckRun(repo, headSha, draft.externalId)).toMatchObject({ id: run.id });
  await speaker.addLabels(repo, number, ["countersign:plan"]);
  await speaker.removeLabel(repo, number, "countersign:plan");
  await speaker.removeLabel(repo, number, "countersign:plan");
  await speaker.closeIssue(repo, number, "completed");
  expect(local.repo("acme/shop").issue(number)).toMatchObject({ state: "closed", labels: [] });
});

test("every webhook that is sent can be read by the app's intake", async () => {
  const mona = local.as("mona");
  const { number } = mona.openIssue({ title: "Broken", body: "It is", labels: ["countersign"] });
  const { id } = mona.comment(number, "one");
  mona.editComment(id, "two");
  mona.deleteComment(id);
  mona.editIssue(number, { title: "Broken too" });
  mona.unlabel(number, "countersign");
  mona.closeIssue(number);
  mona.reopenIssue(number);
  const head = mona.push("topic", { "a.txt": "a\n" });
  const pull = mona.openPull({ title: "T", head: "topic" }).number;
  mona.push("topic", { "a.txt": "b\n" });
  mona.forcePush("topic", head);
  local.as("octocat").review(pull, "APPROVED");
  const posted = await (await speaking()).createCheckRun(repo, {
    name: "n",
    headSha: Sha.parse(head),
    externalId: "e",
    status: "completed",
    conclusion: "neutral",
    detailsUrl: null,
    title: "t",
    summary: "s",
    text: null,
    actions: [{ label: "Approve", description: "d", identifier: "approve:k7m2" }],
  });
  mona.clickCheckAction(posted.id, "approve:k7m2");
  mona.rerunCheck(posted.id);
  local.setStatus("acme/shop", "hubot", { sha: head, context: "ci", state: "success" });
  mona.mergePull(pull);
  mona.transferIssue(mona.openIssue({ title: "Moves" }).number, "acme/other");
  mona.deleteIssue(number);
  const installation = local.installation();
  installation.announce();
  installation.choose(["acme/shop"]);
  installation.choose(null);
  installation.suspend();
  installation.unsuspend();
  mona.setVisibility("public");
  mona.renameRepository("store");
  mona.archiveRepository(true);
  mona.archiveRepository(false);
  mona.deleteRepository();
  installation.uninstall();

  const events = local.webhooks.log.map(({ event, action, body }) => ({
    name: [event, action].join("."),
    ...toDomainEvent({ event, action, payload: JSON.parse(body) }, { appId: 4711, botId: local.app().botId }),
  }));
  expect(events.filter((one) => one.kind === "ignored" && one.reason === "unreadable").map(({ name }) => name)).toEqual(
    [],
  );
  const kinds = [
    "issue_labeled",
    "issue_unlabeled",
    "issue_edited",
    "issue_closed",
    "issue_reopened",
    "issue_deleted",
    "issue_transferred",
    "comment_created",
    "check_button_clicked",
    "pull_synchronized",
    "pull_closed",
    "branch_rewritten",
    "installation_created",
    "installation_deleted",
    "installation_suspended",
    "installation_unsuspended",
    "repositories_changed",
    "repository_changed",
  ];
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
});

test("no token that reads or speaks can write contents", async () => {
  await reading();
  await speaking();
  expect(local.tokens.map(({ permissions }) => permissions["contents"] ?? "none")).not.toContain("write");
  // A token for all repositories can read what everybody knows of them, and nothing in them.
  const wide = local.tokens.filter(({ repositories }) => repositories === null);
  expect(wide.map(({ permissions }) => permissions)).toEqual(wide.map(() => ({ metadata: "read" })));
  expect(local.tokens.length).toBeGreaterThan(wide.length);
});
