import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definedBy, regionsOf } from "../../../src/context/retrieval/regions.ts";

describe("regions", () => {
  it("cover every line once, in order, whatever the file", () => {
    const line = fc.constantFrom("", "  ", "function a() {", "  return 1;", "}", "# title", "text", "class B:");
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), fc.constantFrom("a.ts", "a.md"), (lines, path) => {
        const spans = regionsOf(path, lines);
        expect(spans.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at))).toEqual(
          lines.map((_, at) => at + 1),
        );
        expect(spans.every(({ from, to }) => to - from < 40)).toBe(true);
      }),
    );
  });

  it("begin at definitions rather than within them", () => {
    const body = Array.from({ length: 18 }, (_, at) => `  step(${at});`);
    const lines = [
      "function first() {",
      ...body,
      "}",
      "",
      "function second() {",
      ...body,
      "}",
      "",
      "function third() {",
      ...body,
      "}",
    ];
    expect(regionsOf("a.ts", lines).map(({ from }) => lines[from - 1])).toEqual([
      "function first() {",
      "function second() {",
      "function third() {",
    ]);
  });

  it("begin at headings in prose", () => {
    const text = Array.from({ length: 24 }, () => "words");
    const lines = ["# One", ...text, "", "# Two", ...text];
    expect(regionsOf("a.md", lines).map(({ from }) => lines[from - 1])).toEqual(["# One", "# Two"]);
  });

  it("of an empty file are none", () => {
    expect(regionsOf("a.ts", [])).toEqual([]);
  });
});

it.each([
  ["export async function slugify(text) {", "slugify"],
  ["export default class Shop {", "Shop"],
  ["    def parse_line(self):", "parse_line"],
  ["func (s *Server) Start() error {", "Start"],
  ["pub(crate) fn open() {", "open"],
  ["const LIMIT = 3;", "LIMIT"],
  ["return function () {", null],
  ["// class of its own", null],
])("%j defines %j", (line, name) => {
  expect(definedBy(line)).toBe(name);
});
