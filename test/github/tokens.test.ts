// A token is what GitHub says it gave: these tests hand out too much, too little, and nonsense.
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTokenCache } from "../../src/github/token-cache.ts";
import { mint, READING, revoke, SPEAKING } from "../../src/github/tokens.ts";
import { RepoId } from "../../src/ids.ts";
import { API, connection, INSTALLATION, mints, NOW, onlyNock, READ, REPO, tokenAnswer } from "./connection-to-nock.ts";

beforeEach(onlyNock);
afterEach(() => nock.cleanAll());

const asked = { installation: INSTALLATION, permissions: READING, repos: [REPO] };
const revocation = () =>
  nock(API)
    .delete("/installation/token")
    .matchHeader("authorization", /ghs_12345_secret/)
    .reply(204);

describe("mint", () => {
  it("asks for the named permissions and repositories with the App's signature, and tells the redactor first", async () => {
    const secrets: string[] = [];
    const bodies: unknown[] = [];
    nock(API)
      .post("/app/installations/77/access_tokens", (body: unknown) => bodies.push(body) > 0)
      .matchHeader("authorization", /^bearer ey/i)
      .reply(201, tokenAnswer(READ));

    const token = await mint(connection({ onSecret: (value) => secrets.push(value) }), asked);

    expect(bodies).toEqual([{ permissions: READ, repository_ids: [501] }]);
    expect(token).toEqual({
      value: "ghs_12345_secret",
      installation: 77,
      expiresAt: new Date("2026-11-21T11:00:00Z"),
      repos: [{ id: 501, owner: "acme", name: "widgets" }],
    });
    expect(secrets).toHaveLength(2);
    expect(secrets[1]).toBe("ghs_12345_secret");
  });

  const wide: [what: string, answer: object][] = [
    ["a permission more", tokenAnswer({ ...READ, contents: "write" })],
    ["a permission nobody named", tokenAnswer({ ...READ, administration: "read" })],
    ["metadata raised", tokenAnswer({ ...READ, metadata: "write" })],
    ["another repository beside", tokenAnswer(READ, [501, 502])],
    ["all repositories", { ...tokenAnswer(READ), repository_selection: "all" }],
    ["no list of repositories", { ...tokenAnswer(READ), repositories: undefined }],
    ["no word of the selection", { ...tokenAnswer(READ), repository_selection: undefined }],
  ];
  it.each(wide)("refuses and revokes a token with %s", async (_, given) => {
    mints(given);
    const revoked = revocation();
    await expect(mint(connection(), asked)).rejects.toMatchObject({ code: "token_too_wide", transient: false });
    expect(revoked.isDone()).toBe(true);
  });

  const narrow: [what: string, answer: object][] = [
    [
      "without a permission",
      tokenAnswer({ checks: "read", issues: "read", metadata: "read", pull_requests: "read", statuses: "read" }),
    ],
    ["without the repository", tokenAnswer(READ, [])],
    ["for another repository", tokenAnswer(READ, [502])],
  ];
  it.each(narrow)("refuses and revokes a token %s", async (_, given) => {
    mints(given);
    const revoked = revocation();
    await expect(mint(connection(), asked)).rejects.toMatchObject({ code: /forbidden|token_too_wide/ });
    expect(revoked.isDone()).toBe(true);
  });

  it("refuses a lower level than was asked for", async () => {
    mints(tokenAnswer({ checks: "write", issues: "read", metadata: "read" }));
    revocation();
    const speaking = { ...asked, permissions: SPEAKING };
    await expect(mint(connection(), speaking)).rejects.toMatchObject({ code: "forbidden" });
  });

  const refuses = () =>
    nock(API)
      .post("/app/installations/77/access_tokens")
      .reply(422, { message: "The permissions requested are not granted to this installation." });

  it("names what the installation lacks, which GitHub does not", async () => {
    refuses();
    nock(API)
      .get("/app/installations/77")
      .reply(200, { permissions: { ...READ, checks: "write", contents: "none" } });
    const refused = mint(connection(), { ...asked, permissions: { ...READING, pull_requests: "write" } });
    await expect(refused).rejects.toMatchObject({
      code: "unprocessable",
      lacks: ["contents", "pull_requests"],
      message: "the app needs Contents: read and Pull requests: write here, which an owner has not granted yet",
    });
  });

  it("repeats GitHub's own words where it cannot find out, or finds nothing", async () => {
    refuses();
    nock(API).get("/app/installations/77").reply(500, { message: "no" });
    await expect(mint(connection(), asked)).rejects.toMatchObject({ message: /permissions requested are not granted/ });
    refuses();
    nock(API).get("/app/installations/77").reply(200, { permissions: READ });
    await expect(mint(connection(), asked)).rejects.toMatchObject({ message: /permissions requested are not granted/ });
  });

  it.each([[{}], [{ ...tokenAnswer(READ), token: "" }], [{ ...tokenAnswer(READ), expires_at: "soon" }], ["nonsense"]])(
    "does not understand %j",
    async (given) => {
      nock(API).post("/app/installations/77/access_tokens").reply(201, given);
      await expect(mint(connection(), asked)).rejects.toMatchObject({ code: "unexpected_answer" });
    },
  );

  it("never asks for no repository, which GitHub would take for all, nor for any with more than metadata", async () => {
    await expect(mint(connection(), { ...asked, repos: [] })).rejects.toThrow(RangeError);
    await expect(mint(connection(), { ...asked, repos: "any" })).rejects.toThrow(RangeError);
    const many = Array.from({ length: 501 }, (_, n) => RepoId.parse(n + 1));
    await expect(mint(connection(), { ...asked, repos: many })).rejects.toThrow(RangeError);
    expect(nock.pendingMocks()).toEqual([]);
  });
});

