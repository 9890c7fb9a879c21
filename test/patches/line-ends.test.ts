import { expect, it } from "vitest";
import { keepFinalNewline, keepMark, lineEndOf, withLineEnd } from "../../src/patches/line-ends.ts";

it("lineEndOf takes the more frequent", () => {
  expect(lineEndOf("a\r\nb\r\nc\n")).toBe("\r\n");
  expect(lineEndOf("a\r\nb\nc\n")).toBe("\n");
  expect(lineEndOf("a\r\nb\n")).toBe("\n");
  expect(lineEndOf("a")).toBe("\n");
});

it("withLineEnd ends every line alike", () => {
  expect(withLineEnd("a\r\nb\nc", "\r\n")).toBe("a\r\nb\r\nc");
  expect(withLineEnd("a\r\nb\nc\r", "\n")).toBe("a\nb\nc\r");
});

it("keepFinalNewline does as the text before did, and leaves empty texts alone", () => {
  expect(keepFinalNewline("a\r\nb\r\n", "c")).toBe("c\r\n");
  expect(keepFinalNewline("a\n", "c\n")).toBe("c\n");
  expect(keepFinalNewline("a", "c\r\n")).toBe("c");
  expect(keepFinalNewline("a", "c")).toBe("c");
  expect(keepFinalNewline("", "c")).toBe("c");
  expect(keepFinalNewline("a\n", "")).toBe("");
});

it("keepMark adds and drops none", () => {
  expect(keepMark("\ufeffa", "b")).toBe("\ufeffb");
  expect(keepMark("\ufeffa", "\ufeffb")).toBe("\ufeffb");
  expect(keepMark("a", "\ufeffb")).toBe("b");
});
