// A worker process that never ends its job: a test kills it while it runs.
import { neverCrash } from "../../src/crash-points.ts";
import { openDatabase } from "../../src/db/open.ts";
import { startWorker } from "../../src/jobs/worker.ts";

const [, , databaseUrl = ""] = process.argv;
const opened = await openDatabase({ databaseUrl, dataDir: "", fault: () => {} });
await startWorker({
  queue: opened.queue,
  onJobs: opened.onJobs,
  handlers: {
    write: async ({ deliveryId }) => {
      process.stdout.write(`running ${deliveryId}\n`);
      await new Promise(() => {});
    },
  },
  deadLetter: async () => {},
  crash: neverCrash,
  fault: () => {},
  observe: () => {},
});
process.stdout.write("ready\n");
