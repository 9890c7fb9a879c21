// Every way in which GitHub or the wire fails becomes one closed code, and nothing is ever sent twice.

import { createServer } from "node:http";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient } from "../../src/github/client.ts";
import type { ConnectionOptions } from "../../src/github/connection.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { SecretLeak } from "../../src/secrets/leak.ts";
import { API, connection, NOW, onlyNock } from "./connection-to-nock.ts";

beforeEach(onlyNock);
afterEach(() => {
  nock.abortPendingRequests();
  nock.cleanAll();
});

const open = (options: Partial<ConnectionOptions> = {}, redirects: "follow" | "refuse" = "refuse") =>
  openClient(connection(options), { auth: "ghs_secret", paceId: "77", redirects });
const post = (client = open()) =>
  client.rest.issues.createComment({ owner: "acme", repo: "widgets", issue_number: 1, body: "hello" });
const path = "/repos/acme/widgets/issues/1/comments";

const caught = async (call: Promise<unknown>): Promise<GitHubError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof GitHubError) return error;
    throw error;
  }
  throw new Error("it succeeded");
};

describe("failures", () => {
  const reset = String(Math.floor(NOW.getTime() / 1000) + 90);
  const answers: [
    status: number,
    message: string,
    headers: Record<string, string>,
    code: string,
    wait: number | null,
  ][] = [
    [401, "Bad credentials", {}, "unauthorized", null],
    [403, "Resource not accessible by integration", {}, "forbidden", null],
    [403, "You have exceeded a secondary rate limit", { "retry-after": "7" }, "rate_limited", 7],
    [403, "You have exceeded a secondary rate limit", {}, "rate_limited", 60],
    [403, "no", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }, "rate_limited", 91],
    [403, "no", { "x-ratelimit-remaining": "12", "x-ratelimit-reset": reset }, "forbidden", null],
    [429, "slow down", { "retry-after": "30" }, "rate_limited", 30],
    [429, "slow down", {}, "rate_limited", 60],
    [429, "slow down", { "retry-after": "soon" }, "rate_limited", 60],
    [404, "Not Found", {}, "not_found", null],
    [410, "Gone", {}, "not_found", null],
    [409, "Git Repository is empty.", {}, "conflict", null],
    [422, "Validation Failed", {}, "unprocessable", null],
    [422, "was submitted too quickly", {}, "rate_limited", 60],
    [451, "Blocked", {}, "forbidden", null],
    [500, "boom", {}, "server", null],
    [502, "<html>bad gateway</html>", {}, "server", null],
    [503, "maintenance", { "retry-after": "120" }, "server", 120],
    [418, "teapot", {}, "unexpected_answer", null],
  ];
  it.each(answers)("%i %s %j is %s", async (status, message, headers, code, wait) => {
    const once = nock(API).post(path).reply(status, { message }, headers);
    const error = await caught(post());
    expect(error).toMatchObject({ code, status, retryAfter: wait });
    expect(once.isDone()).toBe(true);
  });

  it("is transient exactly where trying again may help", async () => {
    for (const [status, transient] of [
      [401, false],
      [403, false],
      [404, false],
      [422, false],
      [429, true],
      [502, true],
    ] as const) {
      nock(API).post(path).reply(status, { message: "x" });
      expect((await caught(post())).transient).toBe(transient);
    }
  });

  it("sends a write once, whatever happens to the answer", async () => {
    let sent = 0;
    nock(API)
      .post(path)
      .times(5)
      .reply(() => {
        sent += 1;
        return [500, { message: "boom" }];
      });
    await caught(post());
    expect(sent).toBe(1);
  });

  it("carries neither the token nor the answer", async () => {
    nock(API).post(path).reply(500, { message: "boom", contents: "the-whole-file" });
    const error = await caught(post());
    const everything = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error.cause);
    expect(everything).not.toContain("ghs_secret");
    expect(everything).not.toContain("the-whole-file");
  });

  it("keeps GitHub's words to one short line", async () => {
    nock(API)
      .post(path)
      .reply(422, { message: `a\n\n@team /approve ${"x".repeat(5_000)}` });
    const { message } = await caught(post());
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThanOrEqual(300);
  });
});

