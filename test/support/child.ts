// Runs one of our TypeScript files as a process of its own, so that a test can kill it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Child {
  readonly process: ChildProcess;
  /** Every line that it has written to its standard output. */
  readonly said: readonly string[];
  /** Resolves with the first line from now on that starts so; rejects when the process ends before. */
  readonly line: (start: string) => Promise<string>;
  /** As a crash or an out-of-memory killer would. */
  readonly kill: () => Promise<void>;
}

/** `env` stands instead of this process's own, where it is given. */
export function runChild(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    ...(env === undefined ? {} : { env }),
  });
  const said: string[] = [];
  const lines: string[] = [];
  const waiting: { start: string; resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(line);
    const index = waiting.findIndex(({ start }) => line.startsWith(start));
    const [heard] = index < 0 ? [] : waiting.splice(index, 1);
    if (heard === undefined) lines.push(line);
    else heard.resolve(line);
  });
  child.on("exit", (code) => {
    for (const { start, reject } of waiting) reject(new Error(`ended (${code}) before "${start}": ${errors}`));
  });
  return {
    process: child,
    said,
    line: (start) => {
      const index = lines.findIndex((line) => line.startsWith(start));
      const [said] = index < 0 ? [] : lines.splice(index, 1);
      if (said !== undefined) return Promise.resolve(said);
      return new Promise((resolve, reject) => waiting.push({ start, resolve, reject }));
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
