// What people read of a finding, word by word, where the test of its rule looks at other things.
import { expect, it } from "vitest";
import type { FileChange } from "../../src/patches/patch-set.ts";
import type { BaseTree } from "../../src/policy/proposal.ts";
import { proposalOf } from "../../src/policy/proposal.ts";
import type { RuleName } from "../../src/policy/rules.ts";
import { fileChange } from "../patches/file-changes.ts";
import { changed, created, deleted, found, foundIn, renamed, tree } from "./found.ts";

const said = (all: readonly { path: string | null; line: number | null; message: string }[]) =>
  all.map(({ path, line, message }) => `${path}:${line} ${message}`);
const json = (value: object) => `${JSON.stringify(value)}\n`;
const key = ["AKIA", "QWERTYUIOPASDFGH"].join("");

type Row = readonly [RuleName, readonly FileChange[], readonly string[], BaseTree?];
const ROWS: readonly Row[] = [
  ["new-executable", [fileChange("a", { after: "x\n", newMode: "100755" })], ["a:null The file becomes executable."]],
  ["file-kind", [created("a", "x\0\n")], ["a:1 The file is binary; a reviewer cannot read it."]],
  ["file-kind", [created("a", "x\ud800\n")], ["a:1 The text is not valid UTF-8."]],
  ["secrets", [created("a", `x\n${key}\n`)], ["a:2 The line holds an AWS access key id."]],
  ["test-removal", [deleted("a.test.ts")], ["a.test.ts:null A test file would be deleted."]],
  [
    "test-removal",
    [renamed("a.test.ts", "a.txt")],
    ["a.txt:null A test file would be renamed so that it is none any more."],
  ],
  [
    "test-removal",
    [created("a.test.ts", "/* x\n")],
    ["a.test.ts:1 Here a comment begins that has no end on its line."],
  ],
  ["test-removal", [created("a.test.ts", "x\nit.skip('a')\n")], ["a.test.ts:2 A test would be skipped."]],
  [
    "symlinked-parent",
    [created("out/x"), created("in/x"), renamed("out/y", "in/y")],
    [
      "out/x:null The path goes through a symbolic link or a submodule.",
      "out/y:null The path goes through a symbolic link or a submodule.",
    ],
    tree(["in/z"], { out: "120000" }),
  ],
  [
    "dependency-sources",
    [created("package.json", json({ dependencies: { a: "evil/a" } }))],
    ['package.json:1 "dependencies > a" would not come from a registry but from "evil/a".'],
  ],
  [
    "dependency-sources",
    [created("x/Package.swift", ".package(url: x)\n")],
    ['x/Package.swift:1 In "Package.swift", this line names a source that is not the registry.'],
  ],
  [
    "dependency-sources",
    [changed("package.json", json({ dependencies: { a: "evil/a" } }), json({ dependencies: {} }))],
    [],
  ],
  [
    "install-scripts",
    [created("package.json", json({ scripts: { postinstall: "x" }, gypfile: true }))],
    [
      'package.json:1 The script "scripts > postinstall" would run at installation.',
      'package.json:1 "gypfile" lets packages run scripts.',
    ],
  ],
  [
    "install-scripts",
    [created("Cargo.toml", '[package]\nbuild = "x.rs"\n')],
    ['Cargo.toml:2 "package > build" names a program that runs when this package is built or installed.'],
  ],
  ["install-scripts", [created("build.rs")], ["build.rs:null With this file, Cargo runs a program before it builds."]],
  [
    "lock-foreign-host",
    [created("flake.lock", '"url": "https://evil.example/a"\n')],
    ['flake.lock:1 Packages would come from "evil.example", which nothing here used before.'],
  ],
  [
    "lock-foreign-host",
    [changed("flake.lock", '"url": "https://a:99999/"\n', '"url": "https://b:99999/"\n')],
    ["flake.lock:1 Packages would come from an address that cannot be read, which nothing here used before."],
  ],
  [
    "git-config",
    [created("x/HEAD"), created("x/refs/a"), created("x/config")],
    ["x/HEAD", "x/refs/a", "x/config"].map(
      (path) => `${path}:null The folder around this file would be a repository to git.`,
    ),
  ],
  ["git-config", [created("x/HEAD"), created("y")], []],
  [
    "lock-without-manifest",
    [changed("yarn.lock", "a\n", "b\n")],
    ["yarn.lock:null The lock file changes, its manifest does not."],
  ],
];

const CASES = ROWS.map(([rule, changes, messages, base]) => ({ rule, changes, messages, base: base ?? null }));

it.each(CASES)("$rule says $messages", async ({ rule, changes, messages, base }) => {
  expect(said(await found(rule, [...changes], {}, base))).toEqual(messages);
});

it("mass-deletion says how much is lost", async () => {
  const two = [deleted("a"), deleted("b")];
  expect(said(await found("mass-deletion", two, { max_deleted_files: 1, max_deleted_lines: 1 }))).toEqual([
    "null:null 2 files would be deleted, 1 may be.",
    "null:null 2 lines would be lost, 1 may be.",
  ]);
});

it("what a diff does not show is said to be unseen", async () => {
  const unseen = async (rule: RuleName, path: string) => {
    const files = proposalOf([renamed("notes", path, "x\n")]).files.map((file) => ({
      ...file,
      before: null,
      after: null,
    }));
    return said(await foundIn(rule, { base: null, files }));
  };
  expect(await unseen("dependency-sources", "Cargo.toml")).toEqual([
    "Cargo.toml:null This manifest comes from elsewhere, and the diff does not show what is in it.",
  ]);
  expect(await unseen("install-scripts", "Cargo.toml")).toEqual([
    "Cargo.toml:null This manifest comes from elsewhere, and the diff does not show what it runs at installation.",
  ]);
  expect(await unseen("lock-foreign-host", "Cargo.lock")).toEqual([
    "Cargo.lock:null This lock file comes from elsewhere, and the diff does not show what is in it.",
  ]);
});
