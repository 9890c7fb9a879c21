import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patchSetDigest } from "../../src/patches/digest.ts";
import { PatchSetContent } from "../../src/patches/patch-set.ts";
import { runs } from "../support/runs.ts";
import { contentOf } from "./contents.ts";
import { fileChange } from "./file-changes.ts";

const content = contentOf([
  fileChange("src/a.ts", { before: "one\ntwo\n", after: "one\n2\n" }),
  fileChange("src/new.ts", { after: "new\n", tasks: ["T1", "T2"] }),
  fileChange("src/to.ts", { previousPath: "src/from.ts", before: "x\n", after: "x\n" }),
]);
const digest = patchSetDigest(content);

/** Every leaf of a value, as the keys that lead to it. */
const leaves = (value: unknown, way: string[] = []): string[][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...way, key]))
    : [way];

const altered = (value: unknown, way: readonly string[], change: (leaf: unknown) => unknown): unknown => {
  const [key, ...rest] = way;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((inner, at) => (String(at) === key ? altered(inner, rest, change) : inner));
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === key ? altered(inner, rest, change) : inner]),
  );
};

/** Another value of the same type, at one place. */
const other = (leaf: unknown, at: number): unknown => {
  if (typeof leaf === "number") return leaf + 1;
  if (leaf === null) return "100644";
  const text = String(leaf);
  if (/^[0-9a-f]{40,64}$/.test(text)) {
    const place = at % text.length;
    return text.slice(0, place) + (text[place] === "0" ? "1" : "0") + text.slice(place + 1);
  }
  if (text === "100644") return "100755";
  if (text === "create" || text === "modify" || text === "rename") return "delete";
  const place = at % (text.length + 1);
  return `${text.slice(0, place)}\u200b${text.slice(place)}`;
};

const digestOfAny = (value: unknown) => patchSetDigest(PatchSetContent.parse(value));
/** Places where null would have to become a name of a blob. */
const isBlob = (way: readonly string[]) => way.at(-1) === "oldBlob" || way.at(-1) === "newBlob";

describe("patchSetDigest", () => {
  it("does not depend on the order of keys, or on having been stored as JSON", () => {
    const reversed = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(content))).reverse());
    expect(digestOfAny(reversed)).toBe(digest);
  });

  it("changes with every field", () => {
    for (const way of leaves(content)) {
      const changed = altered(content, way, (leaf) => (leaf === null && isBlob(way) ? "6".repeat(40) : other(leaf, 0)));
      expect(digestOfAny(changed), way.join(".")).not.toBe(digest);
    }
  });

  it("changes with any character anywhere", () => {
    const ways = leaves(content).filter((way) => !isBlob(way));
    fc.assert(
      fc.property(fc.constantFrom(...ways), fc.nat(500), (way, at) => {
        expect(digestOfAny(altered(content, way, (leaf) => other(leaf, at)))).not.toBe(digest);
      }),
      runs(200),
    );
  });

  it("changes with the order and number of changes", () => {
    const [first, ...rest] = content.changes;
    if (first === undefined) throw new Error("no change");
    expect(patchSetDigest({ ...content, changes: [...rest, first] })).not.toBe(digest);
    expect(patchSetDigest({ ...content, changes: rest })).not.toBe(digest);
    expect(patchSetDigest({ ...content, changes: [first, ...content.changes] })).not.toBe(digest);
  });

  it("tells texts apart even where the names of their blobs were forged to be equal", () => {
    const [first, ...rest] = content.changes;
    if (first === undefined) throw new Error("no change");
    expect(patchSetDigest({ ...content, changes: [{ ...first, after: "one\n3\n" }, ...rest] })).not.toBe(digest);
  });
});
