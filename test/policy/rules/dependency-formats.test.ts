// What the dependency rules find in manifests of other languages than npm's.
import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import type { RuleName } from "../../../src/policy/rules.ts";
import { changed, created, found, foundIn, renamed } from "../found.ts";

const messages = async (path: string, before: string, after: string) =>
  (await found("dependency-changes", changed(path, before, after))).map(({ message }) => message);
const sources = (path: string, before: string, after: string) =>
  found("dependency-sources", changed(path, before, after));
const installs = (path: string, before: string, after: string) =>
  found("install-scripts", changed(path, before, after));

/** Without the whole texts, as a foreign diff has it. */
const partly = async (rule: RuleName, path: string, before: string, after: string) => {
  const { files } = proposalOf([changed(path, before, after)]);
  return foundIn(rule, { base: null, files: files.map((file) => ({ ...file, before: null, after: null })) });
};

describe("dependencies of Python", () => {
  it("are named with old and new in requirement files", async () => {
    const before =
      "Django>=4.2\nrequests[socks]==2.31.0 ; python_version < '4'  # why\nold\nflask==1 \\\n  --hash=sha256:aa\n";
    const after = "django>=5\nrequests[socks]==2.32.0\nnew~=1.0\nflask==1 \\\n  --hash=sha256:bb\n-r other.txt\n";
    expect(await messages("requirements.txt", before, after)).toEqual([
      '"django" changes from ">=4.2" to ">=5".',
      `"requests" changes from "[socks]==2.31.0 ; python_version < '4'" to "[socks]==2.32.0".`,
      '"old" is removed; it was "any version".',
      '"flask > hash" changes from "--hash=sha256:aa" to "--hash=sha256:bb".',
      '"new" is added: "~=1.0".',
      '"-r" is added: "other.txt".',
    ]);
    expect(await messages("requirements/dev.in", "a==1\nb==1\n", "b==1\na==1\n# c\n")).toEqual([]);
  });

  it("are found in every place of pyproject.toml", async () => {
    const before = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["requests>=2"]\n';
    const after = [
      "[project]",
      'name = "shop"',
      'version = "2"',
      "dependencies = [",
      '  "requests>=3", # c',
      "]",
      "[project.optional-dependencies]",
      'web = ["flask==1"]',
      "[dependency-groups]",
      'dev = ["pytest", {include-group = "web"}]',
      "[build-system]",
      'requires = ["hatchling"]',
      "[tool.poetry.group.test.dependencies]",
      'mock = { version = "^1", extras = ["x"] }',
      "[tool.hatch.envs.docs]",
      'dependencies = ["mkdocs"]',
      "",
    ].join("\n");
    expect(await messages("pyproject.toml", before, after)).toEqual([
      '"project > dependencies > requests" changes from ">=2" to ">=3".',
      '"project > optional-dependencies > web > flask" is added: "==1".',
      '"dependency-groups > dev > pytest" is added: "any version".',
      '"dependency-groups > dev > include-group" is added: "web".',
      '"build-system > requires > hatchling" is added: "any version".',
      '"tool > hatch > envs > docs > dependencies > mkdocs" is added: "any version".',
      '"tool > poetry > group > test > dependencies > mock > version" is added: "^1".',
      '"tool > poetry > group > test > dependencies > mock > extras" is added: "x".',
    ]);
    expect(await messages("Pipfile", '[packages]\na = "*"\n', '[packages]\na = "==1"\n')).toEqual([
      '"packages > a" changes from "*" to "==1".',
    ]);
  });

  it.each([
    ["pyproject.toml", '[project]\ndependencies = ["a @ https://evil.example/a.whl"]\n'],
    ["pyproject.toml", '[project]\ndependencies = [\n"a[x]@git+https://evil.example/a"]\n'],
    ["pyproject.toml", '[dependency-groups]\ndev = ["a @ file:///tmp/a"]\n'],
    ["pyproject.toml", '[tool.poetry.dependencies]\na = { "git" = "https://evil.example/a" }\n'],
    ["pyproject.toml", "[tool.poetry.dependencies.a]\n'git' = '''https://evil.example/a'''\n"],
    ["pyproject.toml", '[tool.poetry.dependencies]\na = {"\\u0067it" = "https://evil.example/a"}\n'],
    ["pyproject.toml", '[tool.poetry.dependencies]\na = { url = "https://evil.example/a.whl" }\n'],
    ["pyproject.toml", '[tool.poetry.dependencies]\na = { path = "../../a" }\n'],
    ["pyproject.toml", '[tool.uv.sources]\na = { path = "/opt/a" }\n'],
    ["pyproject.toml", '[[ tool.uv."index" ]]\nurl = "https://evil.example/simple"\n'],
    ["pyproject.toml", '[[tool.poetry.source]]\nname = "x"\nurl = "https://evil.example"\n'],
    ["Pipfile", '[[source]]\nurl = "https://evil.example/simple"\n'],
    ["Pipfile", '[packages]\na = {file = "https://evil.example/a.zip"}\n'],
    ["requirements.txt", "a[x] @ git+ssh://evil.example/a\n"],
    ["requirements.txt", "a \\\n  @ https://evil.example/a.whl\n"],
    ["requirements.txt", "--index-url=https://evil.example\n"],
    ["requirements.txt", "./wheels/a.whl\n"],
    ["requirements.txt", "a.tar.gz\n"],
    ["constraints.txt", "https://evil.example/a.zip\n"],
  ])("finds in %s a source that is no registry: %j", async (path, text) => {
    const [first] = await sources(path, "\n", text);
    expect(first).toMatchObject({ severity: "block", path });
    expect((await found("dependency-sources", created(path, text))).length).toBeGreaterThan(0);
    expect(await sources(path, text, `# c\n${text}`)).toEqual([]);
  });

  it.each([
    [
      "pyproject.toml",
      '[project]\ndependencies = ["a>=1"]\n[project.urls]\nRepository = "https://github.com/acme/a"\n',
    ],
    ["pyproject.toml", '[tool.poetry.dependencies]\na = { path = "libs/a" }\n'],
    ["pyproject.toml", "[tool.ruff]\nline-length = 100\n"],
    ["requirements.txt", "a==1 --hash=sha256:00\n-r base.txt\n"],
  ])("leaves in %s alone: %j", async (path, text) => {
    expect(await sources(path, "\n", text)).toEqual([]);
  });

  it.each([
    ["a builder of its own", '[build-system]\nbuild-backend = "backend"\nbackend-path = ["."]\n'],
    ["poetry's script", '[tool.poetry.build]\nscript = "build.py"\n'],
    ["PDM's signals", '[tool.pdm.scripts]\npost_install = "sh x.sh"\n'],
    ["PDM's signals as a table", '[tool.pdm.scripts.pre_lock]\nshell = "sh x.sh"\n'],
    ["hatch's hooks", '[tool.hatch.build.hooks.custom]\npath = "hook.py"\n'],
    ["pdm's hooks", '[tool.pdm.build]\ncustom-hook = "hook.py"\n'],
  ])("finds what runs at installation: %s", async (_, text) => {
    expect((await installs("pyproject.toml", "\n", text)).length).toBeGreaterThan(0);
    expect(await installs("pyproject.toml", text, "\n")).toEqual([]);
  });

  it("knows the builders that everybody uses, and a new setup.py", async () => {
    expect(await installs("pyproject.toml", "\n", '[build-system]\nbuild-backend = "hatchling.build"\n')).toEqual([]);
    expect(await installs("pyproject.toml", "\n", '[tool.pdm.scripts]\nlint = "ruff check"\n')).toEqual([]);
    expect(await installs("pyproject.toml", "\n", '[tool.hatch.build.targets.wheel]\npackages = ["src/a"]\n')).toEqual(
      [],
    );
    expect(await found("install-scripts", created("setup.py"))).toHaveLength(1);
    expect(await found("install-scripts", changed("setup.py", "a\n", "b\n"))).toEqual([]);
    expect(await found("install-scripts", renamed("x.py", "lib/sitecustomize.py"))).toHaveLength(1);
  });
});