describe("the wire", () => {
  const server = async (handle: Parameters<typeof createServer>[1]) => {
    nock.enableNetConnect("127.0.0.1");
    const listening = createServer(handle);
    await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
    const address = listening.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    return {
      url: `http://127.0.0.1:${address.port}`,
      close: () => {
        listening.closeAllConnections();
        listening.close();
      },
    };
  };

  it("a connection that breaks is a network failure", async () => {
    const { url, close } = await server((request) => request.socket.destroy());
    expect(await caught(post(open({ apiUrl: url })))).toMatchObject({ code: "network", transient: true, status: null });
    close();
  });

  it("silence, and an answer that drips, are timeouts", async () => {
    const { url, close } = await server((request, response) => {
      if (request.method === "POST") return;
      response.writeHead(200, { "content-type": "application/json" });
      response.write("[");
    });
    const client = open({ apiUrl: url, timeoutMs: 100 });
    expect(await caught(post(client))).toMatchObject({ code: "timeout", transient: true });
    const list = client.rest.issues.listComments({ owner: "acme", repo: "widgets", issue_number: 1 });
    expect(await caught(list)).toMatchObject({ code: "timeout" });
    close();
  });

  it("an answer that breaks off is a network failure, not an empty answer", async () => {
    const { url, close } = await server((_, response) => {
      response.writeHead(201, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"id": 1');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await caught(post(open({ apiUrl: url })))).toMatchObject({ code: "network" });
    close();
  });

  it("a caller's stop ends the call, and what comes after it is not sent", async () => {
    let requests = 0;
    const stop = new AbortController();
    // Stopped when the call has arrived and is not answered: on no machine earlier or later than that.
    const { url, close } = await server(() => {
      requests += 1;
      stop.abort();
    });
    const client = openClient(connection({ apiUrl: url }), {
      auth: "t",
      paceId: "77",
      redirects: "refuse",
      signal: stop.signal,
    });
    expect(await caught(post(client))).toMatchObject({
      code: "timeout",
      message: "stopped before GitHub had answered",
    });
    expect(await caught(post(client))).toMatchObject({ code: "timeout" });
    expect(requests).toBe(1);
    close();
  });

  it("a redirected write is refused, so that it never lands in another repository", async () => {
    for (const status of [301, 302, 307, 308]) {
      nock(API)
        .post(path)
        .reply(status, undefined, { location: `${API}/repositories/9/issues/1/comments` });
      const elsewhere = nock(API).post("/repositories/9/issues/1/comments").reply(201, {});
      expect(await caught(post())).toMatchObject({ code: "unexpected_answer", status });
      expect(elsewhere.isDone()).toBe(false);
      nock.cleanAll();
    }
  });

  it("finds a GitHub Enterprise Server under its path, GraphQL too", async () => {
    const client = open({ apiUrl: `${API}/api/v3/` });
    const rest = nock(API).post(`/api/v3${path}`).reply(201, {});
    const graphql = nock(API)
      .post("/api/graphql")
      .reply(200, { data: { viewer: { login: "x" } } });
    await post(client);
    await client.graphql("{ viewer { login } }");
    expect([rest.isDone(), graphql.isDone()]).toEqual([true, true]);
  });
});

describe("the question before a change", () => {
  it("is asked right before each, and its no is thrown as it is while nothing is sent", async () => {
    const no = new Error("no longer wanted");
    let answer: Error | null = null;
    let asked = 0;
    const client = openClient(connection(), {
      auth: "t",
      paceId: "77",
      redirects: "refuse",
      beforeChange: async () => {
        asked += 1;
        if (answer !== null) throw answer;
      },
    });
    const sent = nock(API).post(path).reply(201, {});
    await post(client);
    expect([asked, sent.isDone()]).toEqual([1, true]);

    nock(API).get("/repos/acme/widgets/issues/1").reply(200, {});
    await client.rest.issues.get({ owner: "acme", repo: "widgets", issue_number: 1 });
    expect(asked).toBe(1);

    answer = no;
    const second = nock(API).post(path).reply(201, {});
    await expect(post(client)).rejects.toBe(no);
    expect(second.isDone()).toBe(false);
  });
});

describe("the pace", () => {
  it("keeps quiet for as long as GitHub asked, per installation", async () => {
    let now = NOW;
    const paced = connection({ pace: "github", clock: () => now });
    const of = (paceId: string) => openClient(paced, { auth: "t", paceId, redirects: "follow" });
    const get = (client: ReturnType<typeof of>) =>
      client.rest.issues.get({ owner: "acme", repo: "widgets", issue_number: 1 });
    const issue = "/repos/acme/widgets/issues/1";

    nock(API).get(issue).reply(429, { message: "slow down" }, { "retry-after": "30" });
    expect(await caught(get(of("77")))).toMatchObject({ code: "rate_limited", retryAfter: 30 });

    const next = nock(API).get(issue).reply(200, { id: 1 });
    now = new Date(NOW.getTime() + 10_000);
    expect(await caught(get(of("77")))).toMatchObject({ code: "rate_limited", retryAfter: 20 });
    expect(next.isDone()).toBe(false);

    await get(of("78"));
    expect(next.isDone()).toBe(true);

    now = new Date(NOW.getTime() + 30_000);
    const later = nock(API).get(issue).reply(200, { id: 1 });
    await get(of("77"));
    expect(later.isDone()).toBe(true);
  });

  it("does not repeat a limited call by itself", async () => {
    let sent = 0;
    nock(API)
      .post(path)
      .times(3)
      .reply(() => {
        sent += 1;
        return [403, { message: "secondary rate limit" }, { "retry-after": "0" }];
      });
    await caught(post(open({ pace: "github" })));
    expect(sent).toBe(1);
  });
});

describe("a secret of the process", () => {
  const findsSecret = (text: string) => text.includes("canary");

  it("stops a call before the network, and the error does not say it", async () => {
    const asked = nock(API).post(path).reply(201, {});
    const client = open({ findsSecret });
    const call = client.rest.issues.createComment({
      owner: "acme",
      repo: "widgets",
      issue_number: 1,
      body: "a canary",
    });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretLeak);
    expect(String(error)).toBe("SecretLeak: nothing was sent to GitHub: the text holds a secret of this process");
    expect(asked.isDone()).toBe(false);
  });

  it("stops what is only read too: an address is text that leaves", async () => {
    const client = open({ findsSecret });
    const call = client.rest.repos.getContent({ owner: "acme", repo: "widgets", path: "canary" });
    await expect(call).rejects.toBeInstanceOf(SecretLeak);
  });

  it("lets everything else pass", async () => {
    nock(API).post(path).reply(201, {});
    await expect(post(open({ findsSecret }))).resolves.toMatchObject({ status: 201 });
  });
});
