// What holds for all rules at once, over random proposals: none throws, none can be talked out of what it found.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineChanges } from "../../src/patches/diff.ts";
import { judge, policyVersion, type Verdict } from "../../src/policy/judge.ts";
import type { BaseTree, ProposedFile } from "../../src/policy/proposal.ts";
import { RULE_NAMES, RULES } from "../../src/policy/rules.ts";
import { DEFAULT_POLICY, PolicySettings, stricter } from "../../src/policy/settings.ts";
import type { PolicyViolation } from "../../src/policy/violation.ts";
import { runs } from "../support/runs.ts";

const path = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom("", "src/", "Src/", ".github/workflows/", ".git/", "test/", "a/../"),
        fc.constantFrom(
          "package.json",
          "package-lock.json",
          "go.sum",
          "go.mod",
          "Cargo.toml",
          "Cargo.lock",
          "pyproject.toml",
          "requirements.txt",
          "Gemfile",
          "composer.json",
          "yarn.lock",
          "LICENSE",
          "a.test.ts",
          "A.test.ts",
          "a.ts",
          "README.md",
          "Dockerfile",
          "HEAD",
          "config",
          ".gitattributes",
          "CODEOWNERS",
          "countersign.yml",
        ),
      )
      .map((parts) => parts.join("")),
  },
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.json({ maxDepth: 4 }),
  fc
    .array(
      fc.constantFrom(
        "{",
        "}",
        '"dependencies": {',
        '"a": "git+https://e.example/a"',
        '"scripts": {"postinstall": "x"},',
        "[dependencies]",
        'a = "1"',
        "a==1",
        "gem 'a'",
        "require (",
        "it('a', () => {",
        "expect(1)",
        "x\r",
        "\u202e",
        "AKIAQWERTYUIOPASDFGH",
        "*.ts filter=lfs",
      ),
      { maxLength: 8 },
    )
    .map((lines) => `${lines.join("\n")}\n`),
);
const mode = fc.constantFrom("100644", "100644", "100644", "100755", "120000", "160000", "100664", "");

const file: fc.Arbitrary<ProposedFile> = fc
  .record({
    kind: fc.constantFrom("create", "modify", "delete", "rename"),
    path,
    other: path,
    modes: fc.tuple(mode, mode),
    before: text,
    after: text,
    whole: fc.boolean(),
    content: fc.constantFrom("text", "text", "text", "binary", "not_utf8"),
  })
  .map(({ kind, path, other, modes, before, after, whole, content }) => {
    const [old, now] = [kind === "create" ? null : before, kind === "delete" ? null : after];
    return {
      kind,
      path,
      previousPath: kind === "rename" ? other : null,
      oldMode: old === null || modes[0] === "" ? null : modes[0],
      newMode: now === null || modes[1] === "" ? null : modes[1],
      content,
      before: whole ? old : null,
      after: whole ? now : null,
      ...lineChanges(old ?? "", now ?? ""),
    };
  });

const base: fc.Arbitrary<BaseTree | null> = fc.option(
  fc
    .record({ modes: fc.array(fc.tuple(path, mode)), attributes: fc.array(fc.tuple(path, text)) })
    .map(({ modes, attributes }) => ({
      modes: new Map(modes),
      attributes: new Map(attributes),
    })),
);
const proposal = fc.record({ files: fc.array(file, { minLength: 1, maxLength: 4 }), base });

const settings = fc
  .record({
    severities: fc.dictionary(
      fc.constantFrom(...RULE_NAMES.filter((name) => !RULES[name].fixed)),
      fc.constantFrom("warn", "block"),
    ),
    max_files: fc.integer({ min: 1, max: 300 }),
    frozen: fc.uniqueArray(fc.constantFrom("src", "docs/**", "*.lock"), { maxLength: 2 }),
  })
  .map(({ severities, max_files, frozen }) => PolicySettings.parse({ ...severities, max_files, frozen }));

const RANK: Readonly<Record<Verdict, number>> = { pass: 0, warn: 1, block: 2 };
const told = (violations: readonly PolicyViolation[]): string[] => violations.map((one) => JSON.stringify(one)).sort();

/** The rules that ask whether something else changes too: a manifest is what makes a lock's change right. */
const asksForMore = ({ rule }: PolicyViolation): boolean => rule === "lock-without-manifest";