describe("dependencies of Rust", () => {
  const before = '[package]\nname = "a"\nversion = "1.0.0"\n[dependencies]\nserde = "1"\nold = "1"\n';

  it("are named with old and new", async () => {
    const after = `${before.replace('serde = "1"', 'serde = { version = "2", features = ["derive"] }').replace('old = "1"\n', "")}[target.'cfg(unix)'.dev-dependencies]\nnix = "0.2"\n[workspace.dependencies]\n"w" = "3"\n`;
    expect(await messages("Cargo.toml", before, after)).toEqual([
      '"dependencies > serde" is removed; it was "1".',
      '"dependencies > old" is removed; it was "1".',
      '"dependencies > serde > version" is added: "2".',
      '"dependencies > serde > features" is added: "derive".',
      '"workspace > dependencies > w" is added: "3".',
      `"target > cfg(unix) > dev-dependencies > nix" is added: "0.2".`,
    ]);
    expect(await messages("Cargo.toml", before, before.replace("1.0.0", "1.1.0"))).toEqual([]);
  });

  it.each([
    '[dependencies]\na = { git = "https://evil.example/a" }\n',
    "[dependencies.a]\n\"git\" = 'https://evil.example/a'\n",
    '[dependencies]\na.git = "https://evil.example/a"\n',
    '[dependencies]\na = { version = "1", registry = "evil" }\n',
    '[dependencies]\na = { path = "../a" }\n',
    "[build-dependencies]\na = { path = '/opt/a' }\n",
    '[patch.crates-io]\na = { path = "x", git = "https://evil.example/a" }\n',
  ])("finds sources that are no registry: %j", async (text) => {
    expect((await sources("Cargo.toml", "\n", text)).length).toBeGreaterThan(0);
  });

  it("lets a workspace name its own folders", async () => {
    expect(await sources("crates/a/Cargo.toml", "\n", '[dependencies]\nb = { path = "../b" }\n')).toEqual([]);
    expect(await sources("crates/a/Cargo.toml", "\n", '[dependencies]\nb = { path = "../../../b" }\n')).toHaveLength(1);
  });

  it("finds what runs when it is built", async () => {
    expect(
      await installs("Cargo.toml", before, before.replace('version = "1.0.0"', 'version = "1.0.0"\nbuild = "x.rs"')),
    ).toMatchObject([{ line: 4 }]);
    expect(await installs("Cargo.toml", before, `${before}[lib]\nproc-macro = true\n`)).toHaveLength(1);
    expect(await found("install-scripts", created("build.rs"))).toHaveLength(1);
    expect(await installs("Cargo.toml", before, before.replace('"1.0.0"', '"1.0.0"\nbuild = false'))).toEqual([]);
  });
});

