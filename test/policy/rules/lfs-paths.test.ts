import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { changed, created, deleted, found, foundIn, renamed, tree } from "../found.ts";

const lfs = "filter=lfs diff=lfs merge=lfs -text";
const base = tree(
  [],
  {},
  {
    ".gitattributes": [
      "# images",
      `*.psd ${lfs}`,
      `*.[pP][nN][gG] ${lfs}`,
      `/assets/** ${lfs}\r`,
      `"with space.bin" ${lfs}`,
      `with[[:space:]]class.bin ${lfs}`,
      `odd(name)*.dat ${lfs}`,
      `*a*b*c*d*.tgz ${lfs}`,
      "*.txt text",
      "assets/plain.svg -filter",
      "assets/none.svg !filter",
      "*.x filter=other",
    ].join("\n"),
    "media/.gitattributes": `*.ogg ${lfs}\nraw/*.wav ${lfs}`,
  },
);

describe("lfs-paths", () => {
  it.each([
    "a.psd",
    "deep/er/a.PSD",
    "logo.png",
    "logo.PNG",
    "assets/x/y.svg",
    "assets/a.js",
    "with space.bin",
    "with class.bin",
    "odd(name)1.dat",
    "xaxbxcxdx.tgz",
    "anything.tgz",
    "media/a.ogg",
    "media/deep/a.ogg",
    "media/raw/a.wav",
  ])("finds %j", async (path) => {
    expect(await found("lfs-paths", created(path), {}, base)).toMatchObject([{ severity: "block", path }]);
    expect(await found("lfs-paths", deleted(path), {}, base)).toHaveLength(1);
    expect(await found("lfs-paths", renamed(path, "free.ts"), {}, base)).toMatchObject([{ path }]);
  });

  it.each([
    "a.txt",
    "a.ts",
    "assets/plain.svg",
    "assets/none.svg",
    "other/assets/a.js",
    "a.ogg",
    "raw/a.wav",
    "media/a.wav",
    "b.x",
  ])("leaves %j alone", async (path) => {
    expect(await found("lfs-paths", created(path), {}, base)).toEqual([]);
  });

  it("knows macros, and what the change itself says", async () => {
    const macro = tree([], {}, { ".gitattributes": "[attr]big filter=lfs -text\n*.psd text big\n*.ai -big\n" });
    expect(await found("lfs-paths", created("a.psd"), {}, macro)).toHaveLength(1);
    expect(await found("lfs-paths", [created("a.ai"), created("big")], {}, macro)).toEqual([]);
    const own = [created("x/.gitattributes", "*.dat filter=lfs\n"), created("x/a.dat"), created("a.dat")];
    expect(await found("lfs-paths", own)).toMatchObject([{ path: "x/a.dat" }]);
  });

  it.each([
    ["a comment", "# *.psx filter=lfs", "a.psx"],
    ["an attribute that is taken away", "*.raw -filter=lfs", "a.raw"],
    ["another attribute of that ending", "*.raw xfilter=lfs", "a.raw"],
    ["another value of that beginning", "*.raw filter=lfsx", "a.raw"],
    ["a folder's path below another", "dir/x.bin filter=lfs", "deep/dir/x.bin"],
    ["what only ends like a pattern of odd signs", "o(d*.dat filter=lfs", "other.dat"],
    ["what only ends like a pattern of marks", "\u0301(*.dat filter=lfs", "other.dat"],
    ["a word that is no macro", "*.nul null", "a.nul"],
    ["the definition of a macro", "[attr]big filter=lfs", "xbig"],
    ["the definition of a macro behind blanks", "  [attr]big filter=lfs", "xbig"],
    ["a macro that is something else", "[attr]big filter=lfsx\n*.big big", "a.big"],
    ["a line without attributes", "*.raw", "a.raw"],
  ])("leaves alone %s", async (_, text, path) => {
    const attributes = tree([], {}, { ".gitattributes": `${text}\n` });
    expect(await found("lfs-paths", created(path), {}, attributes)).toEqual([]);
  });

  it.each([
    ["a class of letters", "[xy].dat filter=lfs", "y.dat"],
    ["a class of digits", "n[0-9].bin filter=lfs", "n1.bin"],
    ["letters that are no ASCII", "caf\u00e9-\u0663.bin filter=lfs", "caf\u00e9-\u0663.bin"],
    ["blanks before and between", "  *.raw \t filter=lfs", "a.raw"],
    ["a pattern that looks like a macro", "x[attr]big filter=lfs", "xabig"],
    ["a macro that ends its line", "[attr]big filter=lfs\n*.big big", "a.big"],
    ["a macro behind blanks", " [attr]big filter=lfs\n*.big big", "a.big"],
    ["the last word", "*.raw -filter filter=lfs", "a.raw"],
    ["a folder with a slash at its end", "*.raw/ filter=lfs\n*.raw filter=lfs", "deep/a.raw"],
  ])("finds %s", async (_, text, path) => {
    const attributes = tree([], {}, { ".gitattributes": text });
    expect(await found("lfs-paths", created(path), {}, attributes)).toEqual([
      { rule: "lfs-paths", severity: "block", path, line: null, message: "Git LFS keeps this path elsewhere." },
    ]);
  });

  it("lets the deeper file decide, in whatever order they come", async () => {
    const root = { ".gitattributes": "*.ogg filter=lfs\n" };
    const deep = { "a/b/.gitattributes": "*.ogg -filter\n" };
    for (const attributes of [
      { ...root, ...deep },
      { ...deep, ...root },
    ]) {
      expect(await found("lfs-paths", created("a/b/x.ogg"), {}, tree([], {}, attributes))).toEqual([]);
      expect(await found("lfs-paths", created("a/x.ogg"), {}, tree([], {}, attributes))).toHaveLength(1);
    }
  });

  it("takes attributes from files of that name alone, old and new together", async () => {
    expect(await found("lfs-paths", [created("x/a.md", "*.dat filter=lfs\n"), created("x/a.dat")])).toEqual([]);
    const kept = changed("x/.gitattributes", "*.dat filter=lfs\n", "*.dat filter=lfs\n# why\n");
    expect(await found("lfs-paths", [kept, created("x/a.dat")])).toHaveLength(1);
    const emptied = changed(".gitattributes", "*.psd filter=lfs\n", "# why\n");
    const before = tree([], {}, { ".gitattributes": "*.psd filter=lfs\n" });
    expect(await found("lfs-paths", [emptied, created("a.psd")], {}, before)).toHaveLength(1);
    const { files } = proposalOf([
      changed(".gitattributes", "x\n", "*.a filter=lfs\n*.b filter=lfs\n"),
      created("c.b"),
    ]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    expect(await foundIn("lfs-paths", { files: partly, base: null })).toHaveLength(1);
  });

  it("finds pointers in changed lines, at the beginning of a file", async () => {
    const [file] = proposalOf([changed("a.bin", "x\n", "y\n")]).files;
    if (file === undefined) throw new Error("no file");
    const pointer = "version https://git-lfs.github.com/spec/v1 ";
    const at = (number: number, text = pointer) => [{ number, text }];
    const seen = (given: object) =>
      foundIn("lfs-paths", {
        base: null,
        files: [{ ...file, before: null, after: null, added: [], removed: [], ...given }],
      });
    const message = "The file is a pointer of git LFS.";
    const expected = [{ rule: "lfs-paths", severity: "block", path: "a.bin", line: null, message }];
    expect(await seen({ added: at(1) })).toEqual(expected);
    expect(await seen({ removed: at(1) })).toEqual(expected);
    expect(await seen({ added: at(1, `\ufeff${pointer}`) })).toEqual(expected);
    expect(await seen({ added: at(2) })).toEqual([]);
    expect(await seen({ added: at(1, `x${pointer}`) })).toEqual([]);
    expect(await seen({ before: `${pointer}\nx\n` })).toEqual(expected);
  });

  it("finds pointers, whatever the attributes say", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    expect(await found("lfs-paths", created("a.bin", pointer))).toHaveLength(1);
    expect(await found("lfs-paths", changed("a.bin", pointer, "x\n"))).toHaveLength(1);
    expect(await found("lfs-paths", changed("a.md", "a\n", `a\n${pointer}`))).toEqual([]);
  });
});
