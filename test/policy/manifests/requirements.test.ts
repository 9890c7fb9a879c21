import { describe, expect, it } from "vitest";
import { isForeignRequirement, readRequirements, requirement } from "../../../src/policy/manifests/requirements.ts";

describe("requirement", () => {
  it.each([
    ["requests", ["requests", "any version"]],
    ["Zope.Interface_x--y>=1", ["zope-interface-x-y", ">=1"]],
    ["requests [socks]  >= 2 ; python_version < '4' ", ["requests", "[socks]>= 2 ; python_version < '4'"]],
    ["requests[socks]", ["requests", "[socks]"]],
    ["a @ https://example.com/a.whl", ["a", "@ https://example.com/a.whl"]],
    ["https://example.com/a.zip", ["https://example.com/a.zip", "https://example.com/a.zip"]],
    ["git+https://example.com/a", ["git+https://example.com/a", "git+https://example.com/a"]],
    ["C:\\a", ["C:\\a", "C:\\a"]],
    ["./a", ["./a", "./a"]],
    ["../a.whl", ["../a.whl", "../a.whl"]],
    ["a.whl", ["a.whl", "a.whl"]],
    ["a.tar.gz", ["a.tar.gz", "a.tar.gz"]],
    ["a.whl.b", ["a-whl-b", "any version"]],
    ["a ; x.whl", ["a", "; x.whl"]],
    ["a", ["a", "any version"]],
    ["", ["", ""]],
  ])("%j", (text, expected) => {
    expect(requirement(text)).toEqual(expected);
  });
});

describe("readRequirements", () => {
  it.each([
    ["", []],
    ["\n\n", []],
    ["# why\n  # why\n", []],
    ["a==1 # why\n", [["a", "==1"]]],
    ["a==1#b\n", [["a", "==1#b"]]],
    ["  a==1  \n", [["a", "==1"]]],
    [
      "\ufeffa==1\nb\ufeff==1\n",
      [
        ["a", "==1"],
        ["b", "==1"],
      ],
    ],
    ["a \\\n  ==1\n", [["a", "==1"]]],
    ["a\\\r\n==1\n", [["a", "==1"]]],
    [
      "a==1\\\n--hash=sha256:bb --hash=sha256:aa\n",
      [
        ["a", "==1"],
        ["a > hash", "--hash=sha256:aa, --hash=sha256:bb"],
      ],
    ],
    [
      "a==1 --hash sha256:aa ; x\n",
      [
        ["a", "==1 ; x"],
        ["a > hash", "--hash sha256:aa"],
      ],
    ],
    ["-r other.txt\n", [["-r", "other.txt"]]],
    ["--index-url=https://example.com\n", [["--index-url", "https://example.com"]]],
    ["--pre\n", [["--pre", ""]]],
    ["a\na\n", [["a", "any version"]]],
    ["a==1\na==2\n", [["a", "==1, ==2"]]],
  ])("%j", (text, expected) => {
    expect([...readRequirements(text)]).toEqual(expected);
  });
});

describe("isForeignRequirement", () => {
  it.each([
    ["a", "git+https://example.com/a"],
    ["a", "@ https://example.com/a"],
    ["a", "[x] @ ./a"],
    ["a", "[x]@./a"],
    ["a", "[x]  @b"],
    ["a", "[x, y] @ b"],
    ["a", "FTP://example.com/a"],
    ["a", "/a"],
    ["a", "..\\a"],
    ["a", "c:/a"],
    ["a", "b.zip"],
    ["a", "; x @ y"],
    ["-e", "."],
    ["--editable", "a"],
    ["-i", "a"],
    ["--extra-index-url", "a"],
    ["-f", "a"],
    ["--find-links", "a"],
    ["--trusted-host", "a"],
  ])("%j %j comes from elsewhere", (name, value) => {
    expect(isForeignRequirement(name, value)).toBe(true);
  });

  it.each([
    ["a", "==1"],
    ["a", "any version"],
    ["a", ">=1 ; x == 'a@b'"],
    ["a", "==1[x]@b"],
    ["a", "[x] ==1@b"],
    ["-r", "base.txt"],
    ["--pre", ""],
    ["x-e", "1"],
  ])("%j %j does not", (name, value) => {
    expect(isForeignRequirement(name, value)).toBe(false);
  });
});
