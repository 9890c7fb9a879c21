// Two trees compared folder by folder: nothing is overlooked, nothing is read that is the same, and no lie passes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/patches/git-objects.ts";
import { compareTrees } from "../../src/provenance/compare-trees.ts";
import { runs } from "../support/runs.ts";
import { between, edited, edits, folders, REPO, tree } from "./random-trees.ts";

const file = (text: string, mode = "100644") => ({ mode, sha: blobSha(text) });

describe("two trees", () => {
  it("differ as the lists of all their files do", async () => {
    await fc.assert(
      fc.asyncProperty(tree, edits, async (before, changes) => {
        const after = edited(before, changes);
        const at = folders();
        const found = await compareTrees(at, REPO, at.put(before), at.put(after));
        expect(found.ok && new Map([...found.value].sort())).toEqual(new Map([...between(before, after)].sort()));
      }),
      runs(200),
    );
  });

  it("are told apart where a file became a folder, and the other way round", async () => {
    const at = folders();
    const [one, other] = [new Map([["x", file("1")]]), new Map([["x/y", file("2")]])];
    expect(await compareTrees(at, REPO, at.put(one), at.put(other))).toEqual({ ok: true, value: between(one, other) });
    expect(await compareTrees(at, REPO, at.put(other), at.put(one))).toEqual({ ok: true, value: between(other, one) });
  });

  it("that are one cost nothing, and folders that are the same are not read", async () => {
    const at = folders();
    const before = new Map([
      ["same/deep/file", file("1")],
      ["other/file", file("2")],
    ]);
    const root = at.put(before);
    expect(await compareTrees(at, REPO, root, root)).toEqual({ ok: true, value: new Map() });
    expect(at.reads).toEqual([]);
    await compareTrees(at, REPO, root, at.put(edited(before, [["other/file", file("3")]])));
    expect(at.reads).toHaveLength(4);
  });

  it("are not compared where a list was cut short", async () => {
    const at = folders();
    const cut = {
      ...at,
      folder: async (repo: typeof REPO, sha: Parameters<typeof at.folder>[1]) => ({
        ...(await at.folder(repo, sha)),
        complete: false,
      }),
    };
    const [one, other] = [at.put(new Map([["a", file("1")]])), at.put(new Map([["a", file("2")]]))];
    expect(await compareTrees(cut, REPO, one, other)).toEqual({ ok: false, error: "truncated" });
  });

  it("are not compared where any list lost, gained or changed a line, said to be whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        edits,
        fc.nat(100),
        fc.constantFrom("lost", "gained", "changed"),
        async (before, changes, pick, how) => {
          const after = edited(before, changes);
          const at = folders();
          const [one, other] = [at.put(before), at.put(after)];
          fc.pre(one !== other);
          const root = [...(at.kept.get(other) ?? [])];
          fc.pre(root.length > 0);
          const hit = pick % root.length;
          const line = root[hit];
          if (line === undefined) return;
          if (how === "lost") root.splice(hit, 1);
          else if (how === "gained") root.push({ ...line, path: `${line.path}~` });
          else root[hit] = { ...line, sha: blobSha("another") };
          at.kept.set(other, root);
          expect(await compareTrees(at, REPO, one, other)).toEqual({ ok: false, error: "other_tree" });
        },
      ),
      runs(200),
    );
  });

  it("that differ in more than anybody reviews are not compared", async () => {
    const at = folders();
    const many = new Map(Array.from({ length: 3_001 }, (_, each) => [`file-${each}`, file("1")] as const));
    expect(await compareTrees(at, REPO, at.put(new Map()), at.put(many))).toEqual({ ok: false, error: "too_large" });
    const wide = new Map(Array.from({ length: 1_001 }, (_, each) => [`dir-${each}/file`, file("1")] as const));
    expect(await compareTrees(at, REPO, at.put(new Map()), at.put(wide))).toEqual({ ok: false, error: "too_large" });
  });
});
