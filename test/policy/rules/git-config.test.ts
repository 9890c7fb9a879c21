import { describe, expect, it } from "vitest";
import { changed, created, deleted, found, listsPaths, renamed, tree } from "../found.ts";

describe("git-config", () => {
  listsPaths(
    "git-config",
    "block",
    [
      ".gitattributes",
      "src/.gitattributes",
      ".GitAttributes",
      ".gitmodules",
      ".gitconfig",
      ".lfsconfig",
      ".mailmap",
      ".husky/pre-commit",
      ".githooks/pre-push",
      "lefthook.yml",
      ".lefthook-local.yml",
      ".pre-commit-config.yaml",
      ".lintstagedrc.json",
    ],
    [".gitignore", "src/git/config.ts", "docs/husky.md", "src/hooks/useCart.ts", "src/config", "docs/HEAD"],
  );

  it.each([
    ["whole", ["x/HEAD", "x/config", "x/objects/a", "x/refs/a"]],
    ["with a file that points elsewhere", ["x/HEAD", "x/commondir"]],
    ["in other letters", ["x/head", "x/Config", "x/Objects/a"]],
    ["at the root", ["sub.git/HEAD", "sub.git/refs/heads/main"]],
  ])("finds a repository within, %s", async (_, paths) => {
    const all = await found(
      "git-config",
      paths.map((path) => created(path)),
    );
    expect(all.map(({ path }) => path)).toEqual(paths);
  });

  it("does not count what goes", async () => {
    expect(await found("git-config", [deleted("x/HEAD"), created("x/refs/a")])).toEqual([]);
  });

  it("finds the part that completes one, or changes one", async () => {
    const base = tree(["x/config", "x/objects/a", "x/refs/a"]);
    expect(await found("git-config", created("x/HEAD"), {}, base)).toHaveLength(1);
    expect(await found("git-config", renamed("y", "x/HEAD"), {}, base)).toHaveLength(1);
    expect(await found("git-config", changed("x/config", "a\n", "b\n"), {}, base)).toEqual([]);
    expect(await found("git-config", deleted("x/config"), {}, tree(["x/HEAD", "x/refs/a"]))).toEqual([]);
  });
});
