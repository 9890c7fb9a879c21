import { describe, expect, it } from "vitest";
import { originOf } from "../../../src/policy/lock-files.ts";
import { changed, created, found } from "../found.ts";

const added = (path: string, line: string, before = "x\n") => changed(path, before, `${before}${line}\n`);

describe("lock-foreign-host", () => {
  it.each([
    ["package-lock.json", '  "resolved": "https://evil.example/a/-/a-1.0.0.tgz",'],
    ["package-lock.json", '  "resolved": "https://registry.npmjs.org@evil.example/a.tgz",'],
    ["package-lock.json", '  "resolved": "https://registry.npmjs.org.evil.example/a.tgz",'],
    ["package-lock.json", '  "resolved": "http://registry.npmjs.org/a.tgz",'],
    ["package-lock.json", '  "resolved": "git+ssh://git@github.com/evil/a.git#0123",'],
    ["npm-shrinkwrap.json", '  "version": "git+https://github.com/evil/a.git#0123",'],
    ["yarn.lock", '  resolved "https://evil.example/a-1.0.0.tgz#0123"'],
    ["pnpm-lock.yaml", "    resolution: {integrity: sha512-x, tarball: https://evil.example/a.tgz}"],
    ["Cargo.lock", 'source = "git+https://github.com/evil/a#0123"'],
    ["Cargo.lock", 'source = "registry+https://github.com/evil/crates.io-index"'],
    ["Gemfile.lock", "  remote: https://evil.example/"],
    ["Gemfile.lock", "  remote: git@github.com:evil/a.git"],
    ["poetry.lock", 'url = "https://evil.example/simple"'],
    ["uv.lock", 'source = { registry = "https://evil.example/simple" }'],
    ["composer.lock", '  "url": "https://evil.example/a.zip",'],
    ["flake.lock", '  "url": "https://github.com/evil/a"'],
  ])("finds in %s: %s", async (path, line) => {
    expect(await found("lock-foreign-host", added(path, line))).toMatchObject([{ severity: "block", path, line: 2 }]);
    expect(await found("lock-foreign-host", created(path, `${line}\n`))).toMatchObject([{ line: 1 }]);
    expect(await found("lock-foreign-host", added(path, line, `${line}\n`))).toEqual([]);
  });

  it.each([
    ["package-lock.json", '  "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz",'],
    ["package-lock.json", '  "url": "https://github.com/sponsors/evil"'],
    ["package-lock.json", '  "version": "1.0.0",'],
    ["yarn.lock", '  resolved "https://registry.yarnpkg.com/a.tgz#0"'],
    ["pnpm-lock.yaml", "    deprecated: see https://evil.example"],
    ["Cargo.lock", 'source = "registry+https://github.com/rust-lang/crates.io-index"'],
    ["Gemfile.lock", "  remote: https://rubygems.org/"],
    ["uv.lock", 'wheels = [{ url = "https://files.pythonhosted.org/a.whl" }]'],
    ["src/a.ts", '"resolved": "https://evil.example/a.tgz"'],
  ])("leaves in %s alone: %s", async (path, line) => {
    expect(await found("lock-foreign-host", added(path, line))).toEqual([]);
  });

  it("knows the hosts of the configuration, and a shared host by its repository only", async () => {
    const line = '  "resolved": "https://npm.acme.example/a.tgz",';
    expect(
      await found("lock-foreign-host", added("package-lock.json", line), { registries: ["npm.acme.example"] }),
    ).toEqual([]);
    const old = '  "resolved": "git+ssh://git@github.com/acme/a.git#0123",\n';
    const other = '  "resolved": "git+ssh://git@github.com/evil/a.git#0123",';
    expect(await found("lock-foreign-host", added("package-lock.json", other, old))).toHaveLength(1);
    expect(
      await found("lock-foreign-host", added("package-lock.json", old.trimEnd().replace("0123", "4567"), old)),
    ).toEqual([]);
  });

  it("does not take a sponsor's page for a registry that was used before", async () => {
    const old = '  "url": "https://evil.example/sponsor"\n';
    expect(
      await found("lock-foreign-host", added("package-lock.json", '  "resolved": "https://evil.example/a.tgz"', old)),
    ).toHaveLength(1);
  });
});

describe("originOf", () => {
  it.each([
    ["https://Registry.NPMJS.org./a", "registry.npmjs.org"],
    ["https://user:pw@evil.example:8443/a", "evil.example"],
    ["http://evil.example/a", "http://evil.example"],
    ["//evil.example/a", "evil.example"],
    ["git@github.com:acme/a.git", "github.com/acme/a"],
    ["git+https://github.com/acme/a.git", "github.com/acme/a"],
    ["git+ssh://git@github.com/acme/a", "github.com/acme/a"],
    ["https://", null],
    ["file:///tmp/a", null],
    ["git+http://Evil.example/a", "http://evil.example"],
    ["http://user@evil.example:8443/a", "http://evil.example"],
    ["sftp://evil.example/a", "evil.example"],
    ["ftp://evil.example/a", "ftp://evil.example"],
    ["https://github.com/acme/a/tree/main", "github.com/acme/a"],
    ["https://github.com/acme/a.github", "github.com/acme/a.github"],
    ["https://github.com//acme//a", "github.com/acme/a"],
  ])("%s → %s", (address, origin) => {
    expect(originOf(address)).toBe(origin);
  });
});
