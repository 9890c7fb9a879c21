import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { changed, created, found, foundIn } from "../found.ts";

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
const manifest = (spec: string) => json({ dependencies: { a: spec } });

describe("dependency-sources", () => {
  it.each([
    "git+https://github.com/evil/a.git",
    "git+ssh://git@github.com/evil/a.git#main",
    "git://example.com/a.git",
    "git@github.com:evil/a.git",
    "https://example.com/a.tgz",
    "http://example.com/a.tgz",
    "github:evil/a",
    "gitlab:evil/a",
    "gist:11081aaa281",
    "evil/a",
    "evil/a#semver:^1.0.0",
    "file:../a",
    "link:../a",
    "portal:../a",
    "exec:./gen.js",
    "./a",
    "../a",
    "~/a",
    "/opt/a",
    " git+https://example.com/a",
    "GIT+HTTPS://example.com/a",
    "//example.com/a.tgz",
    "patch:a@https://example.com/a.tgz#./a.patch",
    "patch:a@https%3A//example.com/a.tgz#./a.patch",
    "patch:@acme/a@git@github.com:evil/a#./a.patch",
    "patch:a@patch%3Aa@evil/a#./a.patch#./b.patch",
  ])("finds %j", async (spec) => {
    const expected = [{ severity: "block", path: "package.json", line: 3 }];
    expect(await found("dependency-sources", created("package.json", manifest(spec)))).toMatchObject(expected);
    expect(await found("dependency-sources", changed("package.json", manifest("1.0.0"), manifest(spec)))).toMatchObject(
      expected,
    );
    const nested = json({ pnpm: { overrides: { a: spec } } });
    expect(await found("dependency-sources", created("package.json", nested))).toHaveLength(1);
  });

  it.each([
    "1.0.0",
    "^1.0.0 || ~2",
    "*",
    "latest",
    ">=1 <2",
    "npm:@acme/a@1.0.0",
    "workspace:*",
    "catalog:",
    "v1.x",
    "patch:a@npm%3A1.0.0#./a.patch",
    "patch:@acme/a@npm:^1.0.0#~/.yarn/a.patch",
  ])("leaves %j alone", async (spec) => {
    expect(await found("dependency-sources", created("package.json", manifest(spec)))).toEqual([]);
  });

  it("looks at what is new only", async () => {
    const old = json({ dependencies: { a: "evil/a", b: "1.0.0" } });
    expect(await found("dependency-sources", changed("package.json", old, old.replace("1.0.0", "2.0.0")))).toEqual([]);
  });

  it("reads changed lines when that is all there is", async () => {
    const { files } = proposalOf([
      changed("package.json", manifest("1.0.0"), manifest("git+https://example.com/a.git")),
    ]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    expect(await foundIn("dependency-sources", { files: partly, base: null })).toHaveLength(1);
  });

  it.each([
    ["requirements.txt", "git+https://github.com/evil/a"],
    ["requirements.txt", "--extra-index-url https://evil.example/simple"],
    ["requirements.txt", "a @ https://evil.example/a.whl"],
    ["requirements-dev.txt", "-e ./local"],
    ["pyproject.toml", 'a = { git = "https://github.com/evil/a" }'],
    ["pyproject.toml", "[[tool.uv.index]]"],
    ["Cargo.toml", 'a = { git = "https://github.com/evil/a" }'],
    ["Cargo.toml", "[patch.crates-io]"],
    ["go.mod", "replace example.com/a => github.com/evil/a v1.0.0"],
    ["Gemfile", 'gem "a", github: "evil/a"'],
    ["Gemfile", 'source "https://evil.example"'],
    ["composer.json", '  "repositories": ['],
    ["pom.xml", "  <repository>"],
    ["Package.swift", '.package(url: "https://github.com/evil/a", from: "1.0.0")'],
  ])("finds in %s: %s", async (path, line) => {
    expect(await found("dependency-sources", changed(path, "x\n", `x\n${line}\n`))).toMatchObject([
      { severity: "block", path, line: 2 },
    ]);
  });

  it.each([
    ["requirements.txt", "requests==2.31.0"],
    ["requirements.txt", "# see https://example.com"],
    ["Cargo.toml", 'serde = "1"'],
    ["go.mod", "require golang.org/x/net v0.1.0"],
    ["Gemfile", 'source "https://rubygems.org"'],
    ["Gemfile", 'gem "rails"'],
    ["pyproject.toml", 'Homepage = "https://example.com"'],
    ["src/a.ts", "git+https://example.com"],
  ])("leaves in %s alone: %s", async (path, line) => {
    expect(await found("dependency-sources", changed(path, "x\n", `x\n${line}\n`))).toEqual([]);
  });
});
