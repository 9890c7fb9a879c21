// The demo's CI: hears of pull requests as GitHub Actions does, checks out what was pushed, runs its tests, reports check
// runs. It knows the local GitHub by HTTP only, and nothing of the app.
import { spawn } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";

export type TestResult = Readonly<{ sha: string; passed: number; failed: number; green: boolean; output: string }>;

export type CiOptions = Readonly<{
  githubUrl: string;
  /** Gives a token for one job: contents may be read, checks written. */
  token: () => string;
  webhookSecret: string;
  checkName: string;
  /** Where commits are checked out; the system's folder for such things unless named. */
  workFolder?: string;
}>;

export type Ci = Readonly<{
  webhookUrl: string;
  /** What was run for pull requests, in order. */
  results: readonly TestResult[];
  /** Runs the tests of a commit or branch and reports nothing. */
  test: (repository: string, ref: string) => Promise<TestResult>;
  /** Resolves when no job is running. */
  idle: () => Promise<void>;
  close: () => Promise<void>;
}>;

const PATIENCE_MS = 120_000;
const OUTPUT_KEPT = 20_000;

const Commit = z.object({ sha: z.string(), commit: z.object({ tree: z.object({ sha: z.string() }) }) });
const Tree = z.object({
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() })),
  truncated: z.literal(false),
});
const Blob = z.object({ content: z.string(), encoding: z.literal("base64") });
const Created = z.object({ id: z.number() });
const Hook = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: z.string() }).optional(),
  pull_request: z.object({ head: z.object({ sha: z.string() }) }).optional(),
  check_run: z.object({ head_sha: z.string() }).optional(),
});

type Call = <T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown) => Promise<T>;

const caller = (githubUrl: string, token: string): Call => {
  return async (method, path, schema, body) => {
    const answer = await fetch(`${githubUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    return schema.parse(await answer.json());
  };
};

/** Writes the files of a commit into a folder, each with its mode. */
const checkOut = async (call: Call, repository: string, ref: string, folder: string): Promise<string> => {
  const commit = await call("GET", `/repos/${repository}/commits/${encodeURIComponent(ref)}`, Commit);
  const { tree } = await call("GET", `/repos/${repository}/git/trees/${commit.commit.tree.sha}?recursive=1`, Tree);
  for (const entry of tree.filter((one) => one.type === "blob")) {
    const path = resolve(folder, entry.path);
    if (relative(folder, path).startsWith("..")) throw new Error(`${entry.path} leads out of the folder`);
    const blob = await call("GET", `/repos/${repository}/git/blobs/${entry.sha}`, Blob);
    const bytes = Buffer.from(blob.content, "base64");
    await mkdir(dirname(path), { recursive: true });
    if (entry.mode === "120000") await symlink(bytes.toString("utf8"), path);
    else await writeFile(path, bytes);
    if (entry.mode === "100755") await chmod(path, 0o755);
  }
  return commit.sha;
};

/** Runs `node --test` in a folder, with nothing of this process's environment. */
const runTests = (folder: string): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--test", "--test-reporter=tap"], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString("utf8")).slice(-OUTPUT_KEPT);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    child.on("error", (error) => take(Buffer.from(String(error))));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });

const counted = (output: string, what: "pass" | "fail"): number =>
  Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(output)?.[1] ?? 0);

const testCommit = async (call: Call, work: string, repository: string, ref: string): Promise<TestResult> => {
  const folder = await mkdtemp(join(work, "countersign-ci-"));
  try {
    const sha = await checkOut(call, repository, ref, folder);
    const { code, output } = await runTests(folder);
    const [passed, failed] = [counted(output, "pass"), counted(output, "fail")];
    // No test at all is not green.
    return { sha, passed, failed, green: code === 0 && passed > 0 && failed === 0, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
};

const isSigned = (secret: string, body: string, signature: string): boolean => {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const STARTS: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "reopened", "synchronize"],
  check_run: ["rerequested"],
};

/** Starts listening for webhooks on a free port of 127.0.0.1. */
export const startCi = async (options: CiOptions): Promise<Ci> => {
  const results: TestResult[] = [];
  const running = new Set<Promise<void>>();
  const work = options.workFolder ?? tmpdir();

  const job = async (repository: string, sha: string): Promise<void> => {
    const call = caller(options.githubUrl, options.token());
    const runs = `/repos/${repository}/check-runs`;
    const draft = { name: options.checkName, head_sha: sha, status: "queued" };
    const { id } = await call("POST", runs, Created, draft);
    const report = (change: unknown) => call("PATCH", `${runs}/${id}`, Created, change);
    await report({ status: "in_progress", started_at: new Date().toISOString() });
    try {
      const result = await testCommit(call, work, repository, sha);
      results.push(result);
      const summary = `${result.passed} passed, ${result.failed} failed`;
      const output = { title: summary, summary, text: `\`\`\`\n${result.output}\n\`\`\`` };
      await report({ status: "completed", conclusion: result.green ? "success" : "failure", output });
    } catch (error) {
      const output = { title: "The job broke", summary: String(error) };
      await report({ status: "completed", conclusion: "failure", output });
    }
  };

  const server = createServer((request, response) => {
    const handle = async (): Promise<void> => {
      const body = await bodyOf(request);
      const signed = isSigned(options.webhookSecret, body, String(request.headers["x-hub-signature-256"] ?? ""));
      response.writeHead(signed ? 202 : 401).end();
      if (!signed) return;
      const hook = Hook.parse(JSON.parse(body));
      const sha = hook.pull_request?.head.sha ?? hook.check_run?.head_sha;
      const starts = STARTS[String(request.headers["x-github-event"])] ?? [];
      if (sha === undefined || hook.repository === undefined || !starts.includes(hook.action ?? "")) return;
      const started = job(hook.repository.full_name, sha).finally(() => running.delete(started));
      running.add(started);
      // A job that cannot report has nobody to tell: the pull request stays without its check, as on GitHub.
      started.catch(() => {});
    };
    handle().catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the CI does not listen on a port");

  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  return {
    webhookUrl: `http://127.0.0.1:${address.port}/`,
    results,
    test: (repository, ref) => testCommit(caller(options.githubUrl, options.token()), work, repository, ref),
    idle,
    close: async () => {
      await idle();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
};
