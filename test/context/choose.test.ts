import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bm25, candidates, names, rankPaths, words } from "../../src/context/choose.ts";
import { neverSend } from "../../src/context/never-send.ts";
import type { TreeEntry } from "../../src/github/reading.ts";
import { Sha } from "../../src/ids.ts";

const named = (text: string) => Sha.parse(createHash("sha1").update(text).digest("hex"));
const entry = (path: string, over: Partial<TreeEntry> = {}): TreeEntry => ({
  path,
  mode: "100644",
  type: "blob",
  sha: named(path),
  size: 40,
  ...over,
});

describe("candidates", () => {
  it("keeps regular text files of a readable size", () => {
    const kept = candidates(
      [
        entry("src/a.ts"),
        entry("bin/run", { mode: "100755" }),
        entry("link", { mode: "120000" }),
        entry("module", { mode: "160000", type: "commit" }),
        entry("src", { type: "tree", mode: "040000", size: null }),
        entry("logo.png"),
        entry("big.csv", { size: 200_000 }),
        entry("node_modules/x/index.js"),
        entry("package-lock.json"),
        entry(".env"),
      ],
      neverSend(),
    );
    expect(kept.map(({ path }) => path)).toEqual(["src/a.ts", "bin/run"]);
    expect(kept[0]?.tokens).toBe(10);
  });

  it("leaves out a copy of what is never sent, under whatever name; empty files are no secret", () => {
    const [secret, empty] = [named("secret"), named("")];
    const kept = candidates(
      [
        entry(".env", { sha: secret }),
        entry("docs/example.txt", { sha: secret }),
        entry("config/.env.test", { sha: empty, size: 0 }),
        entry("src/__init__.py", { sha: empty, size: 0 }),
      ],
      neverSend(),
    );
    expect(kept.map(({ path }) => path)).toEqual(["src/__init__.py"]);
  });
});

describe("neverSend", () => {
  it.each([
    ".env",
    "config/.env.production",
    "deploy/ID_RSA",
    "x/y/server.key",
    ".npmrc",
    ".ssh/config",
    "infra/secrets.yml",
    "a.tfstate",
  ])("keeps %s from every model", (path) => expect(neverSend()(path)).toBe(true));
  it.each(["src/keys.ts", "environment.md", "docs/secrets.md", "package.json"])("lets %s through", (path) =>
    expect(neverSend()(path)).toBe(false),
  );
  it.each<[string, string]>([
    ["private/**", "private/a.txt"],
    ["private", "private/deep/a.txt"],
    ["private/", "private/a.txt"],
    ["customers/*.csv", "customers/eu.CSV"],
    ["x", "a".repeat(1_001)],
  ])("by %j of a configuration keeps %s", (glob, path) => expect(neverSend([glob])(path)).toBe(true));
  it("keeps names that only look like those", () => expect(neverSend()("config/.\u0435nv")).toBe(true));
  it("means a bracket as it stands", () => expect(neverSend(["app/[id]/x.ts"])("app/i/x.ts")).toBe(false));
});

describe("ranking", () => {
  const all = candidates(
    ["README.md", "src/user/login.ts", "src/slug.ts", "src/zebra.ts", "test/slug.test.ts"].map((p) => entry(p)),
    () => false,
  );
  const order = (text: string) => rankPaths(all, text).map(({ path }) => path);

  it("puts files that the text names first, whatever else matches", () => {
    expect(order("zebra.ts breaks when login of a user fails")[0]).toBe("src/zebra.ts");
  });

  it("then doctrine, then shared words", () => {
    expect(order("slugs of a title lose accents: slug").slice(0, 2)).toEqual(["README.md", "src/slug.ts"]);
  });

  it("is the same for the same input, whatever the order of the tree", () => {
    expect(rankPaths(all.toReversed(), "nothing in common")).toEqual(rankPaths(all, "nothing in common"));
  });

  it("splits words as code writes them", () => {
    expect(words("slugifyTitle slugify_title HTTPServer")).toEqual([
      "slugify",
      "title",
      "slugify",
      "title",
      "httpserver",
    ]);
  });

  it("gives a document with a rare word more than one with a common word", () => {
    const [rare, common, none] = bm25(
      ["accent", "the"],
      [
        ["accent", "the"],
        ["the", "the"],
        ["other", "thing"],
      ],
    );
    expect(rare).toBeGreaterThan(common ?? 0);
    expect(common).toBeGreaterThan(none ?? 0);
    expect(none).toBe(0);
  });

  it("does not take a common word for a file name", () => {
    expect(names("run make first", "make")).toBe(false);
    expect(names("see src/make", "src/make")).toBe(true);
  });
});
