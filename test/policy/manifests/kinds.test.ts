import { describe, expect, it } from "vitest";
import { MANIFESTS } from "../../../src/policy/manifests/kinds.ts";

const kindOf = (path: string) => {
  const kind = MANIFESTS.find(({ isMeant }) => isMeant(path));
  if (kind === undefined) throw new Error(`no kind for ${path}`);
  return kind;
};
const isForeign = (path: string, name: string, value: string) => kindOf(path).isForeign(name, value, path);

describe("a path in a manifest", () => {
  it.each(["../x", "b", "./b", "./../x", "b/../../x", "b//../../x", ".b/../../x", "b\\..\\x"])(
    "%j stays in the repository",
    (value) => {
      expect(isForeign("crates/Cargo.toml", "dependencies > a > path", value)).toBe(false);
    },
  );

  it.each([
    "../../x",
    "./../../x",
    "b//../../../x",
    "b/../../../x",
    "..\\..\\x",
    "/x",
    "\\x",
    "~/x",
    "C:/x",
    "c:x",
    "FILE:x",
    "a:b",
  ])("%j leaves it", (value) => {
    expect(isForeign("crates/Cargo.toml", "dependencies > a > path", value)).toBe(true);
  });

  it.each(["1:b", "ab:c", "profile:x", "-:"])("%j names no drive", (value) => {
    expect(isForeign("crates/Cargo.toml", "dependencies > a > path", value)).toBe(false);
  });
});

describe("a line of a Gemfile", () => {
  it.each([
    ["a", 'git: "https://example.com/a"'],
    ["a", ':github => "evil/a"'],
    ["a", 'path: "../a"'],
    ["a", ':path => "/opt/a"'],
    ["git", '"https://example.com/a" do'],
    ["github", "'evil/a'"],
    ["git_source", "(:x) { }"],
    ["plugin", "'evil'"],
    ["eval_gemfile", "'x'"],
    ["source", '"https://evil.example"'],
    ["source", '"https://rubygems.org.evil.example"'],
    ["source", 'ENV["x"] || "https://rubygems.org"'],
    ["source", '"http://rubygems.org"'],
    ["path", '"../a" do'],
    ["path", "'/opt/a'"],
  ])("%j %j comes from elsewhere", (name, value) => {
    expect(isForeign("Gemfile", name, value)).toBe(true);
  });

  it.each([
    ["a", '"1"'],
    ["a", 'path: "a"'],
    ["a", '"/opt/a"'],
    ["a", "'../a'"],
    ["source", '"https://rubygems.org"'],
    ["source", "('https://rubygems.org/')"],
    ["source", '(  "https://rubygems.org")'],
    ["path", '"a/b" do'],
    ["path", "x /y"],
    ["path", "x"],
    ["digit", "1"],
    ["gitx", "1"],
    ["ruby", '"3.4"'],
  ])("%j %j does not", (name, value) => {
    expect(isForeign("Gemfile", name, value)).toBe(false);
  });
});

describe("an entry of composer.json", () => {
  it.each(["repositories > url", "repositories", "config > cafile"])("%j comes from elsewhere", (name) => {
    expect(isForeign("composer.json", name, "x")).toBe(true);
  });

  it.each(["require > a/a", "minimum-stability", "require > repositories"])("%j does not", (name) => {
    expect(isForeign("composer.json", name, "x")).toBe(false);
  });
});

describe("lines of a file that is read line by line", () => {
  it("stay apart", () => {
    expect([...kindOf("requirements.txt").fragments.dependencies(["a==1", "b==2"]).keys()]).toEqual(["a", "b"]);
  });
});
