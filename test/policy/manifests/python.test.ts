import { describe, expect, it } from "vitest";
import { isForeignPython, pythonFragments, readPython, readPythonBuild } from "../../../src/policy/manifests/python.ts";

const shown = (found: ReadonlyMap<string, string> | null) => (found === null ? null : Object.fromEntries(found));

describe("readPython", () => {
  it.each([
    ["= broken", null],
    ["", {}],
    ["project = 'a'\n", {}],
    ["[project]\ndependencies = 'Requests>=2'\n", { "project > dependencies > requests": ">=2" }],
    [
      "[dependency-groups]\na = ['b']\nc = ['d']\n",
      { "dependency-groups > a > b": "any version", "dependency-groups > c > d": "any version" },
    ],
    ["[tool.poetry.group.a.dependencies]\nb = '1'\n", { "tool > poetry > group > a > dependencies > b": "1" }],
    ["[tool.poetry.group]\na = 'b'\n", {}],
    ["[tool.tox.env]\nPIP_INDEX_URL = 'x'\nPATH = 'y'\n", { "tool > tox > env > PIP_INDEX_URL": "x" }],
  ])("%j", (text, expected) => {
    expect(shown(readPython(text))).toEqual(expected);
  });
});

describe("readPythonBuild", () => {
  it.each([
    ["= broken", null],
    ["", {}],
    ["[build-system]\nbuild-backend = 'x'\n", { "build-system > build-backend": "x" }],
    ["[build-system]\nbuild-backend = 'hatchling.build'\n", {}],
    ["[build-system]\nbuild-backend = ['x']\n", {}],
    ["[build-system]\nbackend-path = ['.']\n", { "build-system > backend-path": "." }],
    ["[tool.pdm.scripts]\npost_install = 'x'\nlint = 'y'\n", { "tool > pdm > scripts > post_install": "x" }],
  ])("%j", (text, expected) => {
    expect(shown(readPythonBuild(text))).toEqual(expected);
  });
});

describe("isForeignPython", () => {
  it.each([
    ["tool > uv > index > url", "x"],
    ["tool > poetry > dependencies > a > mirrors > x", "x"],
    ["tool > pixi > mirrors", "x"],
    ["tool > pixi > s3-options > a", "x"],
    ["tool > tox > env > PIP_INDEX_URL", "x"],
    ["tool > pdm > scripts > a", "pip install --index-url x"],
    ["tool > poetry > dependencies > a > git", "x"],
    ["project > dependencies > a", "@ https://x"],
    ["x > packages > a", "@ https://x"],
    ["x > dev-packages > a", "@ https://x"],
    ["x > tool > poetry > a", "@ https://x"],
  ])("%j %j comes from elsewhere", (name, value) => {
    expect(isForeignPython(name, value)).toBe(true);
  });

  it.each([
    ["project > dependencies > a", ">=1"],
    ["project > dependencies > a", "pip --index-url x"],
    ["tool > tox > env > PATH", "x"],
    ["packages > a > version", "@ https://x"],
    ["tool > poetry > dependencies > a", "./x"],
    ["tool > pixi > mirrorsx", "x"],
  ])("%j %j does not", (name, value) => {
    expect(isForeignPython(name, value)).toBe(false);
  });
});

describe("pythonFragments", () => {
  it.each([
    ['"requests>=2",', { requests: ">=2" }],
    ["  'a'  # why", { a: "any version" }],
    ['a = "1"', { a: "1" }],
    ["]", {}],
    ["", {}],
  ])("%j", (line, expected) => {
    expect(shown(pythonFragments([line]))).toEqual(expected);
  });
});
