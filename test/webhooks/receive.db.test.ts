// Receiving over real HTTP: what is acknowledged is in the database, once, with its job; what is not is refused aloud.
import { createHmac, randomUUID } from "node:crypto";
import { createServer, request as httpRequest, type Server } from "node:http";
import { connect } from "node:net";
import { count, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { webhooks } from "../../src/db/schema.ts";
import { WebhookGuid } from "../../src/ids.ts";
import { type ListenerDeps, webhookListener } from "../../src/webhooks/receive.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { labeled, REPO } from "./samples.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Told = Parameters<ListenerDeps["onReceived"]>[0];

async function listen(change: Partial<ListenerDeps> = {}) {
  const told: Told[] = [];
  const logged: unknown[] = [];
  const listener = webhookListener({
    secrets: ["old secret", "new secret"],
    db: database.db,
    clock: () => new Date("2026-11-21T10:00:01Z"),
    onReceived: (received) => void told.push(received),
    crash: () => {},
    log: { warn: (fields: unknown) => void logged.push(fields), error: (fields: unknown) => void logged.push(fields) },
    ...change,
  });
  const server = createServer((request, response) => {
    listener(request, response).then((taken) => {
      if (!taken) response.writeHead(404).end("elsewhere");
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, told, logged };
}

const sign = (body: string | Buffer, secret = "old secret") =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const headersOf = (body: string | Buffer, change: Record<string, string | null> = {}): Record<string, string> => {
  const all: Record<string, string | null> = {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": sign(body),
    ...change,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
};

const post = async (
  url: string,
  body: string | Buffer,
  change: Record<string, string | null> = {},
  path = "/api/github/webhooks",
) => {
  const response = await fetch(url + path, {
    method: "POST",
    body: new Uint8Array(Buffer.from(body)),
    headers: headersOf(body, change),
  });
  return { status: response.status, text: await response.text() };
};

const rowOf = async (guid: string) =>
  (
    await database.db.sql
      .select()
      .from(webhooks)
      .where(eq(webhooks.guid, WebhookGuid.parse(guid)))
  )[0];
const rows = async () => (await database.db.sql.select({ rows: count() }).from(webhooks))[0]?.rows;
const jobsOf = async (guid: string) =>
  (await database.jobs.waiting("intake")).filter(({ data }) => JSON.stringify(data) === JSON.stringify({ guid }));

const body = JSON.stringify(labeled());

describe("what is acknowledged", () => {
  it("is stored with its job before the answer", async () => {
    const { url, told } = await listen();
    const guid = randomUUID();
    expect(await post(url, body, { "x-github-delivery": guid })).toEqual({ status: 202, text: "received\n" });
    expect(await rowOf(guid)).toMatchObject({
      event: "issues",
      action: "labeled",
      installationId: 77,
      repoId: REPO,
      payload: labeled(),
      processedAt: null,
      outcome: null,
    });
    expect(await jobsOf(guid)).toHaveLength(1);
    expect(told).toEqual([{ event: "issues", action: "labeled", outcome: "stored" }]);
  });

  it.each(["old secret", "new secret"])("while two secrets are live, is signed with either: %s", async (secret) => {
    const { url } = await listen();
    expect((await post(url, body, { "x-hub-signature-256": sign(body, secret) })).status).toBe(202);
  });

  it("comes to the root too, where Probot's set-up page sends it", async () => {
    const { url } = await listen();
    expect((await post(url, body, {}, "/?x=1")).status).toBe(202);
  });

  it("is stored once, however often it comes, also at the same time", async () => {
    const { url, told } = await listen();
    const guid = randomUUID();
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(url, body, { "x-github-delivery": guid })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect((await post(url, body, { "x-github-delivery": guid })).status).toBe(202);
    expect(await jobsOf(guid)).toHaveLength(1);
    expect(told.map(({ outcome }) => outcome).sort()).toEqual([
      "duplicate",
      "duplicate",
      "duplicate",
      "duplicate",
      "stored",
    ]);
  });

  it("may be an event that nobody knows", async () => {
    const { url, told } = await listen();
    const guid = randomUUID();
    const strange = JSON.stringify({ zen: "Speak like a human." });
    expect((await post(url, strange, { "x-github-event": "brand_new", "x-github-delivery": guid })).status).toBe(202);
    expect(await rowOf(guid)).toMatchObject({ event: "brand_new", action: null, installationId: null, repoId: null });
    expect(told).toEqual([{ event: "brand_new", action: null, outcome: "stored" }]);
  });

  it("may hold text that Postgres cannot keep: an umlaut stays, NUL and half characters are replaced", async () => {
    const { url } = await listen();
    const guid = randomUUID();
    const odd = `{"action":"opened","issue":{"title":"ü \\u0000 \\ud800 x","body":"\\\\u0000"}}`;
    expect((await post(url, odd, { "x-github-delivery": guid })).status).toBe(202);
    expect((await rowOf(guid))?.payload).toEqual({
      action: "opened",
      issue: { title: "ü \ufffd \ufffd x", body: "\\u0000" },
    });
  });

  it("may carry odd ids and actions, which are left out of the columns", async () => {
    const { url } = await listen();
    const guid = randomUUID();
    const odd = JSON.stringify({ action: "x".repeat(65), installation: { id: -1 }, repository: "acme/shop" });
    expect((await post(url, odd, { "x-github-delivery": guid })).status).toBe(202);
    expect(await rowOf(guid)).toMatchObject({ action: null, installationId: null, repoId: null });
  });
});

describe("what is refused, and leaves nothing", () => {
  const cases: readonly (readonly [string, number, string | Buffer, Record<string, string | null>])[] = [
    ["a wrong signature", 401, body, { "x-hub-signature-256": sign(body, "guess") }],
    ["a signature of another body", 401, `${body} `, { "x-hub-signature-256": sign(body) }],
    ["no signature", 400, body, { "x-hub-signature-256": null }],
    ["an empty signature", 400, body, { "x-hub-signature-256": "" }],
    ["a signature of the wrong length", 400, body, { "x-hub-signature-256": "sha256=abc" }],
    [
      "only the old SHA-1 signature",
      400,
      body,
      {
        "x-hub-signature-256": null,
        "x-hub-signature": `sha1=${createHmac("sha1", "old secret").update(body).digest("hex")}`,
      },
    ],
    ["a signature with an empty secret", 401, body, { "x-hub-signature-256": sign(body, "") }],
    ["a signature with both secrets as one", 401, body, { "x-hub-signature-256": sign(body, "old secret,new secret") }],
    ["no event", 400, body, { "x-github-event": null }],
    ["an event that is a path", 400, body, { "x-github-event": "../issues" }],
    ["an event that octokit uses itself", 400, body, { "x-github-event": "*" }],
    ["no GUID", 400, body, { "x-github-delivery": null }],
    ["a GUID without end", 400, body, { "x-github-delivery": "x".repeat(129) }],
    ["a form", 415, body, { "content-type": "application/x-www-form-urlencoded" }],
    ["an empty body", 400, "", {}],
    ["signed text that is no JSON", 400, "{not json", {}],
    ["signed JSON that is no object", 400, "[]", {}],
    ["signed null", 400, "null", {}],
    ["signed bytes that are no UTF-8", 400, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), {}],
    ["more than it may be", 413, `"${"x".repeat(3000)}"`, {}],
  ];
  it.each(cases)("%s: %i", async (_name, status, sent, headers) => {
    const { url, told, logged } = await listen({ bounds: { maxBytes: 2500 } });
    const before = await rows();
    const answer = await post(url, sent, headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/^[\x20-\x7e]{4,200}\n$/);
    expect(await rows()).toBe(before);
    expect(told).toEqual([{ event: null, action: null, outcome: "refused" }]);
    expect(JSON.stringify(logged)).not.toContain("secret");
  });

  it.each(["GET", "PUT", "DELETE"])("another method: %s", async (method) => {
    const { url } = await listen();
    expect((await fetch(`${url}/api/github/webhooks`, { method })).status).toBe(405);
  });

  it("is not what other paths are for", async () => {
    const { url, told } = await listen();
    expect((await post(url, body, {}, "/api/github/webhooks/x")).status).toBe(404);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect(told).toEqual([]);
  });

  it("a body that turns out too large while it arrives", async () => {
    const { port } = await listen({ bounds: { maxBytes: 2000 } });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest({
        port,
        host: "127.0.0.1",
        method: "POST",
        path: "/api/github/webhooks",
        headers: headersOf("x"),
      });
      sending.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
      sending.write("x".repeat(2001));
    });
    expect(status).toBe(413);
  });

  it("a body that does not arrive", async () => {
    const { port, told } = await listen({ bounds: { readMilliseconds: 50 } });
    const headers = Object.entries(headersOf("x")).map(([name, value]) => `${name}: ${value}`);
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n${headers.join("\r\n")}\r\ncontent-length: 100\r\n\r\n{`,
    );
    const answer = await new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
    expect(told).toEqual([{ event: null, action: null, outcome: "refused" }]);
  });

  it("more at once than fits, and takes the next when there is room again", async () => {
    const { url } = await listen({ bounds: { maxBytesAtOnce: 3 } });
    expect((await post(url, body)).status).toBe(503);
    expect((await post(url, "{}")).status).toBe(202);
    expect((await post(url, "{}")).status).toBe(202);
  });
});

describe("a database that does not take it", () => {
  const broken = (transaction: Database["transaction"]): Database => ({ sql: database.db.sql, transaction });

  it("is a failure to GitHub, and the same webhook is taken when it is back", async () => {
    let down = true;
    const flaky = broken((work) =>
      down ? Promise.reject(new Error("connection refused")) : database.db.transaction(work),
    );
    const { url, told, logged } = await listen({ db: flaky });
    const guid = randomUUID();
    expect((await post(url, body, { "x-github-delivery": guid })).status).toBe(503);
    expect(await rowOf(guid)).toBeUndefined();
    expect(told).toEqual([{ event: "issues", action: null, outcome: "failed" }]);
    expect(JSON.stringify(logged)).toContain("connection refused");
    expect(JSON.stringify(logged)).not.toContain("umlaut");
    down = false;
    expect((await post(url, body, { "x-github-delivery": guid })).status).toBe(202);
    expect(await jobsOf(guid)).toHaveLength(1);
  });

  it("is a failure too when it hangs: never a 2xx for what is not committed", async () => {
    const { url } = await listen({ db: broken(() => new Promise(() => {})), bounds: { storeMilliseconds: 50 } });
    expect((await post(url, body)).status).toBe(503);
  });

  it("leaves neither row nor job when the transaction fails after the insert", async () => {
    const failing = broken((work) =>
      database.db.transaction(async (tx) => {
        await work(tx);
        throw new Error("could not commit");
      }),
    );
    const { url, logged } = await listen({ db: failing });
    const guid = randomUUID();
    expect((await post(url, body, { "x-github-delivery": guid })).status).toBe(503);
    expect(await rowOf(guid)).toBeUndefined();
    expect(await jobsOf(guid)).toEqual([]);
    expect(JSON.stringify(logged)).not.toContain("umlaut");
  });

  it("a crash after the commit is a failure to GitHub, and a duplicate the next time", async () => {
    let crashes = true;
    const { url, told } = await listen({
      crash: (name) => {
        if (crashes && name === "webhooks.after.store") throw new Error("killed");
      },
    });
    const guid = randomUUID();
    expect((await post(url, body, { "x-github-delivery": guid })).status).toBe(503);
    crashes = false;
    expect((await post(url, body, { "x-github-delivery": guid })).status).toBe(202);
    expect(told.map(({ outcome }) => outcome)).toEqual(["failed", "duplicate"]);
    expect(await jobsOf(guid)).toHaveLength(1);
  });
});

describe("secrets", () => {
  it.each([[[]], [[""]], [["  "]], [["good", ""]]])("%j stop the start", async (secrets) => {
    await expect(listen({ secrets })).rejects.toThrow("secret is empty");
  });
});
