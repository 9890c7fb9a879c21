// The demo itself, with a puppet in the app's place: that it follows the thread, counts, and is not taken in.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DemoResult, runDemo } from "../../demo/main.ts";
import { happy } from "../../demo/scenarios/happy.ts";
import { readBooks } from "../../demo/summary.ts";
import { readable } from "../../demo/transcript.ts";

const puppet = (name: string): string => fileURLToPath(new URL(`./puppet/${name}.ts`, import.meta.url));

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-demo-"));
  printed = "";
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const play = (app: readonly string[]): Promise<DemoResult> =>
  runDemo({
    scenario: happy,
    entries: { app, operator: [puppet("operator")] },
    folder,
    write: (text) => {
      printed += text;
    },
    canRewrite: false,
  });

const broken = (result: DemoResult): string[] => result.claims.filter(({ holds }) => !holds).map(({ claim }) => claim);

test("the whole way is followed, told and counted", async () => {
  const result = await play([puppet("app")]);
  expect(broken(result), printed).toEqual([]);
  expect(result.summary).toEqual({
    outcome: "done",
    phase: "close",
    comments: 4,
    commentEdits: 2,
    checkRuns: 0,
    pullRequest: 2,
    contentWritesBeforeApproval: 0,
    githubRequests: expect.any(Number),
    tokens: expect.any(Number),
    ledgerEntries: 12,
    ledgerVerified: true,
    ms: expect.any(Number),
  });
  expect(result.summary.tokens).toBeGreaterThan(100);
  for (const line of [
    "hubot opened issue #1: Accented letters vanish from product addresses",
    "Labels of #1: countersign",
    "countersign[bot] commented on #1",
    "octocat commented on #1",
    'countersign[bot] reacted with +1 to "/approve k7m2" by octocat',
    "countersign[bot] opened pull request #2: Fix",
    "countersign[bot] edited a comment on #1",
    "success (6 passed, 0 failed)",
  ])
    expect(printed).toContain(line);
  expect(printed.indexOf("4 passed, 1 failed")).toBeLessThan(printed.indexOf("6 passed, 0 failed"));
});

test("a write before the approval breaks the demo, however well it ends", async () => {
  const result = await play([puppet("hasty")]);
  expect(result.summary).toMatchObject({ outcome: "done", contentWritesBeforeApproval: 1 });
  expect(broken(result)).toEqual(["nothing was written before it was approved"]);
});

test("an app that does not start is told with its log", async () => {
  await expect(play(["--eval", "process.stderr.write('no such key'); process.exit(3)"])).rejects.toThrow(
    /did not become ready[\s\S]*no such key/,
  );
});

test("a ledger that does not verify, and a tool that says nothing, are no proof", async () => {
  const books = (...operator: string[]) => readBooks({ app: [], operator }, folder);
  expect(await books(puppet("operator"))).toMatchObject({ deliveries: [], ledgerVerified: false });
  const delivery = { delivery: "D-1", phase: "close", outcome: "done", tokens: 1, approvals: 2, ledgerEntries: 12 };
  writeFileSync(join(folder, "deliveries.json"), JSON.stringify([delivery]));
  expect(await books(puppet("operator"))).toMatchObject({ deliveries: [delivery], ledgerVerified: true });
  expect(await books(puppet("operator"), "forged")).toMatchObject({
    ledgerVerified: false,
    complaint: expect.stringContaining("entry 3 is altered"),
  });
});

test("a comment reads as on the page: markers gone, folds shut, diffs open", () => {
  const body = [
    "**Plan ready**",
    "<details><summary>Evidence</summary>\n\n- one\n- two\n\n</details>",
    "<details><summary><code>a.js</code>, 1 line</summary>\n\n```diff\n+x\n```\n\n</details>",
    "<!-- countersign:plan -->",
  ].join("\n\n");
  expect(readable(body)).toBe("**Plan ready**\n\n[+] Evidence (folded)\n\n[-] a.js, 1 line\n```diff\n+x\n```");
});
