// The app as a process of its own, set up by environment alone, so that a story can kill it.
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { type Child, runChild } from "./child.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

export interface AppProcess {
  /** Where it listens, once it does; rejects when it ends before. */
  readonly url: Promise<string>;
  /** Its last lines, for when something went wrong. */
  readonly logTail: () => string;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM; answers the exit code, null when a signal ended it. */
  readonly terminate: () => Promise<number | null>;
}

const LOG_TAIL = 25;

const Started = z.object({ msg: z.literal("started"), port: z.number().int() });

export function startProcess(env: Readonly<Record<string, string>>, args: readonly string[] = []): AppProcess {
  const child = runChild(MAIN, args, {
    PATH: process.env["PATH"] ?? "",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "info",
    ...env,
  });
  const url = urlOf(child);
  // Whoever kills it before it listens need not wait for that.
  url.catch(() => {});
  return {
    url,
    logTail: () => child.said.slice(-LOG_TAIL).join("\n"),
    kill: child.kill,
    terminate: async () => {
      const { process: running } = child;
      if (running.exitCode === null && running.signalCode === null) {
        const ended = once(running, "exit");
        running.kill("SIGTERM");
        await ended;
      }
      return running.exitCode;
    },
  };
}

async function urlOf(child: Child): Promise<string> {
  for (;;) {
    const started = Started.safeParse(JSON.parse(await child.line("{")));
    if (started.success) return `http://127.0.0.1:${started.data.port}`;
  }
}
