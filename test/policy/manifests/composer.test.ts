import { describe, expect, it } from "vitest";
import {
  composerFragments,
  composerInstallFragments,
  readComposer,
  readComposerInstall,
  readComposerScripts,
} from "../../../src/policy/manifests/composer.ts";

const shown = (found: ReadonlyMap<string, string> | null) => (found === null ? null : Object.fromEntries(found));

describe("readComposer", () => {
  it("names packages, where they come from and what makes that unsafe", () => {
    const json = {
      require: { "a/a": "1" },
      "require-dev": { "a/b": "2" },
      replace: { "a/c": "3" },
      provide: { "a/d": "4" },
      conflict: { "a/e": "5" },
      repositories: [{ type: "vcs", url: "u" }],
      "minimum-stability": "dev",
      config: { "secure-http": false, "disable-tls": true, cafile: "f", capath: "p", sorted: true },
      name: "a/f",
    };
    expect(shown(readComposer(JSON.stringify(json)))).toEqual({
      "require > a/a": "1",
      "require-dev > a/b": "2",
      "replace > a/c": "3",
      "provide > a/d": "4",
      "conflict > a/e": "5",
      "repositories > type": "vcs",
      "repositories > url": "u",
      "minimum-stability": "dev",
      "config > secure-http": "false",
      "config > disable-tls": "true",
      "config > cafile": "f",
      "config > capath": "p",
    });
    expect(readComposer("{ broken")).toBeNull();
  });
});

describe("what composer runs", () => {
  const json = JSON.stringify({
    scripts: {
      "post-install-cmd": ["a", "b"],
      "pre-autoload-dump": "c",
      init: "d",
      command: "e",
      test: "f",
      initial: "g",
    },
    config: { "allow-plugins": { "a/a": true, "a/b": false } },
    extra: { class: "A\\Plugin" },
  });

  it("is told apart: by hand, and at installation", () => {
    expect(shown(readComposerScripts(json))).toEqual({ "scripts > test": "f", "scripts > initial": "g" });
    expect(shown(readComposerInstall(json))).toEqual({
      "scripts > post-install-cmd": "a, b",
      "scripts > pre-autoload-dump": "c",
      "scripts > init": "d",
      "scripts > command": "e",
      "config > allow-plugins > a/a": "true",
      "extra > class": "A\\Plugin",
    });
  });

  it("is nothing where nothing is said, and unknown where the file cannot be read", () => {
    expect(shown(readComposerScripts("{}"))).toEqual({});
    expect(shown(readComposerInstall("{}"))).toEqual({});
    expect(shown(readComposerScripts('{"scripts":"a"}'))).toEqual({ scripts: "a" });
    expect(shown(readComposerInstall('{"scripts":"a"}'))).toEqual({});
    expect(readComposerScripts("{ broken")).toBeNull();
    expect(readComposerInstall("{ broken")).toBeNull();
  });
});

describe("fragments of composer.json", () => {
  it.each([
    ['"a/b-c.d": "^1"', { "a/b-c.d": "^1" }],
    ['"php": ">=8"', { php: ">=8" }],
    ['"ext-json": "*"', { "ext-json": "*" }],
    ['"lib-curl": "*"', { "lib-curl": "*" }],
    ['"a/b": ""', {}],
    ['"name": "a/b"', {}],
    ['"a/b/c": "1"', {}],
    ['"/a/b": "1"', {}],
    ['"xext-json": "*"', {}],
    ['"php-x": "1"', {}],
    ['"ext-": "1"', {}],
  ])("%j", (line, expected) => {
    expect(shown(composerFragments([line]))).toEqual(expected);
  });

  it.each([
    ['"post-install-cmd": "a"', { "post-install-cmd": "a" }],
    ['"test": "a"', {}],
    ['"allow-plugins": true', { "allow-plugins": '"allow-plugins": true' }],
    ['"allow-plugins"  : {', { "allow-plugins": '"allow-plugins"  : {' }],
    ['"post-install-cmd": [', { "post-install-cmd": '"post-install-cmd": [' }],
    ['"post-install-cmd"  :  [', { "post-install-cmd": '"post-install-cmd"  :  [' }],
    ['"post-install-cmd":[', { "post-install-cmd": '"post-install-cmd":[' }],
    ['"keywords": [', {}],
    ['"a": 1', {}],
  ])("%j at installation", (line, expected) => {
    expect(shown(composerInstallFragments([line]))).toEqual(expected);
  });
});
