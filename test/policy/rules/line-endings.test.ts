import { describe, expect, it } from "vitest";
import { changed, created, found } from "../found.ts";

describe("line-endings", () => {
  it("finds lines that change only in how they end", async () => {
    const [one] = await found("line-endings", changed("a", "one\ntwo\nthree\n", "one\r\ntwo\r\nthree\r\n"));
    expect(one).toMatchObject({
      severity: "warn",
      path: "a",
      line: 1,
      message: "3 lines differ only in the line end.",
    });
    expect(await found("line-endings", changed("a", "one\r\ntwo\r\n", "one\r\ntwo\n"))).toMatchObject([{ line: 2 }]);
    expect(await found("line-endings", changed("a", "one\n", "one\r\r\n"))).toHaveLength(1);
  });

  it("says how many", async () => {
    const messages = async (before: string, after: string) =>
      (await found("line-endings", changed("a", before, after))).map(({ line, message }) => `${line} ${message}`);
    expect(await messages("a\nb\n", "a\nb\r\n")).toEqual(["2 1 line differs only in the line end."]);
    expect(await messages("a\nb\n", "a\r\nb\r\n")).toEqual(["1 2 lines differ only in the line end."]);
  });

  it("leaves real changes, moved lines and new files alone", async () => {
    expect(await found("line-endings", changed("a", "one\ntwo\n", "two\none\n2\n"))).toEqual([]);
    expect(await found("line-endings", changed("a", "one\r\n", "1\r\n"))).toEqual([]);
    expect(await found("line-endings", created("a", "one\r\ntwo\n"))).toEqual([]);
    expect(await found("line-endings", changed("a", "one", "one\n"))).toEqual([]);
  });

  it("comes to an end on a line full of carriage returns", async () => {
    const endless = found("line-endings", changed("a", `${"\r".repeat(200_000)}x\n`, `${"\r".repeat(200_000)}y\n`));
    expect(await endless).toEqual([]);
  });
});
