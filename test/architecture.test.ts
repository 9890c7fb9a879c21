// The import rules hold for the code as it is, and each of them really catches what it forbids.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "..");
const tool = join(root, "node_modules/.bin/depcruise");

const brokenRules = async (folder: string, paths: string[]): Promise<string[]> => {
  const { stdout } = await run(
    process.execPath,
    [tool, "--config", ".dependency-cruiser.mjs", "--output-type", "json", ...paths],
    { cwd: folder, maxBuffer: 64e6 },
  ).catch((error: { stdout: string }) => error);
  const report: { summary: { violations: { rule: { name: string } }[]; totalCruised: number } } = JSON.parse(stdout);
  expect(report.summary.totalCruised).toBeGreaterThan(0);
  return [...new Set(report.summary.violations.map(({ rule }) => rule.name))].sort();
};

let sandbox: string;
beforeAll(async () => {
  sandbox = await mkdtemp(join(tmpdir(), "countersign-architecture-"));
  for (const file of [".dependency-cruiser.mjs", "tsconfig.json", "package.json"]) {
    await cp(join(root, file), join(sandbox, file));
  }
  await symlink(join(root, "node_modules"), join(sandbox, "node_modules"));
});
afterAll(() => rm(sandbox, { recursive: true, force: true }));

const forbidden: [rule: string, file: string, imports: string][] = [
  ["one-write-gate", "src/jobs/sneaky.ts", `import { x } from "../write-gate/write-client.ts";`],
  ["one-write-gate", "src/thread/sneaky.ts", `import type { x } from "../write-gate/write-client.ts";`],
  ["one-write-gate", "src/thread/sneaky.ts", `export const load = () => import("../write-gate/write-client.ts");`],
  ["pure-core", "src/policy/sneaky.ts", `import { x } from "../db/x.ts";`],
  ["pure-core", "src/delivery/transition.ts", `import { sql } from "drizzle-orm";`],
  ["src-stands-alone", "src/thread/sneaky.ts", `import { x } from "../../demo/x.ts";`],
  ["demo-talks-http", "demo/sneaky.ts", `import { x } from "../src/db/x.ts";`],
  ["probot-in-webhooks", "src/thread/sneaky.ts", `import { Probot } from "probot";`],
  ["openai-in-agent", "src/thread/sneaky.ts", `import OpenAI from "openai";`],
  ["pg-boss-in-queue", "src/thread/sneaky.ts", `import { PgBoss } from "pg-boss";`],
  ["octokit-in-github", "src/thread/sneaky.ts", `import { Octokit } from "@octokit/core";`],
  ["tokens-minted-in-one-place", "src/thread/sneaky.ts", `import { mint } from "../github/tokens.ts";`],
  ["tokens-minted-in-one-place", "src/write-gate/sneaky.ts", `import { mint } from "../github/tokens.ts";`],
  ["drivers-in-db", "src/thread/sneaky.ts", `import postgres from "postgres";`],
];

describe("the architecture", () => {
  it("holds for the code as it is", async () => {
    expect(await brokenRules(root, ["src", "demo"])).toEqual([]);
  });

  it.each(forbidden)("%s is caught in %s: %s", async (rule, file, imports) => {
    const sources: Record<string, string> = {
      "src/write-gate/write-client.ts": "export const x = 1;",
      "src/db/x.ts": "export const x = 1;",
      "src/github/tokens.ts": "export const mint = 1;",
      "demo/x.ts": "export const x = 1;",
      [file]: `${imports}\n`,
    };
    for (const folder of ["src", "demo"]) await rm(join(sandbox, folder), { recursive: true, force: true });
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(sandbox, path)), { recursive: true });
      await writeFile(join(sandbox, path), text);
    }
    expect(await brokenRules(sandbox, ["src", "demo"])).toContain(rule);
  });
});
