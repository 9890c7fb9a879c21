// The thread that reads changed files for broken-files-apart.ts: it gets texts and gives findings, and has nothing else.
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { brokenFiles } from "../patches/validate/broken-files.ts";

const Files = z.array(
  z.object({
    path: z.string(),
    previousPath: z.string().nullable(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
);

parentPort?.postMessage(await brokenFiles(Files.parse(workerData)));
