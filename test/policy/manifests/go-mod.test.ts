import { describe, expect, it } from "vitest";
import { goModFragments, isGoModLine, readGoMod } from "../../../src/policy/manifests/go-mod.ts";

const read = (text: string) => {
  const found = readGoMod(text);
  return found === null ? null : Object.fromEntries(found);
};

describe("readGoMod", () => {
  it.each([
    ["", {}],
    ["\n\n", {}],
    ["module example.com/a\n", {}],
    ["godebug default=go1.21\n", {}],
    ["go 1.22\ntoolchain go1.22.1\n", { go: "1.22", toolchain: "go1.22.1" }],
    ["require a.example/a v1.0.0 // indirect\n", { "require > a.example/a": "v1.0.0" }],
    ['require "a.example/a"   `v1.0.0`\n', { "require > a.example/a": "v1.0.0" }],
    [
      "require(\n\ta v1.0.0\n\tb   v2.0.0\n)\nexclude c v3.0.0\n",
      { "require > a": "v1.0.0", "require > b": "v2.0.0", "exclude > c": "v3.0.0" },
    ],
    ["exclude (\n\ta v1.0.0\n)\n", { "exclude > a": "v1.0.0" }],
    ["require (a v1.0.0)\ngo 1.22\n", { "require > a": "v1.0.0", go: "1.22" }],
    ["require ( a v1.0.0\nb v1.0.0 )\n)\n", { "require > a": "v1.0.0", "require > b": "v1.0.0 )" }],
    ["require ()\ngo 1.22\n", { go: "1.22" }],
    ["require (\n\n)\ngo 1.22\n", { go: "1.22" }],
    ["require\n", {}],
    ["replace a   v1.0.0  =>   ../b\n", { "replace > a v1.0.0": "../b" }],
    ["replace (\n\ta => b v1.0.0\n)\n", { "replace > a": "b v1.0.0" }],
    ["replace a\n", { "replace > a": "" }],
    ["retract [v1.0.0, v1.1.0]\n", { retract: "[v1.0.0, v1.1.0]" }],
    ["tool a.example/a\nuse ./x\n", { tool: "a.example/a", use: "./x" }],
    ["use ( ./x )\nuse ./y\n", { use: "./x, ./y" }],
  ])("reads %j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(["sorcery\n", "a v1.0.0\n", "a => b\n", "require (\n\ta v1.0.0\n", "go 1.22\n}\n"])("refuses %j", (text) => {
    expect(read(text)).toBeNull();
  });
});

describe("goModFragments", () => {
  it("takes lines for what they look like", () => {
    const lines = ["\ta v1.0.0", "\tb => c v2.0.0", "go 1.22", "d e", "f xv1.0.0", "g", ")"];
    expect(Object.fromEntries(goModFragments(lines))).toEqual({
      "require > a": "v1.0.0",
      "replace > b": "c v2.0.0",
      go: "1.22",
    });
  });
});

describe("isGoModLine", () => {
  it.each([
    "",
    "go 1.22",
    ")",
    "// c",
    "module a",
    "a v1.0.0",
    "a => b",
    "require (",
    "require(",
    "  require  (  ",
    "replace (",
    "exclude (",
    "retract (",
    "tool (",
    "use (",
  ])("understands %j", (line) => {
    expect(isGoModLine(line)).toBe(true);
  });

  it.each(["sorcery", "sorcery (", "xrequire (", "x require (", "require ( // c", "go ("])(
    "does not understand %j",
    (line) => {
      expect(isGoModLine(line)).toBe(false);
    },
  );
});
