// The look at a repository before anything is written anywhere: each way in which it is not as it was approved, in its own words.
import { describe, expect, it } from "vitest";
import { GitHubError } from "../../src/github/errors.ts";
import type { PullFacts, RepositoryFacts } from "../../src/github/reading.ts";
import { RepoId, Sha } from "../../src/ids.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import type { Receipts } from "../../src/write-gate/receipts.ts";
import { type SurveyPort, survey } from "../../src/write-gate/survey.ts";
import { BASE, BRANCH, begun, facts, HEAD, MADE, OTHER, onTop, published, pull, repoId, TREE } from "./facts.ts";

type There = Readonly<{
  repository?: Partial<RepositoryFacts> | null;
  heads?: Readonly<Record<string, Sha | null>>;
  compare?: "ahead" | "behind" | "identical" | "diverged" | null;
  parent?: Readonly<{ sha: Sha; tree: Sha }> | null;
  pulls?: readonly PullFacts[];
  signed?: Readonly<Record<string, boolean | null>>;
  asked?: unknown[];
}>;

const port = (there: There): SurveyPort => {
  const heads: Readonly<Record<string, Sha | null>> = { main: BASE, [BRANCH]: null, ...there.heads };
  const repository: RepositoryFacts = {
    id: repoId,
    owner: "acme",
    name: "widgets",
    defaultBranch: "main",
    visibility: "private",
    archived: false,
    ...there.repository,
  };
  return {
    repository: async () => (there.repository === null ? null : repository),
    branchHead: async (_, branch) => heads[branch] ?? null,
    compare: async (...about) => {
      there.asked?.push(about);
      return there.compare === undefined ? "ahead" : there.compare;
    },
    commit: async (_, ref) => {
      if (there.parent === null) return null;
      return { sha: Sha.parse(ref), tree: TREE, parents: [], message: "m", ...there.parent };
    },
    requiresSignatures: async (_, branch) => there.signed?.[branch] ?? false,
    pullsByHead: async () => ({ items: there.pulls ?? [], complete: true }),
  };
};

const endOf = async (there: There, about = facts, receipts: Receipts | null = null) => {
  try {
    return await survey(port(there), about, receipts);
  } catch (error) {
    if (error instanceof WriteStop) return error.end;
    throw error;
  }
};
const fine = { signaturesRequired: false };
const refused = (code: string, note: string) => ({ kind: "refused", code, repoId, note });
const rewritten = (note: string) => ({ kind: "base_rewritten", repoId, note });
const DELETED = refused("branch_gone", `the branch ${BRANCH} was deleted`);
const TAKEN = refused("branch_taken", `the branch ${BRANCH} stands at 0000000, which is not ours`);

describe("a repository", () => {
  it("may be gone, or archived", async () => {
    expect(await endOf({ repository: null })).toEqual(
      refused("not_writable", "the repository is gone, or not ours to see"),
    );
    expect(await endOf({ repository: { archived: true } })).toEqual(
      refused("not_writable", "the repository is archived"),
    );
  });

  it.each(["repository", "branchHead", "commit", "pullsByHead"] as const)(
    "whose %s GitHub does not show for good is a refusal, and a fault where that passes",
    async (call) => {
      const heads = { [BRANCH]: HEAD };
      for (const code of ["forbidden", "server"] as const) {
        const failing = { ...port({ heads }), [call]: () => Promise.reject(new GitHubError(code, "no")) };
        const end = survey(failing, onTop, null);
        if (code === "server") await expect(end).rejects.toMatchObject({ name: "GitHubError", code: "server" });
        else await expect(end).rejects.toMatchObject({ end: refused("not_writable", "GitHub: no") });
      }
    },
  );

  it("asks for signatures when its base or the branch does; where that cannot be read GitHub is left to refuse", async () => {
    expect(await endOf({})).toEqual(fine);
    expect(await endOf({ signed: { main: true } })).toEqual({ signaturesRequired: true });
    expect(await endOf({ signed: { [BRANCH]: true } })).toEqual({ signaturesRequired: true });
    expect(await endOf({ signed: { main: null, [BRANCH]: null } })).toEqual(fine);
  });
});

