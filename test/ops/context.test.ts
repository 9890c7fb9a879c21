// `countersign context show` as a person runs it on a checkout: what it answers, and what it never does.
import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const entry = resolve(import.meta.dirname, "../../src/ops/cli.ts");
const AWS = ["AKIA", "QX7RT2MNB4VCJ9LK"].join("");
const SECRET = "hunter2-of-the-shop";

let folder: string;
const put = async (path: string, text: string): Promise<string> => {
  const at = join(folder, path);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, text);
  return at;
};

const FILES: Readonly<Record<string, string>> = {
  "AGENTS.md": "# For agents\n\nKeep it short.\n",
  "docs/rules.md": "# Rules\n\nNames are English.\n",
  ".github/countersign.yml": "context:\n  never_send: [internal]\n  doctrine: [docs/rules.md]\n",
  ".env": `PASSWORD=${SECRET}\n`,
  "copy.txt": `PASSWORD=${SECRET}\n`,
  "internal/plan.md": "slugify next year\n",
  "src/slug.ts": "export function slugify(title: string) {\n  return title;\n}\n",
  "src/key.ts": `export const slugifyKey = "${AWS}";\n`,
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [
      `src/other${at}.ts`,
      Array.from({ length: 80 }, (_, line) => `export const other${line} = ${at};\n`).join(""),
    ]),
  ),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-context-"));
  await put("issue.md", "# slugify drops accented letters\n\nSee `slugify`.\n");
  await put("outside/secret.ts", `export const slugify = "${SECRET}";\n`);
  for (const [path, text] of Object.entries(FILES)) {
    await put(`plain/${path}`, text);
    await put(`cloned/${path}`, text);
  }
  for (const kind of ["plain", "cloned"]) {
    await symlink(join(folder, "outside"), join(folder, kind, "linked"));
    await symlink(join(folder, "outside/secret.ts"), join(folder, kind, "src/link.ts"));
  }
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", join(folder, "cloned"), "-c", "user.name=a", "-c", "user.email=a@example.com", ...args]);
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "all");
  // What a hostile checkout would like to have run.
  const program = await put("program.sh", `#!/bin/sh\ntouch ${join(folder, "ran")}\n`);
  await chmod(program, 0o755);
  git("config", "core.fsmonitor", program);
  git("config", "core.pager", program);
  git("config", "core.sshCommand", program);
  git("config", "filter.x.smudge", program);
  git("config", "diff.external", program);
  await put("cloned/.git/info/attributes", "* filter=x diff=x\n");
  await put("cloned/src/untracked.ts", "export const slugify = 'not committed';\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ask = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const child = execFile(
      process.execPath,
      [entry, "context", "show", ...args],
      { cwd: folder, env: {} },
      (_, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
    );
  });

const Answer = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z.string(),
      ranges: z.array(z.tuple([z.number(), z.number()])),
      reason: z.string(),
      tokens: z.number(),
    }),
  ),
  tokens: z.number(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const chosen = async (repo: string, ...args: string[]) =>
  Answer.parse(JSON.parse((await ask("--repo", repo, "--issue", "issue.md", "--json", ...args)).stdout));

describe.each(["plain", "cloned"])("of a folder that is %s", (repo) => {
  it("chooses as the app does, within the budget", async () => {
    const { files, tokens } = await chosen(repo, "--budget", "900");
    const reasons = Object.fromEntries(files.map(({ path, reason }) => [path, reason]));
    expect(reasons).toMatchObject({ "AGENTS.md": "doctrine", "docs/rules.md": "doctrine", "src/slug.ts": "defines" });
    expect(files.find(({ path }) => path === "src/slug.ts")?.ranges).toEqual([[1, 3]]);
    expect(tokens).toBe(files.reduce((sum, one) => sum + one.tokens, 0));
    expect(tokens).toBeLessThanOrEqual(900);
  });

  it("shows nothing that is kept back, and nothing that a link leads to", async () => {
    const { files } = await chosen(repo);
    const paths = files.map(({ path }) => path);
    expect(paths).toContain("src/key.ts");
    for (const path of [".env", "copy.txt", "internal/plan.md", "src/link.ts", "src/untracked.ts"].slice(
      0,
      repo === "plain" ? 4 : 5,
    ))
      expect(paths).not.toContain(path);
    expect(paths.filter((path) => path.startsWith("linked") || path.startsWith(".git/"))).toEqual([]);
  });

  it("says the same twice", async () => expect(await chosen(repo)).toEqual(await chosen(repo)));
});

it("runs nothing of the checkout", async () => {
  await chosen("cloned");
  expect(execFileSync("ls", [folder]).toString()).not.toContain("ran");
});

it("tells people which lines, and why", async () => {
  const { code, stdout } = await ask("--repo", "plain", "--issue", "issue.md", "--budget", "900");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ +\d+ {2}defines +src\/slug\.ts {2}whole$/m);
  expect(stdout).toMatch(/\d+ files, \d+ of 900 tokens\n$/);
});

it.each([
  [["--repo", "nowhere", "--issue", "issue.md"], "nowhere: is not a folder"],
  [["--repo", "issue.md", "--issue", "issue.md"], "issue.md: is not a folder"],
  [["--repo", "plain", "--issue", "none.md"], "none.md: cannot be read"],
  [["--repo", "plain", "--issue", "issue.md", "--budget", "many"], "--budget must be a whole number"],
  [["--repo", "plain", "--issue", "issue.md", "--budget", "0"], "--budget must be a whole number"],
  [["--repo", "plain"], "not a command"],
])("refuses %j in a sentence", async (args, words) => {
  const { code, stdout, stderr } = await ask(...args);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(words);
});

it("shows nothing where the configuration cannot be used", async () => {
  await put("broken/.github/countersign.yml", "context:\n  never_send: internal\n");
  await put("broken/a.ts", "export const slugify = 1;\n");
  const { code, stderr } = await ask("--repo", "broken", "--issue", "issue.md");
  expect(code).toBe(2);
  expect(stderr).toContain(".github/countersign.yml cannot be used");
});
