import { describe, expect, it } from "vitest";
import { changed, created, deleted, found, renamed, tree } from "../found.ts";

const base = tree(["README.md", "src/core/a.ts", "docs/caf\u00e9.md", "docs/stra\u00dfe.md", "lib"]);

describe("path-collision", () => {
  it.each([
    "readme.md",
    "Readme.MD",
    "SRC/core/b.ts",
    "src/Core/b.ts",
    "docs/cafe\u0301.md",
    "docs/CAF\u00c9.md",
    "docs/STRASSE.md",
    "READ\u200bME.md",
    "\uff32EADME.md",
    "lib/x.ts",
    "src/core",
    "src",
  ])("finds %j beside what is there", async (path) => {
    const expected = [{ severity: "block", path, line: null }];
    expect((await found("path-collision", created(path), {}, base)).slice(0, 1)).toMatchObject(expected);
    expect((await found("path-collision", renamed("docs/caf\u00e9.md", path), {}, base)).slice(0, 1)).toMatchObject(
      path.toLowerCase().startsWith("docs/c") ? [] : expected,
    );
  });

  it.each(["README.txt", "src/core/b.ts", "new/x.ts", "docs/cafe.md", "library/x"])("leaves %j alone", async (path) => {
    expect(await found("path-collision", created(path), {}, base)).toEqual([]);
  });

  it("finds two new paths that are one", async () => {
    expect(await found("path-collision", [created("a/x"), created("A/y")])).toHaveLength(2);
    expect(await found("path-collision", [created("a"), created("a/b")])).toHaveLength(2);
    expect(await found("path-collision", [created("a"), created("a")])).toHaveLength(1);
  });

  it("finds a new file that is there already", async () => {
    expect(await found("path-collision", created("README.md"), {}, base)).toMatchObject([
      { message: "There is a file of this name." },
    ]);
    expect(await found("path-collision", [deleted("README.md"), created("README.md")], {}, base)).toEqual([]);
    expect(await found("path-collision", [renamed("README.md", "x.md"), created("README.md")], {}, base)).toEqual([]);
  });

  it("says what it meets", async () => {
    const said = async (changes: Parameters<typeof found>[1], around: typeof base | null = null) =>
      (await found("path-collision", changes, {}, around)).map(({ path, message }) => `${path}: ${message}`);
    const same = (other: string) => `Where case or Unicode form does not count, this is the same place as "${other}".`;
    expect(await said([created("a"), created("a")])).toEqual(["a: The path comes twice."]);
    expect(await said(created("src"), base)).toEqual(["src: There is a folder of this name."]);
    expect(await said(created("lib/x.ts"), base)).toEqual(["lib/x.ts: The path goes through a file."]);
    expect(await said([changed("a", "x\n", "y\n"), created("a/b")])).toEqual(["a/b: The path goes through a file."]);
    expect(await said([deleted("a"), created("a/b")])).toEqual([]);
    expect(await said([changed("a", "x\n", "y\n"), created("A")])).toEqual([`A: ${same("a")}`]);
    expect(await said(created("Readme"), tree(["readme", "README"]))).toEqual([`Readme: ${same("README")}`]);
    expect(await said([changed("Stryker was here", "x\n", "y\n")], base)).toEqual([]);
  });

  it("lets a rename change the spelling, and nothing take the place of what is deleted in another spelling", async () => {
    expect(await found("path-collision", renamed("README.md", "Readme.md"), {}, base)).toEqual([]);
    expect(await found("path-collision", [deleted("README.md"), created("Readme.md")], {}, base)).toHaveLength(1);
    expect(await found("path-collision", [deleted("README.md"), created("Readme.md")])).toHaveLength(1);
  });
});
