// The digest of what the deploy gate asks for: whatever changes of it, it is another thing to approve.
import { expect, it } from "vitest";
import { partDigest, partsOf, ShipContent, shipDigest } from "../../src/shipping/content.ts";

const merge = {
  repoId: 1,
  pullRequest: 57,
  head: "a".repeat(40),
  tree: "b".repeat(40),
  baseBranch: "main",
  method: "merge",
  message: { title: "Keep accented letters (#57)", body: "" },
};
const deployment = {
  repoId: 1,
  commit: "merge_commit",
  baseBranch: "main",
  environment: "production",
  requiredContexts: ["smoke"],
};
const content = (change: object = {}) =>
  ShipContent.parse({ version: 1, merges: [merge], deployments: [deployment], ...change });
const digest = shipDigest(content());

it.each([
  ["version", { version: 2 }],
  ["repository", { merges: [{ ...merge, repoId: 2 }] }],
  ["pull request", { merges: [{ ...merge, pullRequest: 58 }] }],
  ["head", { merges: [{ ...merge, head: "c".repeat(40) }] }],
  ["tree", { merges: [{ ...merge, tree: "c".repeat(40) }] }],
  ["base branch", { merges: [{ ...merge, baseBranch: "next" }] }],
  ["title of the merge commit", { merges: [{ ...merge, message: { ...merge.message, title: "Keep letters (#57)" } }] }],
  ["text of the merge commit", { merges: [{ ...merge, message: { ...merge.message, body: "Because." } }] }],
  ["method", { merges: [{ ...merge, method: "squash" }] }],
  ["order", { merges: [{ ...merge, repoId: 2 }, merge] }],
  ["environment", { deployments: [{ ...deployment, environment: "staging" }] }],
  ["checks that it waits for", { deployments: [{ ...deployment, requiredContexts: [] }] }],
  ["deployment that is none", { deployments: [] }],
])("another %s is another digest", (_what, change) => {
  expect(shipDigest(content(change))).not.toBe(digest);
});

it("only a rebase has no message of its own", () => {
  const parsed = (change: object) =>
    ShipContent.safeParse({ version: 1, merges: [{ ...merge, ...change }], deployments: [] });
  expect(parsed({ message: null }).success).toBe(false);
  expect(parsed({ message: null, method: "squash" }).success).toBe(false);
  expect(parsed({ method: "rebase" }).success).toBe(false);
  expect(parsed({ message: null, method: "rebase" }).success).toBe(true);
});

it("parts are told apart by kind and content, first all merges", () => {
  const parts = partsOf(content({ merges: [merge, { ...merge, repoId: 2 }] }));
  expect(parts.map(({ kind }) => kind)).toEqual(["merge", "merge", "deployment"]);
  expect(new Set(parts.map(partDigest)).size).toBe(3);
});

it("nothing to merge is nothing to ask for", () => {
  expect(ShipContent.safeParse({ version: 1, merges: [], deployments: [deployment] }).success).toBe(false);
});
