import { describe, expect, it } from "vitest";
import { asOfKind, firstLine, isUnseen, type ProposedFile, pathsOf, proposalOf } from "../../src/policy/proposal.ts";
import { changed, renamed } from "./found.ts";

const only = (change: Parameters<typeof proposalOf>[0][number]): ProposedFile => {
  const [file] = proposalOf([change]).files;
  if (file === undefined) throw new Error("no file");
  return file;
};
const isMeant = (path: string) => path.endsWith(".json");
const moved = (from: string, to: string, before: string, after = before) => only(renamed(from, to, before, after));

describe("pathsOf", () => {
  it("names both, and one that stays once", () => {
    expect(pathsOf(moved("a", "b", "x\n"))).toEqual(["b", "a"]);
    expect(pathsOf(only(changed("a", "x\n", "y\n")))).toEqual(["a"]);
    expect(pathsOf({ ...only(changed("a", "x\n", "y\n")), previousPath: "a" })).toEqual(["a"]);
  });
});

describe("firstLine", () => {
  it("is that of what comes", () => {
    expect(firstLine(only(changed("a", "x\ny\n", "x\nz\n")))).toBe(2);
    expect(firstLine(only(changed("a", "x\ny\n", "x\n")))).toBeNull();
  });
});

describe("asOfKind", () => {
  it("leaves a file that stays of its kind as it is", () => {
    const file = moved("a.json", "b.json", "x\n", "y\n");
    expect(asOfKind(file, isMeant)).toBe(file);
    expect(asOfKind(moved("a", "b", "x\n"), isMeant)).toBeNull();
    const changes = only(changed("a.json", "x\n", "y\n"));
    expect(asOfKind(changes, isMeant)).toBe(changes);
  });

  it.each([
    ["x\ny\n", ["x", "y"]],
    ["x\ny", ["x", "y"]],
    ["x\n\n", ["x", ""]],
    ["\n", [""]],
    ["", []],
  ])("takes a file that comes by its name for new, and one that goes for deleted: %j", (text, texts) => {
    const lines = texts.map((line, at) => ({ number: at + 1, text: line }));
    const comes = { ...moved("a", "a.json", "before\n"), after: text };
    expect(asOfKind(comes, isMeant)).toEqual({ ...comes, kind: "create", before: null, added: lines, removed: [] });
    const goes = { ...moved("a.json", "a", "before\n"), before: text };
    expect(asOfKind(goes, isMeant)).toEqual({ ...goes, kind: "delete", after: null, added: [], removed: lines });
  });

  it("has the changed lines where the texts are not known", () => {
    const [added, removed] = [[{ number: 2, text: "y" }], [{ number: 2, text: "x" }]];
    const comes = { ...moved("a", "a.json", "z\n"), before: null, after: null, added, removed };
    expect(asOfKind(comes, isMeant)).toEqual({ ...comes, kind: "create", removed: [] });
    const goes = { ...moved("a.json", "a", "z\n"), before: null, after: null, added, removed };
    expect(asOfKind(goes, isMeant)).toEqual({ ...goes, kind: "delete", added: [] });
  });
});

describe("isUnseen", () => {
  it("is a text that comes and is not shown", () => {
    const file = { ...moved("a", "b", "x\n"), kind: "create", after: null } as const;
    expect(isUnseen(file)).toBe(true);
    expect(isUnseen({ ...file, content: "binary" })).toBe(false);
    expect(isUnseen({ ...file, after: "" })).toBe(false);
    expect(isUnseen({ ...file, kind: "modify" })).toBe(false);
  });
});
