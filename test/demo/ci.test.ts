// The demo's CI: what was pushed is what is tested, and what is tested is what is reported.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type Ci, startCi } from "../../demo/ci.ts";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import { FILES, HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { EditsDocument } from "../../src/artifacts/edits.ts";

let github: LocalGitHub;
let ci: Ci;
let workFolder: string;
beforeEach(async () => {
  workFolder = mkdtempSync(join(tmpdir(), "countersign-test-"));
  github = await startLocalGitHub({
    seed: {
      users: ["mona"],
      organizations: [{ login: "acme", members: { mona: "admin" } }],
      repositories: [{ owner: "acme", name: "shop", files: { folder: FILES } }],
      apps: [
        {
          id: 15368,
          slug: "github-actions",
          permissions: { metadata: "read", contents: "read", checks: "write", pull_requests: "read" },
          installations: [{ account: "acme" }],
        },
      ],
    },
  });
  ci = await startCi({
    githubUrl: github.url,
    token: () => github.tokenFor("github-actions", { contents: "read", checks: "write" }),
    webhookSecret: github.app("github-actions").webhookSecret,
    checkName: "test",
    workFolder,
  });
  github.setWebhookUrl(ci.webhookUrl, "github-actions");
});
afterEach(async () => {
  await ci.close();
  await github.close();
  rmSync(workFolder, { recursive: true, force: true });
});

const settled = async (): Promise<void> => {
  await github.idle();
  await ci.idle();
  await github.idle();
};

/** The demo's fix, applied as a person would by hand. */
const fixed = (): Record<string, string> => {
  const reply = z.object({ value: EditsDocument }).parse(HAPPY_ANSWERS.edits);
  const files: Record<string, string> = {};
  for (const edit of reply.value.edits) {
    if (edit.kind === "create") files[edit.path] = edit.content;
    if (edit.kind === "replace") {
      const before = files[edit.path] ?? github.repo("acme/shop").text(edit.path) ?? "";
      expect(before.split(edit.search)).toHaveLength(2);
      files[edit.path] = before.replace(edit.search, () => edit.replace);
    }
  }
  return files;
};

test("the demo's repository is red before its fix, and green after", async () => {
  const before = await ci.test("acme/shop", "main");
  expect(before).toMatchObject({ sha: github.repo("acme/shop").head(), passed: 4, failed: 1, green: false });
  expect(github.repo("acme/shop").checkRuns()).toEqual([]);

  const head = github.as("mona").push("fix", fixed());
  const { number } = github.as("mona").openPull({ title: "Fix", head: "fix" });
  await settled();
  expect(ci.results).toMatchObject([{ sha: head, passed: 6, failed: 0, green: true }]);
  expect(github.repo("acme/shop").checkRuns(head)).toMatchObject([
    {
      name: "test",
      status: "completed",
      conclusion: "success",
      app: { slug: "github-actions" },
      output: { title: "6 passed, 0 failed" },
      pull_requests: [{ number }],
    },
  ]);
});

test("each push to a pull request is tested for itself, and a rerun tests again", async () => {
  const wrong = github.as("mona").push("fix", { "src/slug.js": "export const slug = () => '';\n" });
  github.as("mona").openPull({ title: "Fix", head: "fix" });
  const right = github.as("mona").push("fix", { ...fixed(), "src/slug.js": fixed()["src/slug.js"] ?? "" });
  await settled();
  const [run] = github.repo("acme/shop").checkRuns(wrong);
  expect(run).toMatchObject({ conclusion: "failure" });
  expect(github.repo("acme/shop").checkRuns(right)).toMatchObject([{ conclusion: "success" }]);
  github.as("mona").rerunCheck(run?.id ?? 0);
  await settled();
  expect(github.repo("acme/shop").checkRuns(wrong)).toMatchObject([
    { conclusion: "failure" },
    { conclusion: "failure" },
  ]);
});

test("no tests are not green, and code that breaks everything is reported as such", async () => {
  const empty = github.as("mona").push("empty", { "test/slug.test.js": null, "test/catalogue.test.js": null });
  expect(await ci.test("acme/shop", empty)).toMatchObject({ passed: 0, green: false });
  const loud = github.as("mona").push("loud", { "test/slug.test.js": "throw new Error('no');\n" });
  expect(await ci.test("acme/shop", loud)).toMatchObject({ green: false });
  const reading =
    "import assert from 'node:assert'; import { test } from 'node:test';\ntest('nothing is inherited', () => { assert.deepEqual(Object.keys(process.env).filter((name) => /KEY|SECRET|TOKEN|VITEST/.test(name)), []); });\n";
  const nosy = github.as("mona").push("nosy", { "test/slug.test.js": reading });
  expect(await ci.test("acme/shop", nosy)).toMatchObject({ green: true });
});

test("a webhook without the right signature starts nothing, and no folder stays behind", async () => {
  const answer = await fetch(ci.webhookUrl, {
    method: "POST",
    headers: { "x-github-event": "pull_request", "x-hub-signature-256": "sha256=00" },
    body: JSON.stringify({
      action: "opened",
      repository: { full_name: "acme/shop" },
      pull_request: { head: { sha: "main" } },
    }),
  });
  expect(answer.status).toBe(401);
  await settled();
  expect(github.requests).toEqual([]);
  await ci.test("acme/shop", "main");
  expect(readdirSync(workFolder)).toEqual([]);
});