describe("dependencies of Go", () => {
  const before =
    "module example.com/a\n\ngo 1.22\n\nrequire (\n\tgolang.org/x/net v0.1.0\n\told.example/x v1.0.0 // indirect\n)\n";

  it("are named with old and new", async () => {
    const after = before
      .replace("v0.1.0", "v0.2.0")
      .replace("\told.example/x v1.0.0 // indirect\n", "")
      .replace("go 1.22", "go 1.23\ntoolchain go1.23.1");
    expect(await messages("go.mod", before, `${after}require new.example/y v0.0.0-2026\n`)).toEqual([
      '"go" changes from "1.22" to "1.23".',
      '"require > golang.org/x/net" changes from "v0.1.0" to "v0.2.0".',
      '"require > old.example/x" is removed; it was "v1.0.0".',
      '"toolchain" is added: "go1.23.1".',
      '"require > new.example/y" is added: "v0.0.0-2026".',
    ]);
    expect(await messages("go.mod", before, before.replace(" // indirect", ""))).toEqual([]);
  });

  it("are replaced only by a person", async () => {
    const after = `${before}replace (\n\ta.example/a v1.0.0 => ../a\n)\n`;
    expect(await sources("go.mod", before, after)).toMatchObject([{ line: 10 }, { line: 9 }]);
    expect(await sources("go.mod", before, `${before}replace a => b v1.0.0\n`)).toHaveLength(1);
  });

  it("are not guessed where the file is not understood", async () => {
    expect(await messages("go.mod", before, `${before}sorcery (\n`)).toEqual([
      "The whole file is not known, and some changed lines cannot be read by themselves.",
    ]);
  });
});

describe("dependencies of Ruby and PHP", () => {
  it("are named in Gemfiles, which are programs", async () => {
    expect(await messages("Gemfile", 'gem "rails", "~> 7.0"\n', 'gem "rails", "~> 8.0" # c\ngem("puma")\n')).toEqual([
      `"rails" changes from "\\"~> 7.0\\"" to "\\"~> 8.0\\"".`,
      '"puma" is added: "any version".',
    ]);
    expect(await messages("Gemfile", "\n", "%w[evil].each { |name| gem name }\n")).toEqual([
      "This file is a program, which may name more than the lines that are read here.",
    ]);
    expect(await messages("a.gemspec", "\n", '  spec.add_runtime_dependency "evil", ">= 1"\n')).toEqual([
      `"evil" is added: "\\">= 1\\"".`,
    ]);
  });

  it.each([
    ["Gemfile", 'gem "a", path: "../a"\n'],
    ["Gemfile", 'gem "a", :git => "https://evil.example/a"\n'],
    ["Gemfile", 'git "https://evil.example/a" do\n'],
    ["Gemfile", "source 'https://evil.example'\n"],
    ["composer.json", '{\n "repositories": [{"type": "vcs", "url": "https://evil.example"}]\n}\n'],
  ])("finds in %s a source that is no registry: %j", async (path, text) => {
    expect((await sources(path, "\n", text)).length).toBeGreaterThan(0);
    expect((await partly("dependency-sources", path, "\n", text)).length).toBeGreaterThan(0);
  });

  it("are named in composer.json, with what runs at installation", async () => {
    const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
    const before = json({ require: { "acme/a": "^1.0" } });
    expect(
      await messages(
        "composer.json",
        before,
        json({ require: { "acme/a": "^2.0" }, "require-dev": { "acme/b": "*" } }),
      ),
    ).toEqual(['"require > acme/a" changes from "^1.0" to "^2.0".', '"require-dev > acme/b" is added: "*".']);
    expect(
      await installs("composer.json", before, json({ scripts: { "post-install-cmd": ["php x.php"] } })),
    ).toHaveLength(1);
    expect(
      await installs("composer.json", before, json({ config: { "allow-plugins": { "evil/x": true } } })),
    ).toHaveLength(1);
    expect(await installs("composer.json", before, json({ scripts: { test: "phpunit" } }))).toEqual([]);
    expect(
      await found("build-scripts", changed("composer.json", before, json({ scripts: { test: "phpunit" } }))),
    ).toHaveLength(1);
  });
});

