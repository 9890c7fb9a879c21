// The real app as its own process, set up by environment alone, and the operator's tool on what it left behind.
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

export type AppProcess = Readonly<{
  url: string;
  /** The end of its log, for when something went wrong. */
  logTail: () => Promise<string>;
  /** Asks it to end; true when it did so by itself, with exit code 0. */
  stop: () => Promise<boolean>;
}>;

export type AppOptions = Readonly<{
  /** Arguments to node: the entry file first. */
  entry: readonly string[];
  env: Readonly<Record<string, string>>;
  logFile: string;
}>;

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 50;
const TAIL_LINES = 30;

/** Nothing of the caller's environment but where programs and temporary files are. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(
    ["PATH", "HOME", "TMPDIR", "SYSTEMROOT"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

// Below the ports that systems hand out by themselves: between looking and listening, seconds pass in which one of those
// would be taken by somebody's connection.
const FIRST_PORT = 15_000;
const LAST_PORT = 30_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) return port;
  }
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isReady = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export const startApp = async (options: AppOptions): Promise<AppProcess> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = createWriteStream(options.logFile, { flags: "a" });
  const child = spawn(process.execPath, [...options.entry], {
    env: { ...inherited(), ...options.env, HOST: "127.0.0.1", PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once("close", () => log.end(() => resolve())));
  const logTail = async (): Promise<string> =>
    (await readFile(options.logFile, "utf8")).split("\n").slice(-TAIL_LINES).join("\n");

  const stop = async (): Promise<boolean> => {
    if (!hasEnded(child)) child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(killer);
    return child.exitCode === 0;
  };

  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await isReady(url))) {
    if (hasEnded(child) || Date.now() > deadline) {
      await stop();
      throw new Error(`the app did not become ready; its log ends:\n${await logTail()}`);
    }
    await pause(LOOK_EVERY_MS);
  }
  return { url, logTail, stop };
};

export type Said = Readonly<{ exitCode: number | null; stdout: string; stderr: string }>;

/** Runs the operator's tool to its end. */
export const askOperator = (entry: readonly string[], args: readonly string[], dataDir: string): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...entry, ...args], {
      env: { ...inherited(), COUNTERSIGN_DATA_DIR: dataDir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
