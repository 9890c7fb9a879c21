import { describe, expect, it } from "vitest";
import {
  isForeignCargoKey,
  isTomlLine,
  readCargo,
  readCargoBuild,
  tomlFragments,
} from "../../../src/policy/manifests/cargo.ts";

const shown = (found: ReadonlyMap<string, string> | null) => (found === null ? null : Object.fromEntries(found));

describe("readCargo", () => {
  it.each([
    ["", {}],
    ["= broken", null],
    ["target = 'x'\n", {}],
    ["[dependencies]\na = '1'\n", { "dependencies > a": "1" }],
    [
      "[dev-dependencies]\na = '1'\n[dev_dependencies]\na = '2'\n",
      {
        "dev-dependencies > a": "1",
        "dev_dependencies > a": "2",
      },
    ],
    [
      "[build-dependencies]\na = '1'\n[build_dependencies]\na = '2'\n",
      {
        "build-dependencies > a": "1",
        "build_dependencies > a": "2",
      },
    ],
    ["[workspace.dependencies]\na = '1'\n", { "workspace > dependencies > a": "1" }],
    ["[target.'cfg(unix)'.dependencies]\na = '1'\n", { "target > cfg(unix) > dependencies > a": "1" }],
    ["[patch.crates-io]\na = { path = 'x' }\n", { "patch > crates-io > a > path": "x" }],
    ["[replace]\n'a:1.0.0' = { git = 'x' }\n", { "replace > a:1.0.0 > git": "x" }],
    ["[package]\nname = 'a'\n", {}],
  ])("%j", (text, expected) => {
    expect(shown(readCargo(text))).toEqual(expected);
  });
});

describe("readCargoBuild", () => {
  it.each([
    ["= broken", null],
    ["[package]\nname = 'a'\n", {}],
    ["[package]\nbuild = 'x.rs'\nlinks = 'z'\n", { "package > build": "x.rs", "package > links": "z" }],
    ["[package]\nbuild = false\n", {}],
    ["[lib]\nproc-macro = true\n", { "lib > proc-macro": "true" }],
    ["[lib]\nproc_macro = true\n", { "lib > proc_macro": "true" }],
    ["[lib]\nname = 'a'\n", {}],
  ])("%j", (text, expected) => {
    expect(shown(readCargoBuild(text))).toEqual(expected);
  });
});

describe("isForeignCargoKey", () => {
  it.each(["git", "registry", "registry-index", "branch", "tag", "rev"])("%s leaves the registry", (key) => {
    expect(isForeignCargoKey(key)).toBe(true);
    expect(isForeignCargoKey(`${key}s`)).toBe(false);
    expect(isForeignCargoKey(`x${key}`)).toBe(false);
  });
});

describe("tomlFragments", () => {
  it.each([
    ['a = "1"', { a: "1" }],
    ["\ta = '^1.2'  ", { a: "^1.2" }],
    ['"a b" = "1"', { ab: "1" }],
    ['dependencies.a.version = ">= 1"', {}],
    ['dependencies.a = "*"', { a: "*" }],
    ['a.git = "https://example.com"', { git: "https://example.com" }],
    ['a = { git = "x" }', { a: '{ git = "x" }' }],
    ['a = "text"', {}],
    ["git = true", {}],
    ['version = "1"', {}],
    ['edition = "2021"', {}],
    ['rust-version = "1.80"', {}],
    ['python = "3"', {}],
    ['a(b) = "1"', {}],
    ['. = "1"', {}],
    ['" = "1"', {}],
    [" = '1'", {}],
    ["a", {}],
    ["", {}],
    ["[dependencies]", {}],
  ])("%j", (line, expected) => {
    expect(shown(tomlFragments([line]))).toEqual(expected);
  });
});

describe("isTomlLine", () => {
  it.each([
    "",
    "# why",
    "[a.b]",
    "[[a]]",
    'a = "1" # why',
    "  a = '1'  ",
    "a = true",
    "a = { b = 1 }",
    "a = [1]",
    '"a",',
    "]",
    "],",
  ])("understands %j", (line) => {
    expect(isTomlLine(line)).toBe(true);
  });

  it.each(["a =", 'a = "1', "a = [", "a = {", "a b", "x [a]", '"""'])("does not understand %j", (line) => {
    expect(isTomlLine(line)).toBe(false);
  });
});
