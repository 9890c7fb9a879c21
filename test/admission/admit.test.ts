// The ladder of refusals: each rung alone, and that an earlier rung answers before a later one.
import { describe, expect, it } from "vitest";
import { type AdmissionFacts, admit } from "../../src/admission/admit.ts";
import { AdmissionRefusal } from "../../src/admission/refusal.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import type { RoleName } from "../../src/github/reading.ts";
import { DeliveryId, RepoId, Sha } from "../../src/ids.ts";

const commit = Sha.parse("1".repeat(40));
const good: AdmissionFacts = {
  source: "active",
  config: { kind: "config", config: DEFAULT_CONFIG, tightened: [], commit, blob: null },
  labeler: { login: "mona", type: "User", role: "write" },
  live: null,
  issue: { state: "open", isPullRequest: false, characters: 20_000 },
  isControl: false,
  freezes: [],
  repository: { id: RepoId.parse(1), owner: "acme", name: "shop", visibility: "private" },
  secondaries: { kind: "named", repositories: [] },
  liveCounts: { repository: 19, installation: 99 },
  installationLimit: 100,
};

/** One rung each, in the order in which they answer. */
const rungs: readonly (readonly [string, Partial<AdmissionFacts>])[] = [
  ["source_inactive", { source: "inactive" }],
  [
    "config_invalid",
    {
      config: {
        kind: "problems",
        problems: [{ line: 3, key: "label", message: "is wrong" }],
        prefix: null,
        commit,
        blob: commit,
      },
    },
  ],
  ["labeler_is_bot", { labeler: { login: "robot", type: "Bot", role: "admin" } }],
  ["labeler_role", { labeler: { login: "mona", type: "User", role: "triage" } }],
  ["repeated", { live: DeliveryId.parse(7) }],
  ["issue_is_pull_request", { issue: { ...good.issue, isPullRequest: true } }],
  ["issue_is_control", { isControl: true }],
  ["issue_closed", { issue: { ...good.issue, state: "closed" } }],
  ["frozen", { freezes: [{ by: "operator", reason: "a release" }] }],
  ["issue_too_large", { issue: { ...good.issue, characters: 20_001 } }],
  ["repos_unreadable", { secondaries: { kind: "unreadable" } }],
  ["too_many_repositories", { secondaries: { kind: "too_many", named: 10 } }],
  [
    "repositories_refused",
    { secondaries: { kind: "named", repositories: [{ name: "acme/api", permitted: "name", found: null }] } },
  ],
  ["too_many_live", { liveCounts: { repository: 20, installation: 0 } }],
  ["too_many_live", { liveCounts: { repository: 0, installation: 100 } }],
];

const codeOf = (facts: AdmissionFacts): string => {
  const verdict = admit(facts);
  return verdict.kind === "refused" ? verdict.refusal.code : verdict.kind;
};

describe("admission", () => {
  it("admits at every limit", () => {
    expect(admit(good)).toEqual({ kind: "admitted", config: good.config, secondaries: [] });
  });

  it.each(rungs)("answers %s alone", (code, wrong) => {
    expect(codeOf({ ...good, ...wrong })).toBe(code);
  });

  it("answers with the first of all that is wrong", () => {
    for (const [at, [code]] of rungs.entries()) {
      // Later rungs first, so that of two that share a fact the earlier one stands.
      const later = rungs.slice(at).toReversed();
      const wrong: AdmissionFacts = Object.assign({}, good, ...later.map(([, each]) => each));
      expect(codeOf(wrong)).toBe(code);
    }
  });

  it.each<[RoleName, boolean]>([
    ["admin", true],
    ["maintain", true],
    ["write", true],
    ["triage", false],
    ["read", false],
    ["none", false],
  ])("role %s admits: %s", (role, admits) => {
    expect(admit({ ...good, labeler: { ...good.labeler, role } }).kind).toBe(admits ? "admitted" : "refused");
  });

  it.each(["Bot", "Organization", "Mannequin"] as const)("a %s is no person, whatever its role", (type) => {
    expect(codeOf({ ...good, labeler: { login: "x", type, role: "admin" } })).toBe("labeler_is_bot");
  });

  it("says which limit, and how far it was passed", () => {
    expect(admit({ ...good, issue: { ...good.issue, characters: 30_000 } })).toEqual({
      kind: "refused",
      refusal: { code: "issue_too_large", characters: 30_000, limit: 20_000 },
    });
    expect(admit({ ...good, liveCounts: { repository: 3, installation: 120 } })).toEqual({
      kind: "refused",
      refusal: { code: "too_many_live", scope: "installation", live: 120, limit: 100 },
    });
  });

  it("refuses in words that can be kept and read back", () => {
    for (const [, wrong] of rungs) {
      const verdict = admit({ ...good, ...wrong });
      if (verdict.kind !== "refused") continue;
      expect(AdmissionRefusal.parse(JSON.parse(JSON.stringify(verdict.refusal)))).toEqual(verdict.refusal);
    }
  });
});
