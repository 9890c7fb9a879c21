import { describe, expect, it } from "vitest";
import { RepoId } from "../../src/ids.ts";
import { PolicyInForce, policyFor } from "../../src/policy/in-force.ts";
import { DEFAULT_POLICY, PolicySettings } from "../../src/policy/settings.ts";

const [first, second, third] = [RepoId.parse(1), RepoId.parse(2), RepoId.parse(3)];
const policy = PolicySettings.parse({ max_files: 7 });

describe("the policy in force", () => {
  const inForce = PolicyInForce.parse({
    config: { policy: DEFAULT_POLICY, more: 1 },
    secondaries: [
      { repoId: third, policy: DEFAULT_POLICY },
      { repoId: second, policy, more: 2 },
    ],
  });

  it("is a repository's own where it has one, and else that of the issue's", () => {
    expect(policyFor(inForce, second)).toEqual(policy);
    expect(policyFor(inForce, third)).toEqual(DEFAULT_POLICY);
    expect(policyFor({ ...inForce, config: { policy } }, first)).toEqual(policy);
  });

  it("is read from a snapshot, of which it keeps what it needs", () => {
    expect(inForce).toEqual({
      config: { policy: DEFAULT_POLICY },
      secondaries: [
        { repoId: third, policy: DEFAULT_POLICY },
        { repoId: second, policy },
      ],
    });
    expect(PolicyInForce.parse({ config: { policy } }).secondaries).toEqual([]);
    expect(PolicyInForce.safeParse({}).success).toBe(false);
    expect(PolicyInForce.safeParse({ config: { policy }, secondaries: [{ repoId: second }] }).success).toBe(false);
  });
});
