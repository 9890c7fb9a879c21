import { describe, expect, it } from "vitest";
import { renderDiff } from "../../src/patches/diff.ts";
import { checkDiff } from "../../src/policy/check-diff.ts";
import { DEFAULT_POLICY, PolicySettings } from "../../src/policy/settings.ts";
import { changed, created, deleted } from "./found.ts";

const diffOf = (...changes: Parameters<typeof renderDiff>[0][]) =>
  Buffer.from(changes.map(renderDiff).join(""), "utf8");
const check = (diff: Uint8Array, format: "json" | "text" = "json", settings = DEFAULT_POLICY) =>
  checkDiff(diff, settings, format);

describe("checkDiff", () => {
  it("exits with 0 when the diff passes", async () => {
    const result = await check(diffOf(changed("src/a.ts", "a\n", "b\n")));
    expect(result).toEqual({ exitCode: 0, stdout: '{"verdict":"pass","violations":[]}\n', stderr: "" });
  });

  it("exits with 0 when rules only warn", async () => {
    const result = await check(diffOf(changed("Makefile", "a\n", "b\n")));
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      verdict: "warn",
      violations: [{ rule: "build-scripts", severity: "warn" }],
    });
  });

  it("exits with 1 when a rule blocks, and prints exactly the agreed keys", async () => {
    const result = await check(diffOf(changed(".github/workflows/test.yml", "a\n", "b\n"), created("a", "x\u202e\n")));
    expect(result.exitCode).toBe(1);
    const { verdict, violations } = JSON.parse(result.stdout);
    expect(verdict).toBe("block");
    expect(violations).toMatchObject([
      { rule: "ci-files", path: ".github/workflows/test.yml", line: 1 },
      { rule: "invisible-characters", severity: "block", path: "a", line: 1 },
    ]);
    for (const one of violations) expect(Object.keys(one)).toEqual(["rule", "severity", "path", "line", "message"]);
  });

  it("exits with 2 when the input cannot be judged, and prints no verdict", async () => {
    for (const input of ["", "hello\n", "diff --git a/x b/y\n"]) {
      const result = await check(Buffer.from(input));
      expect(result).toMatchObject({ exitCode: 2, stdout: "" });
      expect(result.stderr).toMatch(/^The diff cannot be used.*\.\n$/);
    }
  });

  it("goes by the settings", async () => {
    const diff = diffOf(created("src/core/a.ts"), created(".github/x.yml"));
    expect((await check(diff, "json", PolicySettings.parse({ "ci-files": "warn" }))).exitCode).toBe(0);
    expect(
      (await check(diff, "json", PolicySettings.parse({ "ci-files": "warn", frozen: ["src/core"] }))).exitCode,
    ).toBe(1);
  });

  it("prints a line a finding for people, in which a path cannot do anything", async () => {
    const { stdout } = await check(diffOf(created(".github/x.yml"), created("a\u001b[2Jb")), "text");
    expect(stdout).toContain("block  ci-files  .github/x.yml:1  ");
    expect(stdout).toMatch(/^[\P{Cc}\n]*$/u);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^block: 2 files, \d+ findings$/);
  });

  it("prints every kind of place", async () => {
    const settings = PolicySettings.parse({ max_files: 2, max_line_length: 40 });
    const diff = diffOf(created("a.txt", `${"x".repeat(41)}\n`), deleted("CODEOWNERS", "x\n"), created("a b", "x\n"));
    const { stdout, stderr } = await check(diff, "text", PolicySettings.parse({ ...settings, frozen: ["a b"] }));
    expect(stderr).toBe("");
    expect(stdout).toBe(
      [
        "block  code-owners  CODEOWNERS  This file says who must review changes.",
        'block  frozen-paths  "a b":1  The configuration freezes `a b`.',
        "block  size-limits  the whole change  3 files change, 2 may.",
        "block  size-limits  a.txt:1  The line has 41 characters, 40 are allowed.",
        "block: 3 files, 4 findings",
        "",
      ].join("\n"),
    );
    expect((await check(diffOf(created("a.txt")), "text")).stdout).toBe("pass: 1 file, 0 findings\n");
  });

  it("says why the input cannot be judged, and where", async () => {
    expect((await check(Buffer.from(""))).stderr).toBe("The diff cannot be used: there is no unified diff in it.\n");
    expect((await check(Buffer.from("diff --git a/x b/y\n"))).stderr).toBe(
      "The diff cannot be used, line 2: the headers name different files.\n",
    );
  });
});
