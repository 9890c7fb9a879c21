import { describe, expect, it } from "vitest";
import { birth } from "../../src/delivery/birth.ts";
import type { Delivery, Target } from "../../src/delivery/delivery.ts";
import type { G4, G4Verdict } from "../../src/delivery/gates/g4.ts";
import type { PullFacts } from "../../src/github/reading.ts";
import { DeliveryId, Digest, InstallationId, PullNumber, RepoId, Sha, UserId } from "../../src/ids.ts";
import type { Judged } from "../../src/provenance/verdict.ts";
import { decide } from "../../src/verify/decide.ts";
import type { Seen } from "../../src/verify/look.ts";

const repoId = RepoId.parse(7);
const head = Sha.parse("a".repeat(40));
const other = Sha.parse("b".repeat(40));
const written = { head, tree: Sha.parse("c".repeat(40)), pullRequest: PullNumber.parse(5) };

const delivery = (over: Partial<Delivery["targets"][number]> = {}): Delivery => {
  const born = birth({
    id: DeliveryId.parse(1),
    exitPhase: "verify",
    maxRevisions: 1,
    maxFixes: 0,
    targets: [{ repoId, role: "primary" }],
  }).delivery;
  return {
    ...born,
    phase: "verify",
    runStatus: "running",
    attempt: 4,
    targets: born.targets.map((target) => ({ ...target, written, ...over })),
  };
};

const judged = (verdict: G4Verdict, failed: string[] = []): G4 => ({
  gate: "G4",
  verdict,
  passed: verdict === "green",
  evidence: {
    counted: failed.map((name) => ({
      id: 1,
      name,
      source: "check_run",
      appId: 1,
      meaning: "failed",
      said: "failure",
      url: null,
      reruns: 0,
    })),
    notCounted: [],
    missing: [],
    complete: true,
    required: null,
    secondsWaited: 60,
  },
});

const by = (kind: "patchset" | "head", digit: string) => ({
  kind,
  digest: Digest.parse(digit.repeat(64)),
  head: kind === "patchset" ? head : other,
});

const found = (commit: Sha, is: "approved" | "unapproved", approvedBy = by("patchset", "e")): Judged => ({
  kind: "head",
  commit,
  verdict:
    is === "approved"
      ? { kind: "approved", by: approvedBy, base: other, tree: written.tree }
      : { kind: "unapproved", base: other, tree: written.tree, differences: [], count: 1 },
  commits: [],
  complete: true,
  people: is === "approved" ? [] : [{ id: UserId.parse(9), login: "hubot" }],
});

const seen = (
  verdict: G4Verdict,
  pull: Partial<PullFacts> | null = {},
  failed: string[] = [],
  provenance: Judged | null = found(head, "approved"),
  target: Partial<Target> = {},
): Seen => ({
  pull: {
    repoId,
    installationId: InstallationId.parse(3),
    name: "acme/shop",
    baseBranch: "main",
    target: { repoId, role: "primary", patchSet: null, written, strayHead: null, landed: "no", ...target },
    written,
    writtenAt: new Date(0),
  },
  provenance,
  reports: [],
  reworded: [],
  checked: head,
  found:
    pull === null
      ? null
      : {
          number: written.pullRequest,
          state: "open",
          merged: false,
          mergeSha: null,
          headSha: head,
          headRef: "countersign/d-1",
          headRepoId: repoId,
          baseRef: "main",
          baseSha: other,
          author: { id: UserId.parse(1), login: "countersign[bot]", type: "Bot" },
          title: "t",
          body: "b",
          url: "u",
          ...pull,
        },
  judged: judged(verdict, failed),
});

const types = (d: Delivery, ...looks: Seen[]) => {
  const { facts, verdict } = decide(d, looks);
  return [...facts.map(({ event }) => event.type), ...(verdict === null ? [] : [verdict.type])];
};

describe("decide", () => {
  it.each([
    ["all green", ["green", "green"], ["checks_green"]],
    ["one red", ["green", "red"], ["checks_red"]],
    ["red while another runs", ["waiting", "red"], ["checks_red"]],
    ["one still running", ["green", "waiting"], []],
    ["one held for a maintainer", ["green", "held"], []],
    ["no checks at all", ["no_checks"], ["no_checks"]],
    ["no checks in one, the rest green", ["green", "no_checks"], ["no_checks"]],
  ] satisfies [string, G4Verdict[], string[]][])("%s", (_, verdicts, expected) => {
    expect(types(delivery(), ...verdicts.map((verdict) => seen(verdict)))).toEqual(expected);
  });

  it("never calls nothing green", () => expect(types(delivery())).toEqual([]));

  it("names what failed", () => {
    const { verdict } = decide(delivery(), [seen("red", {}, ["test (20)"])]);
    expect(verdict).toMatchObject({ type: "checks_red", attempt: 4, note: "acme/shop#5 failed: test (20)" });
  });

  it.each([
    ["closed", { state: "closed" }, "pull_closed"],
    ["retargeted", { baseRef: "release" }, "pull_retargeted"],
  ] satisfies [string, Partial<PullFacts>, string][])(
    "a pull request that was %s decides before its checks",
    (_, pull, type) => {
      expect(types(delivery(), seen("green", pull))).toEqual([type]);
    },
  );

  it("a head that holds something else decides before its checks, with whoever brought it", () => {
    const look = seen("green", { headSha: other }, [], found(other, "unapproved"));
    expect(decide(delivery(), [look])).toMatchObject({
      facts: [{ event: { type: "head_unapproved", head: other, by: [9] } }],
      verdict: null,
    });
  });

  it("a head that was not judged is never green", () => {
    expect(types(delivery(), seen("green", {}, [], null))).toEqual([]);
  });

  it("a head that holds what was approved is watched whichever commit it is", () => {
    const look = seen("green", { headSha: other }, [], found(other, "approved"));
    expect(types(delivery(), look)).toEqual(["checks_green"]);
  });

  it("tells a merge of what was approved from one of anything else, whatever the head was", () => {
    const merged = (is: "approved" | "unapproved", headSha: Sha) =>
      decide(delivery(), [
        seen("green", { merged: true, state: "closed", headSha }, [], { ...found(headSha, is), kind: "merge" }),
      ]).facts[0]?.event;
    expect(merged("approved", other)).toMatchObject({ type: "pull_merged", approvedTree: true, green: true });
    expect(merged("unapproved", head)).toMatchObject({ type: "pull_merged", approvedTree: false });
  });

  const stray = (approved: boolean) => ({
    strayHead: { version: 1, digest: Digest.parse("d".repeat(64)), shown: null, approvals: [], approved, head: other },
  });

  it("says so when a stray head was removed", () => {
    expect(types(delivery(), seen("green", {}, [], found(head, "approved"), stray(false)))).toEqual(["head_restored"]);
  });

  it("lets a countersigned head be", () => {
    const countersigned = found(other, "approved", by("head", "d"));
    expect(types(delivery(), seen("green", { headSha: other }, [], countersigned, stray(true)))).toEqual([
      "checks_green",
    ]);
  });
});