describe("revoke", () => {
  const token = { value: "ghs_12345_secret", installation: INSTALLATION };

  it("is content when the token is gone already, and says when it could not", async () => {
    nock(API).delete("/installation/token").reply(401, { message: "Bad credentials" });
    await revoke(connection(), token);
    nock(API).delete("/installation/token").reply(503, { message: "no" });
    await expect(revoke(connection(), token)).rejects.toMatchObject({ code: "server" });
  });
});

describe("the cache", () => {
  it("asks once for many, also at once, and anew when the end is near", async () => {
    let now = NOW;
    const cache = createTokenCache(connection({ clock: () => now }));
    mints(tokenAnswer(READ));
    const [one, other] = await Promise.all([cache.get(asked), cache.get({ ...asked, repos: [REPO, REPO] })]);
    expect(one).toBe(other);
    expect(await cache.get(asked)).toBe(one);

    now = new Date("2026-11-21T10:50:00Z");
    mints({ ...tokenAnswer(READ), token: "ghs_next", expires_at: "2026-11-21T11:50:00Z" });
    expect((await cache.get(asked)).value).toBe("ghs_next");
  });

  it("keeps tokens of other permissions and repositories apart", async () => {
    const cache = createTokenCache(connection());
    mints(tokenAnswer(READ));
    mints({ ...tokenAnswer(READ, [502]), token: "ghs_of_502" });
    expect((await cache.get(asked)).value).toBe("ghs_12345_secret");
    expect((await cache.get({ ...asked, repos: [RepoId.parse(502)] })).value).toBe("ghs_of_502");
  });

  it("does not keep a failure, and forgets what GitHub no longer takes", async () => {
    const cache = createTokenCache(connection());
    mints({ message: "boom" }, 502);
    await expect(cache.get(asked)).rejects.toMatchObject({ code: "server", transient: true });
    mints(tokenAnswer(READ));
    await cache.get(asked);
    cache.forget(asked);
    mints({ ...tokenAnswer(READ), token: "ghs_next" });
    expect((await cache.get(asked)).value).toBe("ghs_next");
  });

  it.each([["contents"], ["pull_requests"]] as const)("never holds a token with %s: write", async (name) => {
    const cache = createTokenCache(connection());
    await expect(cache.get({ ...asked, permissions: { [name]: "write" } })).rejects.toThrow(RangeError);
    expect(nock.pendingMocks()).toEqual([]);
  });
});
