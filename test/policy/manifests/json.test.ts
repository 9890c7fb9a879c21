import { describe, expect, it } from "vitest";
import { isTable, type Tree } from "../../../src/policy/manifests/entries.ts";
import { isJsonLine, jsonPairs, readJson } from "../../../src/policy/manifests/json.ts";

describe("readJson", () => {
  it("keeps texts, lists and tables, and writes other values as they are", () => {
    expect(readJson('{"a":"1","b":[1,"2",{"c":null}],"d":true,"e":{}}')).toEqual(
      new Map<string, Tree>([
        ["a", "1"],
        ["b", ["1", "2", new Map([["c", "null"]])]],
        ["d", "true"],
        ["e", new Map()],
      ]),
    );
  });

  it("steps over a byte order mark at the beginning, and over no other", () => {
    expect(readJson('\ufeff{"a":"x\ufeffy"}')).toEqual(new Map([["a", "x\ufeffy"]]));
    expect(readJson('{\ufeff"a":"1"}')).toBeNull();
  });

  it.each(["", "{", "[]", '"a"', "1", "null", "{'a':1}"])("refuses %j, which is no object", (text) => {
    expect(readJson(text)).toBeNull();
  });

  it("goes twenty deep, and no deeper", () => {
    let tables: Tree | undefined = readJson(`${'{"a":'.repeat(30)}1${"}".repeat(30)}`) ?? undefined;
    let depth = 0;
    for (; isTable(tables); tables = tables.get("a")) depth++;
    expect(depth).toBe(21);
    expect(tables).toBe("");

    let lists: Tree | undefined = readJson(`{"a":${"[".repeat(30)}1${"]".repeat(30)}}`)?.get("a");
    for (depth = 0; typeof lists === "object" && !isTable(lists); lists = lists[0]) depth++;
    expect(depth).toBe(20);
    expect(lists).toBe("");
  });
});

describe("jsonPairs", () => {
  it("finds the pairs of texts in lines", () => {
    expect(jsonPairs(['{"a": "1", "b" : "2\\"3"}', '"c": 4', '"d":"', '"":"5"'])).toEqual([
      ["a", "1"],
      ["b", '2\\"3'],
    ]);
  });
});

describe("isJsonLine", () => {
  it.each([
    '"a": "b"',
    '  "a": "b",  ',
    '"a": 1',
    '"a": {',
    '"a": [',
    '"a": []',
    '"a": {},',
    "}",
    "],",
    "",
    '"a\\"b": "\\""',
  ])("understands %j", (line) => {
    expect(isJsonLine(line)).toBe(true);
  });

  it.each(['"a":', '"a"', '"a": "b', 'x "a": "b"', '"a": "b" x', '"a": "b", "c": "d"'])(
    "does not understand %j",
    (line) => {
      expect(isJsonLine(line)).toBe(false);
    },
  );
});
