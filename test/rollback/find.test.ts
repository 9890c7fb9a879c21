// What is still to be made of a rollback, and the order that says it together with what stands.
import { describe, expect, it } from "vitest";
import type { Target } from "../../src/delivery/delivery.ts";
import { DeliveryId, InstallationId, PatchSetId, PullNumber, RepoId } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { type Found, orderOf, toMake } from "../../src/rollback/find.ts";
import type { MergedTarget } from "../../src/rollback/load.ts";
import type { RevertOrder } from "../../src/rollback/order.ts";
import { newborn } from "../delivery/reach.ts";
import { shaOf } from "../support/stored-delivery.ts";

const [SHOP, API] = [RepoId.parse(1), RepoId.parse(2)];
const written = (pull: number) => ({ head: shaOf("h"), tree: shaOf("t"), pullRequest: PullNumber.parse(pull) });
const merged = (repoId: RepoId, pull: number): MergedTarget => ({
  repoId,
  role: "primary",
  patchSet: null,
  written: written(pull),
  strayHead: null,
  landed: "merged",
});
const undoing = { parent: DeliveryId.parse(12), merged: [merged(API, 50), merged(SHOP, 40)], titles: new Map() };

const patchSet = {
  version: 1,
  digest: digestOf("p"),
  shown: null,
  approvals: [],
  approved: false,
  id: PatchSetId.parse(3),
  written: false,
};
const target = (repoId: RepoId, part: Partial<Target> = {}): Target => ({
  repoId,
  role: "primary",
  patchSet: null,
  written: null,
  strayHead: null,
  landed: "no",
  ...part,
});
const made = (...targets: readonly Target[]) =>
  toMake({ delivery: { ...newborn(), targets } }, undoing).map(({ repoId }) => repoId);

describe("what is to be made", () => {
  it("is all of it at first, the last merged first", () => {
    expect(made(target(SHOP), target(API))).toEqual([API, SHOP]);
  });

  it.each([
    ["is shown or approved", { patchSet }],
    ["stands on an open pull request", { written: written(60) }],
    ["is merged", { written: written(60), landed: "merged" }],
  ] as const)("is not what %s", (_, part) => {
    expect(made(target(SHOP), target(API, part))).toEqual([SHOP]);
  });
});

const found = (repoId: RepoId, name: string, onto: string): Found => ({
  repo: {
    repoId,
    installationId: InstallationId.parse(777),
    name,
    visibility: "public",
    role: "primary",
    baseBranch: "main",
    baseSha: shaOf("b"),
  },
  target: merged(repoId, 40),
  read: {
    merge: shaOf("merge"),
    before: shaOf("before"),
    onto: shaOf(onto),
    baseTree: shaOf("tree"),
    entries: [],
    undone: [{ path: "a.js", now: null, to: null }],
    asBefore: [],
    conflicts: [],
  },
});

describe("the order", () => {
  const first: RevertOrder = orderOf(undoing, [found(API, "acme/api", "one"), found(SHOP, "acme/shop", "one")], null);

  it("has every repository, in the order in which they are undone", () => {
    expect(first.repositories.map(({ name }) => name)).toEqual(["acme/api", "acme/shop"]);
  });

  it("made again, says of what stands what was found when that was made", () => {
    const again = orderOf(undoing, [found(SHOP, "acme/shop", "two")], first);
    expect(again.repositories.map(({ name, onto }) => [name, onto])).toEqual([
      ["acme/api", shaOf("one")],
      ["acme/shop", shaOf("two")],
    ]);
  });
});
