// A puppet in the app's place, for the tests of the demo: it goes through the motions on the thread, without any of the
// care. With PUPPET=hasty it writes before anybody approved, so that a test can see the demo notice.
import { createHmac, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import githubAppJwt from "universal-github-app-jwt";
import { z } from "zod";
import { EditsDocument } from "../../../src/artifacts/edits.ts";

const Env = z.object({
  APP_ID: z.coerce.number(),
  PRIVATE_KEY: z.string(),
  WEBHOOK_SECRET: z.string(),
  PORT: z.coerce.number(),
  GITHUB_API_URL: z.string(),
  OPENAI_BASE_URL: z.string(),
  OPENAI_API_KEY: z.string(),
  COUNTERSIGN_DATA_DIR: z.string(),
  PUPPET: z.enum(["careful", "hasty"]).default("careful"),
});
const env = Env.parse(process.env);

const Hook = z.object({
  action: z.string().optional(),
  installation: z.object({ id: z.number() }).optional(),
  issue: z.object({ number: z.number() }).optional(),
  comment: z
    .object({ id: z.number(), body: z.string(), user: z.object({ login: z.string(), type: z.string() }) })
    .optional(),
  check_suite: z
    .object({ status: z.string(), conclusion: z.string().nullable(), app: z.object({ slug: z.string() }) })
    .optional(),
});
type Hook = z.infer<typeof Hook>;
const WithId = z.object({ id: z.number() });
const WithSha = z.object({ sha: z.string() });

const R = "/repos/acme/shop";
const CODES = { plan: "k7m2", patches: "p4x9" };
let tokens = 0;
let status: number | null = null;

const request = async (secret: string, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(env.GITHUB_API_URL + path, {
    method,
    headers: { authorization: `Bearer ${secret}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
};

const withToken = async <T>(
  hook: Hook,
  permissions: Record<string, string>,
  work: (token: string) => Promise<T>,
): Promise<T> => {
  const { token: jwt } = await githubAppJwt({ id: env.APP_ID, privateKey: env.PRIVATE_KEY });
  const { id } = WithId.parse(await request(jwt, "GET", `${R}/installation`));
  const minted = await request(jwt, "POST", `/app/installations/${hook.installation?.id ?? id}/access_tokens`, {
    permissions,
    repositories: ["shop"],
  });
  const { token } = z.object({ token: z.string() }).parse(minted);
  try {
    return await work(token);
  } finally {
    await request(token, "DELETE", "/installation/token");
  }
};

const speak = <T>(hook: Hook, work: (token: string) => Promise<T>) =>
  withToken(hook, { issues: "write", checks: "write" }, work);

const ask = async (role: string): Promise<unknown> => {
  const answer = await fetch(`${env.OPENAI_BASE_URL}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${env.OPENAI_API_KEY}` },
    body: JSON.stringify({
      model: "scripted",
      messages: [{ role: "user", content: role }],
      response_format: { type: "json_schema", json_schema: { name: role, schema: {} } },
    }),
  });
  const said = z
    .object({
      choices: z.array(z.object({ message: z.object({ content: z.string() }) })),
      usage: z.object({ total_tokens: z.number() }),
    })
    .parse(await answer.json());
  tokens += said.usage.total_tokens;
  return JSON.parse(said.choices[0]?.message.content ?? "null");
};

const setStatus = async (token: string, issue: number, text: string): Promise<void> => {
  const body = `### Countersign D-1: ${text}`;
  if (status === null)
    status = WithId.parse(await request(token, "POST", `${R}/issues/${issue}/comments`, { body })).id;
  else await request(token, "PATCH", `${R}/issues/comments/${status}`, { body });
};

const showGate = (hook: Hook, issue: number, title: string, version: string, code: string) =>
  speak(hook, async (token) => {
    const body = `**${title}** (${version} of D-1).\n\n\`\`\`\n/approve ${code}\n\`\`\``;
    await request(token, "POST", `${R}/issues/${issue}/comments`, { body });
    await setStatus(token, issue, `waiting\n\nWaiting for somebody: ${version}`);
  });

const write = (hook: Hook, pull: boolean) =>
  withToken(hook, { contents: "write", pull_requests: "write" }, async (token) => {
    const { edits } = EditsDocument.parse(await ask("edits"));
    const { sha: base } = WithSha.parse(await request(token, "GET", `${R}/commits/main`));
    const files = new Map<string, string>();
    for (const edit of edits) {
      if (edit.kind === "create") files.set(edit.path, edit.content);
      if (edit.kind !== "replace") continue;
      const file = z.object({ content: z.string() }).parse(await request(token, "GET", `${R}/contents/${edit.path}`));
      const before = files.get(edit.path) ?? Buffer.from(file.content, "base64").toString("utf8");
      files.set(
        edit.path,
        before.replace(edit.search, () => edit.replace),
      );
    }
    const tree = [...files].map(([path, content]) => ({ path, mode: "100644", type: "blob", content }));
    const made = WithSha.parse(await request(token, "POST", `${R}/git/trees`, { base_tree: base, tree }));
    if (!pull) return;
    const commit = WithSha.parse(
      await request(token, "POST", `${R}/git/commits`, { message: "Fix", tree: made.sha, parents: [base] }),
    );
    await request(token, "POST", `${R}/git/refs`, { ref: "refs/heads/countersign/d-1", sha: commit.sha });
    await request(token, "POST", `${R}/pulls`, {
      title: "Fix",
      body: "Closes #1",
      head: "countersign/d-1",
      base: "main",
    });
  });

const react = (hook: Hook, comment: number, content: string) =>
  speak(hook, (token) => request(token, "POST", `${R}/issues/comments/${comment}/reactions`, { content }));

const onCommand = async (
  hook: Hook,
  issue: number,
  comment: { id: number; body: string; user: { login: string } },
): Promise<void> => {
  const code = /^\/approve (\w+)$/.exec(comment.body)?.[1];
  if (code === undefined) return;
  await react(hook, comment.id, comment.user.login === "octocat" ? "+1" : "confused");
  if (code === CODES.plan) {
    if (env.PUPPET === "hasty") await write(hook, false);
    await showGate(hook, issue, "Patches ready, please review", "patch set 1", CODES.patches);
  } else await write(hook, true);
};

const finish = (hook: Hook) =>
  speak(hook, async (token) => {
    await request(token, "POST", `${R}/issues/1/comments`, { body: "**Ready to merge**: acme/shop#2." });
    await setStatus(token, 1, "done\n\nIt is over: the result.");
  });

const onHook = async (event: string, hook: Hook): Promise<void> => {
  const issue = hook.issue?.number ?? 1;
  if (event === "issues" && hook.action === "labeled") {
    await ask("triage");
    await ask("plan");
    await showGate(hook, issue, "Plan ready, please decide", "plan 1", CODES.plan);
  }
  if (event === "issue_comment" && hook.action === "created" && hook.comment?.user.type === "User")
    await onCommand(hook, issue, hook.comment);
  if (event === "check_suite" && hook.action === "completed" && hook.check_suite?.app.slug === "github-actions")
    await finish(hook);
};

let last: Promise<void> = Promise.resolve();
const server = createServer(async (incoming, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString("utf8");
  if (incoming.url === "/ready") {
    response.writeHead(200).end("{}");
    return;
  }
  const signature = `sha256=${createHmac("sha256", env.WEBHOOK_SECRET).update(body).digest("hex")}`;
  if (incoming.headers["x-hub-signature-256"] !== signature) {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(202).end(randomUUID());
  const hook = Hook.parse(JSON.parse(body));
  last = last
    .then(() => onHook(String(incoming.headers["x-github-event"]), hook))
    .catch((error: unknown) => {
      process.stderr.write(`${error}\n`);
    });
});
server.listen(env.PORT, "127.0.0.1");

process.once("SIGTERM", async () => {
  await last;
  mkdirSync(env.COUNTERSIGN_DATA_DIR, { recursive: true });
  const delivery = { delivery: "D-1", phase: "close", outcome: "done", tokens, approvals: 2, ledgerEntries: 12 };
  writeFileSync(join(env.COUNTERSIGN_DATA_DIR, "deliveries.json"), JSON.stringify([delivery]));
  process.exit(0);
});
