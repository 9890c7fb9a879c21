// A process that opens a data directory, leaves a row and a running job in it, and waits to be killed.
import { openDatabase } from "../../src/db/open.ts";
import { webhooks } from "../../src/db/schema.ts";
import { WebhookGuid } from "../../src/ids.ts";

const [, , dataDir = "", guid = "left"] = process.argv;
const opened = await openDatabase({ databaseUrl: null, dataDir, fault: () => {} });
await opened.db.transaction(async ({ sql, enqueue }) => {
  await sql
    .insert(webhooks)
    .values({ guid: WebhookGuid.parse(guid), event: "ping", payload: {}, receivedAt: new Date() });
  await enqueue("intake", { guid: WebhookGuid.parse(guid) });
});
await opened.queue.take("intake", 1);
process.stdout.write("holding\n");
setInterval(() => {}, 1_000);
