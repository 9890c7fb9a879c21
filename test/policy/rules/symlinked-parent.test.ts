import { describe, expect, it } from "vitest";
import { changed, created, deleted, found, foundIn, renamed, tree } from "../found.ts";

const base = tree(["src/a.ts"], { "src/link": "120000", "vendor/mod": "160000" });

describe("symlinked-parent", () => {
  it.each(["src/link/x.ts", "src/link/deep/x.ts", "vendor/mod/x", "SRC/Link/x.ts", "src/li\u200bnk/x.ts"])(
    "finds %j",
    async (path) => {
      const expected = [{ severity: "block", path }];
      expect(await found("symlinked-parent", created(path), {}, base)).toMatchObject(expected);
      expect(await found("symlinked-parent", changed(path, "a", "b"), {}, base)).toMatchObject(expected);
      expect(await found("symlinked-parent", deleted(path), {}, base)).toMatchObject(expected);
      expect(await found("symlinked-parent", renamed("src/a.ts", path), {}, base)).toMatchObject(expected);
    },
  );

  it("finds a path through a link that the same change brings", async () => {
    const link = {
      kind: "create",
      path: "out",
      previousPath: null,
      oldMode: null,
      newMode: "120000",
      content: "text",
    } as const;
    const file = { ...link, path: "out/x", newMode: "100644", before: null, after: "x", added: [], removed: [] };
    const files = [{ ...link, before: null, after: "/etc", added: [], removed: [] }, file];
    expect(await foundIn("symlinked-parent", { files, base: null })).toMatchObject([{ path: "out/x" }]);
  });

  it.each(["src/linked/x.ts", "src/b.ts", "vendor/x"])("leaves %j alone", async (path) => {
    expect(await found("symlinked-parent", created(path), {}, base)).toEqual([]);
  });
});
