// Webhooks taken in: verified, stored with their job, answered; against the same requests to a listener that only verifies.
import { createHmac, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neverCrash } from "../src/crash-points.ts";
import { openDatabase } from "../src/db/open.ts";
import { webhookListener } from "../src/webhooks/receive.ts";
import type { Measured } from "./main.ts";
import { perSecond, rounded } from "./rate.ts";

const SECRET = "bench";
/** The size of a usual payload. */
const PAYLOAD = JSON.stringify({ action: "opened", filler: "x".repeat(8_000) });
const SIGNATURE = `sha256=${createHmac("sha256", SECRET).update(PAYLOAD).digest("hex")}`;

async function rateOf(listener: RequestListener, status: number): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${portOf(server.address())}/api/github/webhooks`;
  const rate = await perSecond(100, async () => {
    const answer = await fetch(url, {
      method: "POST",
      body: PAYLOAD,
      headers: {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": SIGNATURE,
      },
    });
    if (answer.status !== status) throw new Error(`answered ${answer.status}`);
    await answer.arrayBuffer();
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return rate;
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === "object" && address !== null ? address.port : 0;

/** Reads and verifies, keeps nothing. */
const bare: RequestListener = (request, response) => {
  const hmac = createHmac("sha256", SECRET);
  request.on("data", (chunk: Buffer) => hmac.update(chunk));
  request.on("end", () => response.writeHead(`sha256=${hmac.digest("hex")}` === SIGNATURE ? 202 : 401).end());
};

export async function ingest(): Promise<readonly Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"));
  const opened = await openDatabase({
    databaseUrl: process.env["DATABASE_URL"] ?? null,
    dataDir: join(folder, "data"),
    fault: () => {},
  });
  const listen = webhookListener({
    secrets: [SECRET],
    db: opened.db,
    clock: () => new Date(),
    onReceived: () => {},
    crash: neverCrash,
    log: { warn: () => {}, error: () => {} },
  });
  try {
    const rate = await rateOf((request, response) => void listen(request, response), 202);
    const against = await rateOf(bare, 202);
    return [
      {
        name: "ingest",
        value: rounded(rate),
        unit: "webhooks/s",
        engine: opened.engine,
        connections: 1,
        againstVerifyingOnly: rounded(rate / against),
      },
    ];
  } finally {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  }
}
