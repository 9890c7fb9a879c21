// The steps of one repository's write against a client that answers what it is told: what is called, and what is refused.
import { describe, expect, it } from "vitest";
import { GitHubError } from "../../src/github/errors.ts";
import { PullNumber, RepoId, type Sha, UserId } from "../../src/ids.ts";
import { FileChange } from "../../src/patches/patch-set.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import type { Receipts } from "../../src/write-gate/receipts.ts";
import { finishedOf, makeCommit, openPullRequest, publishBranch, type Writing } from "../../src/write-gate/steps.ts";
import type { MadeCommit, WriteClient } from "../../src/write-gate/write-client.ts";
import { BASE, BRANCH, begun, facts, HEAD, MADE, OTHER, onTop, published, pull, repoId, sha, TREE } from "./facts.ts";

const BOT = 4200;
const ours = { author: { id: UserId.parse(BOT), login: "countersign[bot]", type: "Bot" } } as const;
const fork = { headRepoId: RepoId.parse(6) };
const blank: Receipts = { ...begun, treeSha: null, commitSha: null };
const final = new GitHubError("unprocessable", "no");
const passing = new GitHubError("server", "later");

const change = (path: string, after: string | null, newBlob: Sha | null) =>
  FileChange.parse({
    kind: after === null ? "delete" : "create",
    path,
    previousPath: null,
    oldBlob: after === null ? sha("1") : null,
    newBlob,
    oldMode: after === null ? "100644" : null,
    newMode: after === null ? null : "100644",
    before: after === null ? "old\n" : null,
    after,
    additions: after === null ? 0 : 1,
    deletions: after === null ? 1 : 0,
    tasks: ["T1"],
  });
const changes = [change("gone.ts", null, null), change("a.ts", "a\n", sha("2")), change("b.ts", "b\n", sha("3"))];
const content = { ...facts.content, changes };

const asSent: MadeCommit = { sha: MADE, tree: content.tree, parents: [BASE], message: "Fix the slug", verified: true };

type Answers = Readonly<{
  blobs?: readonly (Sha | Error)[];
  tree?: Sha | Error;
  commit?: Partial<MadeCommit> | Error;
  heads?: readonly (Sha | null)[];
  branch?: Error;
  pulls?: readonly (readonly ReturnType<typeof pull>[])[];
  opened?: Error;
}>;

