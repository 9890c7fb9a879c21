// The Dockerfile's steps, run one by one in an empty folder as a user without rights, up to an answering /health.
import { execFile, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "..");
/** `nobody` on Debian; where the tests do not run as root, they cannot become anyone else and stay who they are. */
const NOBODY = 65534;
const asRoot = process.getuid?.() === 0;
const identity = asRoot ? { uid: NOBODY, gid: NOBODY } : {};

type Instruction = { name: string; args: string };

const instructions = async (): Promise<Instruction[]> =>
  (await readFile(join(root, "Dockerfile"), "utf8"))
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name, args] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      if (name === undefined || args === undefined) throw new Error(`not a Dockerfile line: ${line}`);
      return { name, args };
    });

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

const giveAway = async (path: string): Promise<void> => {
  if (!asRoot) return;
  await chown(path, NOBODY, NOBODY);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveAway(join(path, name));
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-image-"));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("ends in an app that answers /health, as a user without rights", { timeout: 300_000 }, async () => {
  const app = join(folder, "app");
  const home = join(folder, "home");
  const node = join(folder, "node24");
  await mkdir(app);
  await mkdir(home);
  // What `FROM node:24` brings: a Node 24 that the image's user may run, and npm.
  await mkdir(node);
  await cp(process.execPath, join(node, "node"), { dereference: true });
  await giveAway(folder);

  const env: Record<string, string> = { PATH: `${node}:${process.env["PATH"] ?? ""}`, HOME: home };
  // Whom the building machine trusts is the machine's matter, as it is for an image builder.
  const trusted = process.env["NODE_EXTRA_CA_CERTS"];
  if (trusted !== undefined) env["NODE_EXTRA_CA_CERTS"] = trusted;
  let user = "root";
  let command: string[] = [];
  for (const { name, args } of await instructions()) {
    switch (name) {
      case "FROM":
        expect(args).toMatch(/^node:24/);
        break;
      case "ENV": {
        const [key = "", value = ""] = args.split("=", 2);
        env[key] = value;
        break;
      }
      case "WORKDIR":
      case "EXPOSE":
        break;
      case "USER":
        user = args;
        break;
      case "COPY": {
        const [target = "", ...sources] = args
          .split(" ")
          .filter((word) => !word.startsWith("--"))
          .reverse();
        for (const source of sources) {
          const to = target.endsWith("/") ? join(app, target, basename(source)) : join(app, target);
          await mkdir(dirname(to), { recursive: true });
          await cp(join(root, source), to, { recursive: true });
          await giveAway(to);
        }
        break;
      }
      case "RUN":
        // Before USER the image is prepared by root, which the folder's owner stands in for.
        if (user !== "root") await run("sh", ["-c", args], { cwd: app, env, ...identity, maxBuffer: 64e6 });
        break;
      case "CMD":
        command = JSON.parse(args);
        break;
      default:
        throw new Error(`the test does not know ${name}`);
    }
  }
  expect(user).not.toBe("root");

  // What an operator sets; GitHub and the model are only spoken to when there is something to do.
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const credentials = {
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: "secret",
    OPENAI_API_KEY: "key",
    OPENAI_MODEL: "model",
    GITHUB_API_URL: "http://127.0.0.1:9",
    OPENAI_BASE_URL: "http://127.0.0.1:9",
  };
  const port = await freePort();
  const [program = "", ...rest] = command;
  const server = spawn(program, rest, {
    cwd: app,
    env: { ...env, ...credentials, PORT: String(port), HOST: "127.0.0.1" },
    ...identity,
  });
  let output = "";
  server.stdout.on("data", (chunk) => (output += chunk));
  server.stderr.on("data", (chunk) => (output += chunk));
  const exited = new Promise<number | null>((done) => server.once("exit", done));
  try {
    const health = async (): Promise<number> => {
      for (;;) {
        if (server.exitCode !== null) throw new Error(`the app ended:\n${output}`);
        const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
        if (answer !== null) return answer.status;
        await new Promise((next) => setTimeout(next, 200));
      }
    };
    expect(await health()).toBe(200);
  } finally {
    server.kill("SIGTERM");
  }
  expect(await exited).toBe(0);
});
