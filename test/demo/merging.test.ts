// How branches come together on the local GitHub: squash, rebase, merge queue, *Update branch*; and comparisons in pages.
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { ALL, asInstallation, type Caller, start } from "./support.ts";

const R = "/repos/acme/shop";
const Compared = z.object({
  status: z.string(),
  total_commits: z.number(),
  merge_base_commit: z.object({ sha: z.string() }),
  commits: z.array(z.object({ sha: z.string() })),
  files: z.array(z.object({ filename: z.string() })),
});

let github: LocalGitHub;
let app: Caller;
beforeEach(async () => {
  github = await start();
  app = await asInstallation(github, ALL);
});
afterEach(() => github.close());

const shop = () => github.repo("acme/shop");
const mona = () => github.as("mona");
const parentsOf = (sha: string) =>
  shop()
    .commit(sha)
    ?.parents.map((parent) => parent.sha);
const compare = async (basehead: string, query = "") =>
  Compared.parse((await app("GET", `${R}/compare/${basehead}${query}`)).body);

/** Two commits on a branch, and one on the base meanwhile. */
const forked = () => {
  const fork = shop().head() ?? "";
  const commits = [
    mona().push("topic", { "a.txt": "1\n" }, { from: "main" }),
    mona().push("topic", { "b.txt": "2\n" }),
  ];
  const base = mona().push("main", { "README.md": "# Moved\n" });
  return { fork, commits, base, number: mona().openPull({ title: "t", head: "topic" }).number };
};

test("a rebase puts each commit once more onto the base", () => {
  const { commits, base, number } = forked();
  const tip = mona().mergePull(number, "rebase");
  const [first] = parentsOf(tip) ?? [];
  expect(parentsOf(first ?? "")).toEqual([base]);
  expect(commits).not.toContain(tip);
  expect(shop().text("README.md")).toBe("# Moved\n");
  expect([shop().text("a.txt"), shop().text("b.txt")]).toEqual(["1\n", "2\n"]);
});

test("a squash is one commit on the base, a merge has both sides as parents", () => {
  const one = forked();
  expect(parentsOf(mona().mergePull(one.number, "squash"))).toEqual([one.base]);
  const tip = mona().push("other", { "c.txt": "3\n" }, { from: "main" });
  const { number } = mona().openPull({ title: "t", head: "other" });
  const base = shop().head() ?? "";
  expect(parentsOf(mona().mergePull(number, "merge"))).toEqual([base, tip]);
});

test("the merge queue makes a commit of its own, asks for checks of it, and lands it as it is", async () => {
  const { base, commits, number } = forked();
  const queued = mona().enqueuePull(number);
  expect(parentsOf(queued)).toEqual([base, commits[1]]);
  const [hook] = github.webhooks.find({ event: "merge_group", action: "checks_requested" });
  expect(JSON.parse(hook?.body ?? "{}").merge_group).toMatchObject({
    head_sha: queued,
    head_ref: `refs/heads/gh-readonly-queue/main/pr-${number}-${base}`,
    base_sha: base,
    base_ref: "refs/heads/main",
  });
  expect(mona().landQueued(number)).toBe(queued);
  expect(shop().head()).toBe(queued);
  expect((await app("GET", `${R}/pulls/${number}`)).body).toMatchObject({ merged: true, merge_commit_sha: queued });
  expect([...shop().refs().keys()].some((ref) => ref.includes("gh-readonly-queue"))).toBe(false);
});

test("the base is merged into a branch, by itself or settled by hand", () => {
  const { base, commits } = forked();
  const updated = mona().mergeInto("topic", "main");
  expect(parentsOf(updated)).toEqual([commits[1], base]);
  expect([shop().text("README.md", "topic"), shop().text("a.txt", "topic")]).toEqual(["# Moved\n", "1\n"]);
  mona().push("main", { "a.txt": "theirs\n", "d.txt": "4\n" });
  expect(() => mona().mergeInto("topic", "main")).toThrow("merge conflict");
  mona().mergeInto("topic", "main", { "a.txt": "settled\n" });
  expect([shop().text("a.txt", "topic"), shop().text("d.txt", "topic")]).toEqual(["settled\n", "4\n"]);
});

test("a comparison starts at the merge base, has its commits in pages, and its files on the first page alone", async () => {
  const { fork, commits } = forked();
  const whole = await compare("main...topic");
  expect(whole).toMatchObject({ status: "diverged", total_commits: 2, merge_base_commit: { sha: fork } });
  expect(whole.commits.map(({ sha }) => sha)).toEqual(commits);
  expect(whole.files.map(({ filename }) => filename)).toEqual(["a.txt", "b.txt"]);
  const second = await compare("main...topic", "?per_page=1&page=2");
  expect(second.commits.map(({ sha }) => sha)).toEqual([commits[1]]);
  expect(second.files).toEqual([]);
  mona().mergeInto("topic", "main");
  expect((await compare("main...topic")).merge_base_commit.sha).toBe(shop().head());
});

test("a comparison shows 300 files and no word of the others", async () => {
  const many = Object.fromEntries(Array.from({ length: 301 }, (_, at) => [`many/${at}.txt`, "x\n"]));
  mona().push("topic", many, { from: "main" });
  expect((await compare("main...topic")).files).toHaveLength(300);
});