/** Each call as it was made. The last answer of a list stands for all that follow. */
const clientOf = (answers: Answers, calls: string[]): WriteClient => {
  const given = async <T>(call: string, answer: T | Error): Promise<T> => {
    calls.push(call);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const nth = <T>(list: readonly T[] | undefined, call: string, none: T): T => {
    const before = calls.filter((one) => one === call).length;
    return list?.[Math.min(before, list.length - 1)] ?? none;
  };
  return {
    message: "Fix the slug\n",
    createBlob: (position) => {
      const done = calls.filter((one) => one.startsWith("blob")).length;
      return given(`blob ${position}`, answers.blobs?.[done] ?? changes[position]?.newBlob ?? OTHER);
    },
    createTree: () => given("tree", answers.tree ?? content.tree),
    createCommit: () =>
      given("commit", answers.commit instanceof Error ? answers.commit : { ...asSent, ...answers.commit }),
    branchHead: () => given("head", nth<Sha | null>(answers.heads, "head", null)),
    createBranch: (commit) => given<void>(`create ${commit.slice(0, 3)}`, answers.branch),
    advanceBranch: (commit) => given<void>(`advance ${commit.slice(0, 3)}`, answers.branch),
    pullsOfBranch: () => given("pulls", nth(answers.pulls, "pulls", [])),
    openPull: () => given("open", answers.opened ?? pull(50, ours)),
  };
};

type Asked = Readonly<{ about?: typeof facts; receipts?: Receipts; signaturesRequired?: boolean }>;
type Step = typeof makeCommit;

/** The calls, and how it ended: a refusal, a fault, or the receipt that would be kept. */
const run = async (step: Step, answers: Answers, { about, receipts, signaturesRequired }: Asked = {}) => {
  const calls: string[] = [];
  const deps = {
    db: {} as never,
    clock: () => new Date(),
    botId: BOT,
    crash: (point: string) => Promise.reject(new Error(point)),
  };
  const writing: Writing = {
    facts: { ...(about ?? facts), content: { ...(about ?? facts).content, changes } },
    survey: { signaturesRequired: signaturesRequired ?? false },
    client: clientOf(answers, calls),
    receipts: receipts ?? blank,
  };
  const end = await step(deps, writing).then(
    (after) => (after === writing ? "as it was" : "another"),
    (error: unknown) => (error instanceof WriteStop ? error.end : error instanceof GitHubError ? error : `${error}`),
  );
  return { calls, end };
};
const refused = (code: string, note: string) => ({ kind: "refused", code, repoId, note });
const kept = (name: string) => `Error: write.before.record_${name}`;
const TAKEN = refused("branch_taken", `the branch ${BRANCH} stands at 0000000, which is not ours`);
const GONE = refused("branch_gone", `the branch ${BRANCH} was deleted`);

describe("the commit", () => {
  it("is not made twice, nor the tree", async () => {
    expect(await run(makeCommit, {}, { receipts: begun })).toEqual({ calls: [], end: "as it was" });
    const receipts = { ...begun, commitSha: null };
    expect(await run(makeCommit, {}, { receipts })).toEqual({ calls: ["commit"], end: kept("commit") });
  });

  it("follows a tree of what was approved: each text is sent, and nothing for what is deleted", async () => {
    expect(await run(makeCommit, {})).toEqual({ calls: ["blob 1", "blob 2", "tree"], end: kept("tree") });
  });

  it("is not made where GitHub stored something else", async () => {
    expect(await run(makeCommit, { blobs: [sha("2"), OTHER] })).toEqual({
      calls: ["blob 1", "blob 2"],
      end: refused("blob_differs", "GitHub stored another content of b.ts"),
    });
    expect(await run(makeCommit, { tree: OTHER })).toEqual({
      calls: ["blob 1", "blob 2", "tree"],
      end: refused("tree_differs", "GitHub made tree 0000000, approved is 8888888"),
    });
  });

  const receipts = { ...begun, commitSha: null };
  it.each<[string, Partial<MadeCommit>]>([
    ["another tree", { tree: TREE }],
    ["another parent", { parents: [OTHER] }],
    ["one parent more", { parents: [BASE, OTHER] }],
    ["no parent", { parents: [] }],
    ["other words", { message: "Fix the slug, and more" }],
    ["words before it", { message: " Fix the slug" }],
  ])("with %s is left alone", async (_, commit) => {
    const end = refused("commit_differs", "GitHub made another commit than the approved one");
    expect((await run(makeCommit, { commit }, { receipts })).end).toEqual(end);
  });

  it("is as sent whatever blanks end its message, and signed where the branch asks for that", async () => {
    expect((await run(makeCommit, { commit: { message: "Fix the slug \n\n" } }, { receipts })).end).toBe(
      kept("commit"),
    );
    const commit = { verified: false };
    const unsigned = refused("unsigned", "the branch asks for signed commits and GitHub did not sign this one");
    expect((await run(makeCommit, { commit }, { receipts })).end).toBe(kept("commit"));
    expect((await run(makeCommit, { commit }, { receipts, signaturesRequired: true })).end).toEqual(unsigned);
    expect((await run(makeCommit, {}, { receipts, signaturesRequired: true })).end).toBe(kept("commit"));
  });

  it.each<[string, (error: Error) => Answers]>([
    ["the first text", (error) => ({ blobs: [error] })],
    ["the tree", (error) => ({ tree: error })],
  ])("is for a person where GitHub refuses %s, and tried again where that passes", async (_, answers) => {
    expect((await run(makeCommit, answers(final))).end).toEqual(refused("not_writable", "GitHub: no"));
    expect((await run(makeCommit, answers(passing))).end).toBe(passing);
  });

  it("is for a person where GitHub refuses it, and tried again where that passes", async () => {
    expect((await run(makeCommit, { commit: final }, { receipts })).end).toEqual(refused("not_writable", "GitHub: no"));
    expect((await run(makeCommit, { commit: passing }, { receipts })).end).toBe(passing);
  });
});

describe("the branch", () => {
  const grown = { about: onTop, receipts: begun };

  it("is not made twice, and not without a commit", async () => {
    expect(await run(publishBranch, {}, { receipts: published })).toEqual({ calls: [], end: "as it was" });
    expect(await run(publishBranch, { heads: [MADE] }, { receipts: begun })).toEqual({
      calls: ["head"],
      end: kept("branch"),
    });
    expect(await run(publishBranch, {})).toEqual({
      calls: [],
      end: `Error: write ${facts.writeId} has no commit yet`,
    });
  });

  it("is made where there is none, and moved on from the approved head", async () => {
    expect(await run(publishBranch, {}, { receipts: begun })).toEqual({
      calls: ["head", "create ccc"],
      end: kept("branch"),
    });
    expect(await run(publishBranch, { heads: [HEAD] }, grown)).toEqual({
      calls: ["head", "advance ccc"],
      end: kept("branch"),
    });
  });

  it("is left where somebody else put it", async () => {
    expect(await run(publishBranch, { heads: [OTHER] }, { receipts: begun })).toEqual({ calls: ["head"], end: TAKEN });
    expect(await run(publishBranch, { heads: [OTHER] }, grown)).toEqual({ calls: ["head"], end: TAKEN });
    expect(await run(publishBranch, { heads: [null] }, grown)).toEqual({ calls: ["head"], end: GONE });
  });

  it("that could not be made is judged by what stands there then", async () => {
    const made = async (then: Sha | null) =>
      (await run(publishBranch, { heads: [null, then], branch: final }, { receipts: begun })).end;
    expect(await made(MADE)).toBe(kept("branch"));
    expect(await made(OTHER)).toEqual(TAKEN);
    expect(await made(null)).toEqual(refused("branch_refused", "GitHub: no"));
    const moved = async (then: Sha | null) =>
      (await run(publishBranch, { heads: [HEAD, then], branch: final }, grown)).end;
    expect(await moved(MADE)).toBe(kept("branch"));
    expect(await moved(OTHER)).toEqual(TAKEN);
    expect(await moved(HEAD)).toEqual(refused("branch_refused", "GitHub: no"));
  });

  it("is looked at no further where the fault passes, or is none of GitHub's", async () => {
    const fault = new Error("of another kind");
    const receipts = begun;
    expect(await run(publishBranch, { branch: passing }, { receipts })).toEqual({
      calls: ["head", "create ccc"],
      end: passing,
    });
    expect(await run(publishBranch, { branch: fault }, { receipts })).toEqual({
      calls: ["head", "create ccc"],
      end: `${fault}`,
    });
  });
});

describe("the pull request", () => {
  const open = (answers: Answers) => run(openPullRequest, { heads: [MADE], ...answers }, { receipts: published });
  const opened = { calls: ["pulls", "head", "open"], end: kept("pull") };
  const found = { calls: ["pulls"], end: kept("pull") };

  it("is not opened twice, whatever became of ours", async () => {
    const receipts = { ...published, pullNumber: PullNumber.parse(50) };
    expect(await run(openPullRequest, {}, { receipts })).toEqual({ calls: [], end: "as it was" });
    expect(await open({ pulls: [[pull(50, ours)]] })).toEqual(found);
    expect(await open({ pulls: [[pull(9), pull(50, { ...ours, state: "closed" })]] })).toEqual(found);
    expect(await open({})).toEqual(opened);
  });

  it("is not opened beside somebody else's; one that is closed, or comes from a fork, is none", async () => {
    expect(await open({ pulls: [[pull(7)]] })).toEqual({
      calls: ["pulls"],
      end: refused("pull_taken", "pull request #7 from this branch is not ours"),
    });
    expect(await open({ pulls: [[pull(7, { state: "closed" })]] })).toEqual(opened);
    expect(await open({ pulls: [[pull(7, fork), pull(8, { ...ours, ...fork })]] })).toEqual(opened);
  });

  it("is not opened where the branch is not at the commit", async () => {
    expect(await open({ heads: [OTHER] })).toEqual({ calls: ["pulls", "head"], end: TAKEN });
    expect(await open({ heads: [null] })).toEqual({ calls: ["pulls", "head"], end: GONE });
  });

  it("that could not be opened may be there by now", async () => {
    const calls = ["pulls", "head", "open", "pulls"];
    expect(await open({ opened: final, pulls: [[], [pull(50, ours)]] })).toEqual({ calls, end: kept("pull") });
    expect(await open({ opened: final })).toEqual({ calls, end: refused("pull_refused", "GitHub: no") });
    expect(await open({ opened: passing })).toEqual({ calls: calls.slice(0, 3), end: passing });
    const fault = new Error("of another kind");
    expect(await open({ opened: fault })).toEqual({ calls: calls.slice(0, 3), end: `${fault}` });
  });
});

describe("a write", () => {
  it("is finished when its pull request stands, with the tree and commit of its receipts", () => {
    const done = { ...published, pullNumber: PullNumber.parse(50) };
    expect(finishedOf(done)).toEqual({ repoId, head: MADE, tree: sha("8"), pullRequest: 50 });
    for (const missing of ["treeSha", "commitSha", "pullNumber"])
      expect(finishedOf({ ...done, [missing]: null })).toBeNull();
  });
});
