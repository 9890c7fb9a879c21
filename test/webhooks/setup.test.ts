// The set-up page, as a person meets it who has no credentials yet.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startSetup } from "../../src/webhooks/setup.ts";

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });

let folder: string;
let envFile: string;
let setup: Awaited<ReturnType<typeof startSetup>>;
const lines: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-setup-"));
  envFile = join(folder, ".env");
  lines.length = 0;
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  setup = await startSetup({ host: "127.0.0.1", port: await freePort(), log, envFile });
});
afterEach(async () => {
  await setup.stop();
  await rm(folder, { recursive: true });
});

const at = (path: string) => `http://127.0.0.1:${setup.port}${path}`;

it("is served, and sends webhooks to this very server, through no relay", async () => {
  const page = await (await fetch(at("/"))).text();
  expect(page).toContain("Register GitHub App");
  expect(page).toContain(`127.0.0.1:${setup.port}`);
  expect(page).not.toContain("smee.io");
  expect(await readFile(envFile, "utf8").catch(() => null)).toBeNull();
});

it("keeps imported credentials beside what is there, for the owner alone, and logs none of them", async () => {
  await writeFile(envFile, "OPENAI_MODEL=small\nAPP_ID=1\n");
  const pem = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n";
  const body = JSON.stringify({ appId: "4711", pem, webhook_secret: "a long secret" });
  expect((await fetch(at("/probot/import"), { method: "POST", body })).status).toBe(200);
  await setup.stop();
  expect(parseEnv(await readFile(envFile, "utf8"))).toMatchObject({
    OPENAI_MODEL: "small",
    APP_ID: "4711",
    PRIVATE_KEY: pem,
    WEBHOOK_SECRET: "a long secret",
  });
  expect((await stat(envFile)).mode & 0o777).toBe(0o600);
  expect(lines.join("")).not.toMatch(/a long secret|abc/);
});

it("takes no webhook: what nobody understands is not acknowledged", async () => {
  const response = await fetch(at("/api/github/webhooks"), { method: "POST", body: "{}" });
  expect(response.status).toBeGreaterThanOrEqual(400);
});