describe("the base", () => {
  it("may have moved on, and must still have what was approved", async () => {
    const asked: unknown[] = [];
    expect(await endOf({ heads: { main: OTHER }, asked })).toEqual(fine);
    expect(asked).toEqual([[repoId, BASE, OTHER]]);
    for (const compare of ["behind", "diverged", "identical", null] as const) {
      expect(await endOf({ heads: { main: OTHER }, compare })).toEqual(rewritten("bbbbbbb is no longer part of main"));
    }
  });

  it("is not compared where it stands, nor for a commit on top", async () => {
    const asked: unknown[] = [];
    expect(await endOf({ compare: "diverged", asked })).toEqual(fine);
    const heads = { main: OTHER, [BRANCH]: HEAD };
    expect(await endOf({ heads, compare: "diverged", asked }, onTop)).toEqual(fine);
    expect(asked).toEqual([]);
  });

  it("may be gone, its commit too, or hold another tree", async () => {
    expect(await endOf({ heads: { main: null } })).toEqual(rewritten("the branch main is gone"));
    expect(await endOf({ parent: null })).toEqual(rewritten("the commit bbbbbbb is gone"));
    const other = refused("base_differs", "the commit bbbbbbb has another tree than the approved base");
    expect(await endOf({ parent: { sha: BASE, tree: OTHER } })).toEqual(other);
    expect(await endOf({ parent: { sha: OTHER, tree: TREE } })).toEqual(other);
  });
});

describe("the branch", () => {
  it("is still to be made, or stands at the commit of an earlier run", async () => {
    expect(await endOf({})).toEqual(fine);
    expect(await endOf({ heads: { [BRANCH]: MADE } }, facts, begun)).toEqual(fine);
    expect(await endOf({ heads: { [BRANCH]: OTHER } }, facts, begun)).toEqual(TAKEN);
    expect(await endOf({ heads: { [BRANCH]: OTHER } }, facts, { ...begun, commitSha: null })).toEqual(TAKEN);
    expect(await endOf({ heads: { [BRANCH]: OTHER } })).toEqual(TAKEN);
  });

  it("stands at the approved head, or at the commit on top of it", async () => {
    expect(await endOf({ heads: { [BRANCH]: HEAD } }, onTop)).toEqual(fine);
    expect(await endOf({ heads: { [BRANCH]: MADE } }, onTop, begun)).toEqual(fine);
    expect(await endOf({ heads: { [BRANCH]: OTHER } }, onTop)).toEqual(TAKEN);
    expect(await endOf({}, onTop)).toEqual(DELETED);
    expect(await endOf({}, onTop, begun)).toEqual(DELETED);
  });

  it("that was made may have been moved since, and not deleted", async () => {
    expect(await endOf({ heads: { [BRANCH]: OTHER } }, facts, published)).toEqual(fine);
    expect(await endOf({}, facts, published)).toEqual(DELETED);
  });
});

describe("the pull request below a commit on top", () => {
  const heads = { [BRANCH]: HEAD };
  const became = (pulls: readonly PullFacts[], receipts: Receipts | null = null) =>
    endOf({ heads, pulls }, onTop, receipts);
  const unreached = (what: string) =>
    refused("pull_not_open", `pull request #${what}, so the commit would reach nobody there`);

  it("is open onto the base, or there is none of ours to tell", async () => {
    expect(await became([pull(50)])).toEqual(fine);
    expect(await became([pull(51, { state: "closed" }), pull(50)])).toEqual(fine);
    expect(await became([])).toEqual(fine);
    expect(await became([pull(50, { headRepoId: RepoId.parse(6), state: "closed" })])).toEqual(fine);
  });

  it("was merged, was closed or leads elsewhere: the newest one is told of", async () => {
    expect(await became([pull(50, { state: "closed", merged: true })])).toEqual(unreached("50 was merged"));
    expect(await became([pull(50, { state: "closed" })])).toEqual(unreached("50 is closed"));
    expect(await became([pull(50, { baseRef: "develop" })])).toEqual(unreached("50 now targets develop"));
    const closed = pull(50, { state: "closed" });
    const newer = pull(52, { state: "closed", merged: true });
    const foreign = pull(60, { headRepoId: null });
    expect(await became([closed, newer, foreign])).toEqual(unreached("52 was merged"));
    expect(await became([newer, closed])).toEqual(unreached("52 was merged"));
    expect(await became([closed, pull(53, { baseRef: "develop" })])).toEqual(unreached("53 now targets develop"));
  });

  it("is asked for until the branch was moved, and not for a first commit", async () => {
    const closed = [pull(50, { state: "closed" })];
    expect(await became(closed, begun)).toEqual(unreached("50 is closed"));
    expect(await became(closed, published)).toEqual(fine);
    expect(await endOf({ pulls: closed })).toEqual(fine);
  });
});