describe("every rule", () => {
  it("judges whatever it is given", async () => {
    await fc.assert(
      fc.asyncProperty(proposal, settings, async (given, rules) => {
        const { verdict, violations } = await judge(given, rules);
        const severities = violations.map(({ severity }) => severity);
        expect(verdict).toBe(severities.includes("block") ? "block" : severities.length > 0 ? "warn" : "pass");
        for (const { rule, severity, line, message } of violations) {
          expect(severity).toBe(rules[RULE_NAMES.find((name) => name === rule) ?? "unsafe-path"]);
          if (line !== null) expect(line).toBeGreaterThan(0);
          expect(message).toMatch(/^[^\p{Cc}]{1,400}\.$/u);
        }
      }),
      runs(150),
    );
  });

  it("finds the same in whatever order the files stand", async () => {
    await fc.assert(
      fc.asyncProperty(proposal, fc.infiniteStream(fc.nat()), async ({ files, base: tree }, order) => {
        const keys = files.map((one) => ({ one, key: order.next().value ?? 0 }));
        const shuffled = keys.sort((a, b) => a.key - b.key).map(({ one }) => one);
        const [a, b] = await Promise.all(
          [files, shuffled].map((all) => judge({ files: all, base: tree }, DEFAULT_POLICY)),
        );
        expect(told(b?.violations ?? [])).toEqual(told(a?.violations ?? []));
      }),
      runs(80),
    );
  });

  it("is never made milder by another file", async () => {
    await fc.assert(
      fc.asyncProperty(proposal, file, async ({ files, base: tree }, more) => {
        const some = await judge({ files, base: tree }, DEFAULT_POLICY);
        const all = await judge({ files: [...files, more], base: tree }, DEFAULT_POLICY);
        const rules = new Set(all.violations.map(({ rule }) => rule));
        for (const found of some.violations) if (!asksForMore(found)) expect(rules).toContain(found.rule);
        if (!some.violations.some(asksForMore)) expect(RANK[all.verdict]).toBeGreaterThanOrEqual(RANK[some.verdict]);
      }),
      runs(80),
    );
  });

  it("is never made milder by what the operator or another repository asks for", async () => {
    await fc.assert(
      fc.asyncProperty(proposal, settings, settings, async (given, a, b) => {
        const both = await judge(given, stricter(a, b));
        for (const one of [await judge(given, a), await judge(given, b)]) {
          expect(RANK[both.verdict]).toBeGreaterThanOrEqual(RANK[one.verdict]);
          const blocked = one.violations.filter(({ severity }) => severity === "block").map(({ rule }) => rule);
          const rules = new Set(both.violations.filter(({ severity }) => severity === "block").map(({ rule }) => rule));
          expect(blocked.filter((rule) => !rules.has(rule))).toEqual([]);
        }
      }),
      runs(60),
    );
  });

  it("judges a renamed file under both names", async () => {
    const listed = [
      "ci-files",
      "code-owners",
      "agent-instructions",
      "git-config",
      "build-scripts",
      "unsafe-path",
      "frozen-paths",
    ] as const;
    const some = PolicySettings.parse({ frozen: ["src"] });
    await fc.assert(
      fc.asyncProperty(path, path, async (from, to) => {
        fc.pre(from !== to);
        const plain = {
          oldMode: "100644",
          newMode: "100644",
          content: "text",
          before: "x\n",
          after: "x\n",
          added: [],
          removed: [],
        } as const;
        const rules = async (one: ProposedFile) =>
          new Set((await judge({ files: [one], base: null }, some)).violations.map(({ rule }) => rule));
        const moved = await rules({ ...plain, kind: "rename", path: to, previousPath: from });
        const [gone, come] = [
          await rules({ ...plain, kind: "modify", path: from, previousPath: null }),
          await rules({ ...plain, kind: "modify", path: to, previousPath: null }),
        ];
        for (const rule of listed) if (gone.has(rule) || come.has(rule)) expect(moved).toContain(rule);
      }),
      runs(80),
    );
  });
});

describe("policyVersion", () => {
  it("is equal exactly for equal settings", () => {
    fc.assert(
      fc.property(settings, settings, (a, b) => {
        expect(policyVersion(a) === policyVersion(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(policyVersion(PolicySettings.parse(JSON.parse(JSON.stringify(a))))).toBe(policyVersion(a));
      }),
      runs(300),
    );
  });

  it("changes with the version of any rule", () => {
    const versions = RULE_NAMES.map((name) =>
      policyVersion(DEFAULT_POLICY, { ...RULES, [name]: { ...RULES[name], version: RULES[name].version + 1 } }),
    );
    expect(new Set([policyVersion(DEFAULT_POLICY), ...versions]).size).toBe(RULE_NAMES.length + 1);
  });
});
