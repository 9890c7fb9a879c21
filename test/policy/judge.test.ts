import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, policyVersion } from "../../src/policy/judge.ts";
import { proposalOf } from "../../src/policy/proposal.ts";
import { RULE_NAMES } from "../../src/policy/rules.ts";
import { DEFAULT_POLICY, PolicySettings, stricter } from "../../src/policy/settings.ts";
import { PolicyViolation } from "../../src/policy/violation.ts";
import { runs } from "../support/runs.ts";
import { EVASIONS } from "./evasions.ts";
import { changed, created, deleted, foundIn } from "./found.ts";

describe("judge", () => {
  it("passes an ordinary change", async () => {
    const changes = [
      changed("src/slug.ts", "export const a = 1;\n", "export const a = 2;\n"),
      created("test/slug.test.ts"),
    ];
    expect(await judge(proposalOf(changes), DEFAULT_POLICY)).toEqual({
      verdict: "pass",
      violations: [],
      policyVersion: policyVersion(DEFAULT_POLICY),
    });
  });

  it("warns when nothing blocks, and puts blocks first", async () => {
    const warned = await judge(proposalOf([created("Makefile")]), DEFAULT_POLICY);
    expect(warned).toMatchObject({ verdict: "warn", violations: [{ rule: "build-scripts", severity: "warn" }] });
    const blocked = await judge(proposalOf([created("Makefile"), created(".github/x.yml")]), DEFAULT_POLICY);
    expect(blocked.verdict).toBe("block");
    expect(blocked.violations.map(({ rule }) => rule)).toEqual(["ci-files", "build-scripts"]);
  });

  it("goes by the severities that are set", async () => {
    const proposal = proposalOf([created("Makefile"), created(".github/x.yml")]);
    const settings = PolicySettings.parse({ "ci-files": "warn", "build-scripts": "block" });
    expect((await judge(proposal, settings)).violations).toMatchObject([
      { rule: "build-scripts", severity: "block" },
      { rule: "ci-files", severity: "warn" },
    ]);
    expect((await judge(proposal, stricter(settings, DEFAULT_POLICY))).verdict).toBe("block");
  });

  it("gives what each rule finds by itself, in the order of the rules", async () => {
    for (const { changes, base } of EVASIONS.slice(0, 60).filter((_, at) => at % 5 === 0)) {
      const proposal = proposalOf(changes, base);
      const each = (await Promise.all(RULE_NAMES.map((rule) => foundIn(rule, proposal)))).flat();
      const { violations } = await judge(proposal, DEFAULT_POLICY);
      const of = (severity: string) => each.filter((one) => one.severity === severity);
      expect(violations).toEqual([...of("block"), ...of("warn")]);
    }
  });

  it("says how many more there are of what it does not list", async () => {
    const changes = Array.from({ length: 60 }, (_, at) => created(`.github/${at}.yml`));
    const { violations } = await judge(proposalOf(changes), PolicySettings.parse({ max_files: 100 }));
    const ours = violations.filter(({ rule }) => rule === "ci-files");
    expect(ours).toHaveLength(51);
    expect(ours.at(-1)).toMatchObject({ path: null, message: "And 10 more of this rule." });
  });

  it("gives violations of the agreed shape, from whatever is thrown at it", async () => {
    const path = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("package.json", "package-lock.json", "LICENSE", "a.test.ts", "Dockerfile"),
    );
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.json({ maxDepth: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, text, text), { minLength: 1, maxLength: 4 }), async (files) => {
        const changes = files.map(([at, before, after]) =>
          before === after ? deleted(at, before) : changed(at, before, after),
        );
        const judged = await judge(proposalOf(changes), DEFAULT_POLICY);
        expect(PolicyViolation.array().parse(judged.violations)).toEqual(judged.violations);
        for (const { rule, message } of judged.violations) {
          expect(RULE_NAMES).toContain(rule);
          expect(message).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u);
        }
      }),
      runs(60),
    );
  });
});

describe("policyVersion", () => {
  it("changes with any setting, and is the same for the same settings", () => {
    const versions = [
      {},
      { "ci-files": "warn" },
      { max_files: 49 },
      { frozen: ["a"] },
      { registries: ["a.example"] },
    ].map((given) => policyVersion(PolicySettings.parse(given)));
    expect(new Set(versions).size).toBe(5);
    expect(policyVersion(PolicySettings.parse({ max_files: 50 }))).toBe(versions[0]);
  });
});
