import { describe, expect, it } from "vitest";
import { packageOf } from "../../../src/policy/rules/lock-contents.ts";
import { changed, created, deleted, found, renamed } from "../found.ts";

const npm = "https://registry.npmjs.org";
const lock = (packages: Record<string, object>) =>
  `${JSON.stringify({ name: "a", packages: { "": { name: "a" }, ...packages } }, null, 2)}\n`;
const entry = (resolved: string, more: object = {}) => ({ version: "1.0.0", resolved, integrity: "sha512-a", ...more });

describe("lock-contents", () => {
  it("finds another package's address", async () => {
    const now = lock({
      "node_modules/a": entry(`${npm}/a/-/a-1.0.0.tgz`),
      "node_modules/b": entry(`${npm}/evil/-/evil-1.0.0.tgz`),
    });
    expect(await found("lock-contents", created("package-lock.json", now))).toMatchObject([
      {
        severity: "block",
        path: "package-lock.json",
        line: 14,
        message: 'The address of "b" is that of another package, "evil".',
      },
    ]);
    expect(await found("lock-contents", renamed("x.json", "npm-shrinkwrap.json", now))).toHaveLength(1);
    expect(await found("lock-contents", changed("package-lock.json", now, now.replace('"a"', '"c"')))).toEqual([]);
    const old = `${JSON.stringify({ dependencies: { b: entry(`${npm}/evil/-/evil-1.0.0.tgz`) } })}\n`;
    expect(await found("lock-contents", created("package-lock.json", old))).toHaveLength(1);
  });

  it("knows scopes, nesting, aliases and addresses of other forms", async () => {
    const now = lock({
      "node_modules/@acme/a": entry(`${npm}/@acme/a/-/a-1.0.0.tgz`),
      "node_modules/@acme/b": entry(`${npm}/@acme%2fb/-/b-1.0.0.tgz`),
      "node_modules/a/node_modules/b": entry(`${npm}/b/-/b-1.0.0.tgz`),
      "node_modules/alias": entry(`${npm}/real/-/real-1.0.0.tgz`, { name: "real" }),
      "node_modules/old-alias": entry(`${npm}/real/-/real-1.0.0.tgz`, { version: "npm:real@1.0.0" }),
      "node_modules/git": entry("git+ssh://git@github.com/acme/git.git#0123"),
      "packages/own": { version: "1.0.0" },
    });
    expect(await found("lock-contents", created("package-lock.json", now))).toEqual([]);
  });

  it.each([
    [
      "package-lock.json",
      lock({ "node_modules/a": entry(`${npm}/a/-/a-1.0.0.tgz`) }),
      "sha512-a",
      "sha512-b",
      '"a@1.0.0"',
    ],
    [
      "go.sum",
      "a.example/a v1.0.0 h1:aa=\na.example/a v1.0.0/go.mod h1:cc=\n",
      "h1:aa=",
      "h1:bb=",
      '"a.example/a@v1.0.0"',
    ],
    ["Cargo.lock", '[[package]]\nname = "a"\nversion = "1.0.0"\nchecksum = "aa"\n', '"aa"', '"bb"', '"a@1.0.0"'],
  ])("finds other content under the same version in %s", async (path, before, old, now, name) => {
    expect(await found("lock-contents", changed(path, before, before.replace(old, now)))).toMatchObject([
      { severity: "block", path, message: `${name} would have other content than before, under the same version.` },
    ]);
    expect(
      await found("lock-contents", changed(path, before, before.replaceAll(old, now).replaceAll("1.0.0", "1.0.1"))),
    ).toEqual([]);
    expect(await found("lock-contents", changed(path, before, ""))).toEqual([]);
    expect(await found("lock-contents", changed(path, before, "{ broken"))).toEqual([]);
    expect(await found("lock-contents", changed(`${path}.md`, before, before.replace(old, now)))).toEqual([]);
  });

  it.each([
    [
      "a hash that was not there",
      "package-lock.json",
      lock({ "node_modules/a": { version: "1" } }),
      lock({ "node_modules/a": { version: "1", integrity: "x" } }),
    ],
    ["an entry that is no table", "package-lock.json", lock({}), '{"packages":{"node_modules/a":"x"}}\n'],
    ["a list of entries", "package-lock.json", lock({}), '{"packages":["x"]}\n'],
    [
      "a checksum that was not there",
      "Cargo.lock",
      '[[package]]\nname = "a"\n',
      '[[package]]\nname = "a"\nchecksum = "x"\n',
    ],
    ["packages that are a text", "Cargo.lock", 'package = "x"\n', 'package = "y"\n'],
    ["packages that are a table", "Cargo.lock", '[package]\na = "x"\n', '[package]\na = "y"\n'],
    ["packages that are texts", "Cargo.lock", 'package = ["x"]\n', 'package = ["y"]\n'],
    ["a line without a hash", "go.sum", "a v1\n", "a v1 h1:x\n"],
    ["blanks", "go.sum", "a v1 h1:x\n", "  a   v1  h1:x\n"],
    [
      "the address of the package itself",
      "package-lock.json",
      lock({}),
      `{"packages":{"":{"name":"a","resolved":"${npm}/b/-/b-1.tgz"}}}\n`,
    ],
    [
      "a file of another name",
      "xpackage-lock.json",
      lock({}),
      lock({ "node_modules/b": entry(`${npm}/evil/-/evil-1.tgz`) }),
    ],
    [
      "a file of another ending",
      "package-lock.json5",
      lock({}),
      lock({ "node_modules/b": entry(`${npm}/evil/-/evil-1.tgz`) }),
    ],
  ])("leaves alone %s", async (_, path, before, after) => {
    expect(await found("lock-contents", changed(path, before, after))).toEqual([]);
  });

  it("names no line where the address is written in another way", async () => {
    const now = lock({ "node_modules/b": entry(`${npm}/evil/-/evil-1.0.0.tgz`) }).replaceAll("/-/", "\\/-\\/");
    expect(await found("lock-contents", created("package-lock.json", now))).toMatchObject([{ line: null }]);
    expect(await found("lock-contents", deleted("package-lock.json", now))).toEqual([]);
  });

  it("does not take two platforms' hashes for a change", async () => {
    const before = "a.example/a v1.0.0 h1:aa=\n";
    expect(await found("lock-contents", changed("go.sum", before, `${before}b.example/b v1.0.0 h1:bb=\n`))).toEqual([]);
  });
});

describe("packageOf", () => {
  it.each([
    [`${npm}/a/-/a-1.0.0.tgz`, "a"],
    [`${npm}/@s/a/-/a-1.0.0.tgz`, "@s/a"],
    [`${npm}/%40s%2Fa/-/a-1.0.0.tgz`, "@s/a"],
    ["https://acme.example/api/npm/npm/a/-/a-1.0.0.tgz#0123", "a"],
    ["https://acme.example/download/a/1.0.0", null],
    ["https://acme.example/%ff/-/x.tgz", "%ff"],
    ["https://acme.example/a/-/b/c.tgz", null],
    ["not an address", null],
  ])("%s → %s", (address, name) => {
    expect(packageOf(address)).toBe(name);
  });
});
