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

  const inPackage = (value: object) => json({ name: "a", publishConfig: value });
  it.each([
    ["another registry", "package.json", inPackage({ registry: "https://evil.example/" })],
    ["a scope's registry", "package.json", inPackage({ "@acme:registry": "https://evil.example" })],
    ["pixi's channel", "pyproject.toml", '[tool.pixi.workspace]\nchannels = ["conda-forge", "evil"]\n'],
    ["pixi's channel of old", "pyproject.toml", '[tool.pixi.project]\nchannels = ["https://evil.example/c"]\n'],
    [
      "a feature's channel",
      "pyproject.toml",
      '[tool.pixi.feature.a]\nchannels = [{ channel = "evil", priority = 1 }]\n',
    ],
    ["pixi's index", "pyproject.toml", '[tool.pixi.pypi-options]\nextra-index-urls = ["https://evil.example"]\n'],
    ["hatch's index", "pyproject.toml", '[tool.hatch.envs.default.env-vars]\nPIP_INDEX_URL = "https://evil.example"\n'],
    [
      "hatch's index for uv",
      "pyproject.toml",
      '[tool.hatch.envs.a]\nenv-vars = { UV_INDEX = "e=https://evil.example" }\n',
    ],
    ["uv's index for pip", "pyproject.toml", '[tool.uv.pip]\nindex-url = "https://evil.example"\n'],
    ["uv's interpreters", "pyproject.toml", '[tool.uv]\npython-install-mirror = "https://evil.example"\n'],
    ["tox's variables", "pyproject.toml", '[tool.tox.env_run_base]\nset_env.PIP_INDEX_URL = "https://evil.example"\n'],
    [
      "tox's old text",
      "pyproject.toml",
      '[tool.tox]\nlegacy_tox_ini = "install_command = pip install --index-url https://evil.example {packages}"\n',
    ],
    [
      "cibuildwheel's variables",
      "pyproject.toml",
      '[tool.cibuildwheel]\nenvironment = "PIP_EXTRA_INDEX_URL=https://evil.example"\n',
    ],
    ["Composer without TLS", "composer.json", json({ config: { "secure-http": false } })],
  ])("finds %s in %s", async (_, path, text) => {
    const hits = await found("dependency-sources", created(path, text));
    expect(hits.map(({ severity }) => severity)).toEqual(["block"]);
  });

  it.each([
    ["package.json", inPackage({ access: "public", registry: "https://registry.npmjs.org/" })],
    ["pyproject.toml", '[tool.pixi.workspace]\nchannels = ["conda-forge", "bioconda"]\nplatforms = ["linux-64"]\n'],
    ["pyproject.toml", '[tool.hatch.envs.default.env-vars]\nDEBUG = "1"\nBASE_URL = "https://example.com"\n'],
    ["pyproject.toml", '[tool.tox]\nenv_list = ["3.13"]\n[tool.poe.tasks]\ntest = "pytest"\n'],
    ["composer.json", json({ config: { "sort-packages": true } })],
  ])("leaves ordinary settings of %s alone: %s", async (path, text) => {
    expect(await found("dependency-sources", created(path, text))).toEqual([]);
  });

  it("reads a registry in changed lines when that is all there is", async () => {
    const { files } = proposalOf([
      changed("package.json", inPackage({}), inPackage({ registry: "https://evil.example" })),
    ]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    expect(await foundIn("dependency-sources", { files: partly, base: null })).toHaveLength(1);
  });

  it.each([
    ["pixi.toml", 'channels = ["conda-forge", "evil"]'],
    ["pixi.toml", 'a = { git = "https://github.com/evil/a" }'],
    ["build.sbt", 'resolvers += "evil" at "https://evil.example"'],
    ["paket.dependencies", "source https://evil.example/v3/index.json"],
    ["paket.dependencies", "github evil/a"],
    ["vcpkg-configuration.json", '    { "kind": "git",'],
    ["a.opam", 'pin-depends: [["a.1" "https://evil.example/a.tgz"]]'],
    ["MODULE.bazel", "git_override("],
    ["rebar.config", '{a, {git, "https://evil.example/a"}}'],
    ["mix.exs", '{:a, "~> 1.0", repo: "evil"}'],
  ])("finds in %s: %s", async (path, line) => {
    expect(await found("dependency-sources", changed(path, "x\n", `x\n${line}\n`))).toMatchObject([{ path, line: 2 }]);
  });

  it.each([
    ["pixi.toml", 'channels = ["conda-forge"]'],
    ["paket.dependencies", "source https://api.nuget.org/v3/index.json"],
    ["build.sbt", 'libraryDependencies += "a" % "b" % "1"'],
    ["MODULE.bazel", 'bazel_dep(name = "a", version = "1")'],
  ])("leaves in %s alone: %s", async (path, line) => {
    expect(await found("dependency-sources", changed(path, "x\n", `x\n${line}\n`))).toEqual([]);
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
