import { describe, expect, it } from "vitest";
import { changed, created, deleted, found, renamed, tree } from "../found.ts";

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

  it("finds pointers, whatever the attributes say", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    expect(await found("lfs-paths", created("a.bin", pointer))).toHaveLength(1);
    expect(await found("lfs-paths", changed("a.bin", pointer, "x\n"))).toHaveLength(1);
    expect(await found("lfs-paths", changed("a.md", "a\n", `a\n${pointer}`))).toEqual([]);
  });
});
