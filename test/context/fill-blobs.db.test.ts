// A cold repository of several hundred files is read in a few requests; what the archive gets wrong is not believed.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import { keptBlobs } from "../../src/context/blob-store.ts";
import { fillBlobs, type Wanted } from "../../src/context/fill-blobs.ts";
import { neverCrash } from "../../src/crash-points.ts";
import { connectionTo } from "../../src/github/connection.ts";
import { createGitHub } from "../../src/github/github.ts";
import { InstallationId, RepoId, Sha } from "../../src/ids.ts";
import { SEED } from "../demo/support.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const FILES = Object.fromEntries([
  ...Array.from({ length: 300 }, (_, at) => [`src/part${at % 7}/file${at}.ts`, `export const value${at} = ${at};\n`]),
  ["src/version.ts", `export const version = "$Format:%H$";\n`],
  ["notes/private.md", "Not in archives.\n"],
  [".gitattributes", "src/version.ts export-subst\nnotes export-ignore\n"],
  ["copy/a.txt", "the same\n"],
  ["copy/b.txt", "the same\n"],
  [`${"long-folder-name/".repeat(8)}file.txt`, "far down\n"],
]);

let local: LocalGitHub;
let t: TestDatabase;
beforeEach(async () => {
  local = await startLocalGitHub({
    seed: { ...SEED, repositories: [{ owner: "acme", name: "shop", files: FILES, roles: { hubot: "write" } }] },
  });
  t = await testDatabase();
});
afterEach(async () => {
  await t.close();
  await local.close();
});

const setting = async () => {
  const { id, privateKey, installationId } = local.app();
  const clock = () => new Date("2026-11-21T12:00:00Z");
  const github = createGitHub(
    connectionTo({
      apiUrl: local.url,
      appId: id,
      privateKey,
      clock: () => new Date(),
      onSecret: () => {},
      pace: "none",
    }),
  );
  const repoId = RepoId.parse(local.repo("acme/shop").id);
  const reading = await github.reading(InstallationId.parse(installationId), [repoId]);
  const deps = { db: t.db, clock, crash: neverCrash };
  const wanted = async (): Promise<{ commit: Sha; files: Wanted[] }> => {
    const commit = Sha.parse(local.repo("acme/shop").head());
    const found = await reading.commit(repoId, commit);
    if (found === null) throw new Error("no commit");
    const { items } = await reading.tree(repoId, found.tree);
    const files = items
      .filter(({ type }) => type === "blob")
      .map(({ path, sha, size }) => ({ path, sha, size: size ?? 0 }));
    return { commit, files };
  };
  const fill = async () => {
    const { commit, files } = await wanted();
    const before = local.requests.length;
    await fillBlobs(deps, reading, { repoId, commit }, files);
    const asked = local.requests.slice(before).map(({ path }) => path.replace(/[0-9a-f]{40}/, "SHA"));
    const kept = await keptBlobs(
      deps,
      files.map(({ sha }) => sha),
    );
    return { asked, missing: files.filter(({ sha }) => !kept.has(sha)).map(({ path }) => path) };
  };
  return { fill };
};

const ARCHIVE = ["/repos/acme/shop/tarball/SHA", "/codeload/acme/shop/legacy.tar.gz/SHA"];
const BLOB = "/repos/acme/shop/git/blobs/SHA";

describe("fillBlobs", () => {
  it("reads a commit in one archive, and singly only what the archive has not as it is", async () => {
    const { fill } = await setting();
    expect(await fill()).toEqual({ asked: [...ARCHIVE, BLOB, BLOB], missing: [] });
    expect(await fill()).toEqual({ asked: [], missing: [] });
    // Neither token nor cookie goes along to where the archive is.
    expect(
      local.requests.filter(({ path }) => path.startsWith("/codeload")).map(({ app, tokenId }) => [app, tokenId]),
    ).toEqual([[null, null]]);
  });

  it("reads of a later commit the files that are new, or the archive again where they are many", async () => {
    const { fill } = await setting();
    await fill();
    local.as("hubot").push("main", { "src/new.ts": "1;\n", "src/other.ts": "2;\n" });
    expect(await fill()).toEqual({ asked: [BLOB, BLOB], missing: [] });
    local
      .as("hubot")
      .push("main", Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`new/${at}.ts`, `${at};\n`])));
    expect(await fill()).toEqual({ asked: ARCHIVE, missing: [] });
  });

  it("falls back to single files, as many as are bearable, where there is no archive", async () => {
    const { fill } = await setting();
    local.faults.add({ path: "/tarball/" }, { kind: "answer", status: 500 }, { times: 9 });
    const { asked, missing } = await fill();
    expect(asked).toEqual([ARCHIVE[0], ...Array.from({ length: 60 }, () => BLOB)]);
    expect(missing.length).toBeGreaterThan(200);
  });

  it("believes nothing that an archive says otherwise than the tree, and keeps what was right before it broke off", async () => {
    const { fill } = await setting();
    local.faults.add(
      { path: "/codeload/" },
      { kind: "rewrite", body: (body) => (Buffer.isBuffer(body) ? body.subarray(0, body.length - 200) : body) },
      { times: 9 },
    );
    const { asked, missing } = await fill();
    expect(asked.slice(0, 2)).toEqual(ARCHIVE);
    expect(asked.length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });

  it("waits when GitHub says so, instead of asking on", async () => {
    const { fill } = await setting();
    local.faults.add(
      { path: "/tarball/" },
      { kind: "answer", status: 429, headers: { "retry-after": "9" } },
      { times: 9 },
    );
    await expect(fill()).rejects.toMatchObject({ code: "rate_limited" });
  });
});
