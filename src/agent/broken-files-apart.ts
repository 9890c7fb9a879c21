// Reads changed files in a thread of their own: a text that makes a parser run on for ever ends with its thread.
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { type BrokenFile, type Changed, isJudged } from "../patches/validate/broken-files.ts";

/** Milliseconds for all files of a change. Reading 2 MiB takes a few seconds. */
const LONGEST_TIME = 30_000;
const LIMITS = { maxOldGenerationSizeMb: 512, stackSizeMb: 4 };

const Found = z.array(
  z.object({ path: z.string(), language: z.string(), line: z.number().int().positive(), message: z.string() }),
);

/**
 * What brokenFiles finds. Nothing where the parsers came to no end in time, or died of the text: what cannot be told is held
 * against nobody. Throws when the signal is aborted.
 */
export async function brokenFilesApart(
  changes: readonly Changed[],
  signal: AbortSignal,
  longest: number = LONGEST_TIME,
): Promise<readonly BrokenFile[]> {
  const judged = changes
    .filter(isJudged)
    .map(({ path, previousPath, before, after }) => ({ path, previousPath, before, after }));
  if (judged.length === 0) return [];
  signal.throwIfAborted();
  const thread = new Worker(new URL("./broken-files-thread.ts", import.meta.url), {
    workerData: judged,
    resourceLimits: LIMITS,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  const ended = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve([]), longest);
      ended.signal.addEventListener("abort", () => clearTimeout(timer));
      signal.addEventListener("abort", () => reject(signal.reason), { signal: ended.signal });
      thread.on("message", (message: unknown) => resolve(Found.parse(message)));
      thread.on("error", (problem) => (isOutOfMemory(problem) ? resolve([]) : reject(problem)));
      thread.on("exit", () => resolve([]));
    });
  } finally {
    ended.abort();
    await thread.terminate();
  }
}

const isOutOfMemory = (problem: unknown): boolean =>
  problem instanceof Error && "code" in problem && problem.code === "ERR_WORKER_OUT_OF_MEMORY";