describe("changed lines by themselves", () => {
  it.each([
    ["requirements.txt", "a==1\n", "a==2\n", '"a" changes from "==1" to "==2".'],
    [
      "go.mod",
      "\ta.example/a v1.0.0\n",
      "\ta.example/a v1.1.0\n",
      '"require > a.example/a" changes from "v1.0.0" to "v1.1.0".',
    ],
    ["Cargo.toml", 'a = "1"\n', 'a = "2"\n', '"a" changes from "1" to "2".'],
    ["pyproject.toml", '  "a>=1",\n', '  "a>=2",\n', '"a" changes from ">=1" to ">=2".'],
    ["Gemfile", 'gem "a", "1"\n', 'gem "a", "2"\n', `"a" changes from "\\"1\\"" to "\\"2\\"".`],
    ["composer.json", '"acme/a": "1",\n', '"acme/a": "2",\n', '"acme/a" changes from "1" to "2".'],
  ])("name what they can: %s", async (path, before, after, message) => {
    expect((await partly("dependency-changes", path, before, after)).map((one) => one.message)).toEqual([message]);
  });

  it("say where they cannot", async () => {
    const all = await partly("dependency-changes", "package.json", "{\n}\n", '{\n "a":\n "1.0.0"\n}\n');
    expect(all.map(({ message }) => message)).toEqual([
      "The whole file is not known, and some changed lines cannot be read by themselves.",
    ]);
  });

  it.each([
    ["package.json", '"postinstall": "x"\n'],
    ["package.json", '"trustedDependencies": ["evil"]\n'],
    ["composer.json", '"post-install-cmd": [\n'],
    ["composer.json", '"allow-plugins": true\n'],
    ["Cargo.toml", 'build = { x = "y" }\n'],
    ["pyproject.toml", 'backend-path = { x = "." }\n'],
    ["a.podspec", "s.prepare_command = <<-CMD\n"],
    ["a.gemspec", 's.extensions = ["ext/extconf.rb"]\n'],
  ])("show what runs at installation: %s %j", async (path, line) => {
    expect((await partly("install-scripts", path, "\n", line)).length).toBeGreaterThan(0);
  });
});

describe("changed lines that only look like it", () => {
  it.each([
    ["install-scripts", "Cargo.toml", 'serde = "1"\n'],
    ["install-scripts", "pyproject.toml", 'name = { x = "y" }\n'],
    ["install-scripts", "package.json", '"install-size": "x"\n'],
    ["dependency-sources", "package.json", '"homepage": "https://example.com"\n'],
    ["build-scripts", "composer.json", '"name": "acme/a"\n'],
    ["build-scripts", "package.json", '"name": "a"\n'],
  ] as const)("are left alone by %s: %s %j", async (rule, path, line) => {
    expect(await partly(rule, path, "\n", line)).toEqual([]);
  });
});

describe("a file that becomes a manifest by its name", () => {
  const json = JSON.stringify({ scripts: { postinstall: "x" }, dependencies: { a: "evil/a" } }, null, 2);

  it("is read as a new one", async () => {
    expect(await found("install-scripts", renamed("notes.json", "package.json", json))).toMatchObject([{ line: 3 }]);
    expect(await found("dependency-sources", renamed("notes.json", "package.json", json))).toMatchObject([{ line: 6 }]);
    expect(await found("dependency-changes", renamed("notes.json", "package.json", json))).toHaveLength(1);
    expect(await found("install-scripts", renamed("package.json", "web/package.json", json))).toEqual([]);
  });

  it("is refused where a diff does not show what is in it", async () => {
    const [file] = proposalOf([renamed("notes.json", "package.json", json)]).files;
    if (file === undefined) throw new Error("no file");
    const unseen = { base: null, files: [{ ...file, before: null, after: null }] };
    expect(await foundIn("install-scripts", unseen)).not.toEqual([]);
    expect(await foundIn("dependency-sources", unseen)).toHaveLength(1);
    expect(await foundIn("dependency-changes", unseen)).toHaveLength(1);
  });
});
