// The operator's tool as a person runs it.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const entry = resolve(import.meta.dirname, "../../src/ops/cli.ts");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const ask = (args: string[], stdin = ""): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const env = { PATH: process.env["PATH"], COUNTERSIGN_DATA_DIR: join(folder, "data") };
    const child = execFile(process.execPath, [entry, ...args], { cwd: folder, env }, (_, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });

const workflowDiff = `diff --git a/.github/workflows/test.yml b/.github/workflows/test.yml
--- a/.github/workflows/test.yml
+++ b/.github/workflows/test.yml
@@ -1,2 +1,3 @@
 name: test
+permissions: write-all
 on: push
`;
const harmlessDiff = `diff --git a/src/a.js b/src/a.js
--- a/src/a.js
+++ b/src/a.js
@@ -1 +1 @@
-export const a = 1;
+export const a = 2;
`;

describe("countersign", () => {
  it("says what it can do", async () => {
    const { code, stdout } = await ask(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("ledger verify D-1");
  });

  it.each([
    [["nonsense"]],
    [["ledger"]],
    [["ledger", "verify"]],
    [["--wrong"]],
    [["policy", "check"]],
    [["deliveries", "D-1"]],
    [["replay"]],
    [["replay", "1", "2"]],
  ])("refuses %j with its help", async (args) => {
    const { code, stdout, stderr } = await ask(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toBe("");
  });

  it("checks a configuration and names the line", async () => {
    const good = await file("good.yml", "approvers: [octocat]\n");
    const bad = await file("bad.yml", "label: countersign\nnonsense: 1\n");
    expect(await ask(["config", "check", good])).toMatchObject({ code: 0, stderr: "" });
    expect(await ask(["config", "check", bad])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("bad.yml:2"),
    });
    expect((await ask(["config", "check", join(folder, "none.yml")])).code).toBe(2);
  });

  it("judges a diff, from a file or from standard input", async () => {
    const diff = await file("x.diff", workflowDiff);
    const blocked = await ask(["policy", "check", "--diff", diff, "--json"]);
    expect(blocked.code).toBe(1);
    expect(JSON.parse(blocked.stdout)).toMatchObject({
      verdict: "block",
      violations: [{ rule: "ci-files", severity: "block", path: ".github/workflows/test.yml" }],
    });
    expect(await ask(["policy", "check", "--diff", "-"], harmlessDiff)).toMatchObject({ code: 0 });
    expect((await ask(["policy", "check", "--diff", "-"], "not a diff at all")).code).toBe(2);
  });

  it("judges by a configuration", async () => {
    const frozen = await file("frozen.yml", 'policy:\n  frozen: ["src/**"]\n');
    const diff = await file("y.diff", harmlessDiff);
    expect((await ask(["policy", "check", "--diff", diff, "--config", frozen])).code).toBe(1);
    const broken = await file("broken.yml", "policy: 7\n");
    expect((await ask(["policy", "check", "--diff", diff, "--config", broken])).code).toBe(2);
  });

  it("judges within the operator's ceiling", async () => {
    const loose = await file("loose.yml", "policy:\n  ci-files: warn\n");
    const strict = await file("strict.yml", "policy:\n  ci-files: block\n");
    const diff = await file("z.diff", workflowDiff);
    const asked = ["policy", "check", "--diff", diff, "--config", loose];
    expect((await ask(asked)).code).toBe(0);
    expect((await ask([...asked, "--ceiling", strict])).code).toBe(1);
    expect((await ask(["policy", "check", "--diff", diff, "--ceiling", strict])).code).toBe(1);
    expect((await ask([...asked, "--ceiling", join(folder, "none.yml")])).code).toBe(2);
  });

  it.each([
    [
      "an unknown rule",
      "policy:\n  ci-file: warn\n",
      ":2: policy.ci-file is not a key that is known (did you mean ci-files?)",
    ],
    ["an unknown value", "label: a\npolicy:\n  ci-files: ignore\n", ":3: policy.ci-files must be warn or block"],
    ["a fixed rule that is loosened", "policy:\n  unsafe-path: warn\n", ":2: policy.unsafe-path must be block"],
    ["a limit beyond its bound", "policy:\n  max_files: 301\n", ":2: policy.max_files must be at most 300"],
  ])("refuses %s with its line, and judges nothing", async (_, text, problem) => {
    const config = await file("problem.yml", text);
    const answer = await ask(["policy", "check", "--diff", "-", "--config", config, "--json"], workflowDiff);
    expect(answer).toMatchObject({ code: 2, stdout: "" });
    expect(answer.stderr).toBe(`${config}${problem}\n`);
  });

  it("opens an empty database and says that nothing is there", async () => {
    expect(await ask(["deliveries"])).toMatchObject({ code: 0, stdout: "No deliveries yet.\n" });
    expect((await ask(["ledger", "verify", "D-9"])).code).toBe(2);
    expect((await ask(["ledger", "export", "D-9"])).code).toBe(2);
  });
});
