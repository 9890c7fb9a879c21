// The local GitHub hands out archives as GitHub does: elsewhere, by an address that is enough.
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import type { ArchiveTaker } from "../../src/github/reading.ts";
import { untar } from "../../src/github/untar.ts";
import { SEED } from "./support.ts";

let local: LocalGitHub;
beforeEach(async () => {
  local = await startLocalGitHub({ seed: SEED });
});
afterEach(() => local.close());

const ask = (path: string, token?: string) =>
  fetch(`${local.url}${path}`, {
    redirect: "manual",
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

test("the address of a private archive is all that it takes, and it is good for that archive alone", async () => {
  const token = local.tokenFor("countersign", { contents: "read" });
  const sent = await ask("/repos/acme/shop/tarball/main", token);
  expect(sent.status).toBe(302);
  const address = new URL(sent.headers.get("location") ?? "");
  expect(address.pathname).toBe(`/codeload/acme/shop/legacy.tar.gz/${local.repo("acme/shop").head()}`);
  expect((await ask(address.pathname, token)).status).toBe(404);
  expect(
    (await ask(`/codeload/acme/other/legacy.tar.gz/${local.repo("acme/other").head()}${address.search}`)).status,
  ).toBe(404);

  const archive = await ask(`${address.pathname}${address.search}`);
  expect(archive.headers.get("content-type")).toBe("application/x-gzip");
  const found = new Map<string, string>();
  const taker: ArchiveTaker = {
    wants: () => true,
    keep: async (path, content) => void found.set(path, Buffer.from(content).toString("utf8")),
  };
  if (archive.body === null) throw new Error("no body");
  await untar(archive.body, { compressedBytes: 1e6, bytes: 1e6, entries: 100, ratio: 1000 }, taker);
  expect(Object.fromEntries(found)).toEqual({
    "README.md": "# Shop\n",
    "bin/run": "#!/bin/sh\necho ok\n",
    "src.txt": "sorts between\n",
    "src/slug.js": "export const slug = (text) => text;\n",
  });
});

test("a token that may not read contents, or no token, is sent nowhere", async () => {
  expect((await ask("/repos/acme/shop/tarball/main", local.tokenFor("countersign", { issues: "read" }))).status).toBe(
    403,
  );
  expect((await ask("/repos/acme/shop/tarball/main")).status).toBe(401);
  expect(
    (await ask("/repos/acme/shop/tarball/nowhere", local.tokenFor("countersign", { contents: "read" }))).status,
  ).toBe(404);
});
