import { describe, expect, it } from "vitest";
import {
  dependencyFragments,
  isForeign,
  permissionFragments,
  readDependencies,
  readPermissions,
  readScripts,
  sourceFragments,
} from "../../../src/policy/manifests/package-json.ts";

const shown = (found: ReadonlyMap<string, string> | null) => (found === null ? null : Object.fromEntries(found));
const json = (value: object): string => JSON.stringify(value);

describe("readDependencies", () => {
  it.each([
    [{ name: "a", version: "1" }, {}],
    [
      { dependencies: { a: "1" }, devDependencies: { b: "2" } },
      { "dependencies > a": "1", "devDependencies > b": "2" },
    ],
    [{ overrides: { a: { ".": "1", b: "2" } } }, { "overrides > a > .": "1", "overrides > a > b": "2" }],
    [{ packageManager: "npm@11" }, { packageManager: "npm@11" }],
    [
      { workspaces: { catalog: { a: "1" }, catalogs: { x: { b: "2" } }, packages: ["c"] } },
      { "workspaces > catalog > a": "1", "workspaces > catalogs > x > b": "2" },
    ],
    [{ workspaces: ["a"] }, {}],
    [{ publishConfig: { registry: "https://registry.npmjs.org/" } }, {}],
    [{ publishConfig: { registry: "https://registry.yarnpkg.com", access: "public" } }, {}],
    [
      { publishConfig: { registry: "https://evil.example", "@a:registry": "https://b.example", myregistry: "c" } },
      { "publishConfig > registry": "https://evil.example", "publishConfig > @a:registry": "https://b.example" },
    ],
    [
      { publishConfig: { registry: "https://registry.npmjs.org.evil.example" } },
      { "publishConfig > registry": "https://registry.npmjs.org.evil.example" },
    ],
  ])("%j", (value, expected) => {
    expect(shown(readDependencies(json(value)))).toEqual(expected);
  });
});

describe("readScripts and readPermissions", () => {
  it("name each by its place", () => {
    expect(shown(readScripts(json({ scripts: { test: "a" }, name: "b" })))).toEqual({ "scripts > test": "a" });
    expect(shown(readScripts("{}"))).toEqual({});
  });

  it.each([
    [{}, {}],
    [{ trustedDependencies: ["a", "b"] }, { trustedDependencies: "=a =b" }],
    [{ trustedDependencies: [] }, {}],
    [{ pnpm: { onlyBuiltDependencies: [], overrides: { a: "1" } } }, {}],
    [{ pnpm: { allowBuilds: { a: true, b: false } } }, { "pnpm.allowBuilds": "a=true b=false" }],
    [{ gypfile: true }, { gypfile: "true" }],
    [{ husky: {} }, { husky: "" }],
    [{ "simple-git-hooks": { "pre-commit": "a" } }, { "simple-git-hooks": "pre-commit=a" }],
    [{ allowScripts: "" }, { allowScripts: "" }],
  ])("permissions: %j", (value, expected) => {
    expect(shown(readPermissions(json(value)))).toEqual(expected);
  });

  it("are unknown where the file cannot be read", () => {
    expect(readDependencies("{ broken")).toBeNull();
    expect(readScripts("{ broken")).toBeNull();
    expect(readPermissions("{ broken")).toBeNull();
  });
});

describe("fragments of package.json", () => {
  it.each([
    ['"trustedDependencies": ["a"],', { trustedDependencies: '["a"],' }],
    ['"husky"  :  {  ', { husky: "{" }],
    ['"name": "a"', {}],
    ["", {}],
  ])("%j lets scripts run", (line, expected) => {
    expect(shown(permissionFragments([line]))).toEqual(expected);
  });

  it.each([
    ['"a": "^1.0.0"', { a: "^1.0.0" }],
    ['"a": "latest"', { a: "latest" }],
    ['"a": "*"', { a: "*" }],
    ['"a": "acme/a"', { a: "acme/a" }],
    ['"a": "npm:b@1"', { a: "npm:b@1" }],
    ['"version": "1.0.0"', {}],
    ['"node": ">=20"', {}],
    ['"a": "words of a sentence"', {}],
  ])("%j is a dependency, or none", (line, expected) => {
    expect(shown(dependencyFragments([line]))).toEqual(expected);
  });

  it.each([
    ['"a": "git+ssh://x/a"', { a: "git+ssh://x/a" }],
    ['"a": "https://x/a.tgz"', { a: "https://x/a.tgz" }],
    ['"homepage": "https://x"', {}],
    ['"registry": "https://x"', { registry: "https://x" }],
    ['"registry": "http://x"', { registry: "http://x" }],
    ['"registry": "see https://x"', {}],
    ['"registry": "https://registry.npmjs.org/"', {}],
    ['"a": "acme/a"', {}],
  ])("%j is a source, or none", (line, expected) => {
    expect(shown(sourceFragments([line]))).toEqual(expected);
  });
});

describe("isForeign", () => {
  it("looks into patches, however deep", () => {
    expect(isForeign("patch:a@patch%3Aa%40evil/a#x")).toBe(true);
    expect(isForeign("patch:a@npm%3A1.0.0#x")).toBe(false);
  });
});
