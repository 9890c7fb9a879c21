// Words of a pull request against those that were approved: what an editor does to the ends of lines is no edit.
import { describe, expect, it } from "vitest";
import { rewordedOf } from "../../src/verify/reworded.ts";

const approved = { pullTitle: "Keep accented letters", pullBody: "Fixes what #12 says.\n\nBy tasks.\n" };
const found = { title: approved.pullTitle, body: approved.pullBody };

describe("what of a pull request is not as it was approved", () => {
  it.each([
    ["nothing", {}, []],
    ["nothing, where the web ends lines", { body: "Fixes what #12 says.\r\n\r\nBy tasks." }, []],
    ["nothing, with blanks around", { title: " Keep accented letters " }, []],
    ["the title", { title: "Keep accented letter" }, ["title"]],
    ["the title, by case alone", { title: "keep accented letters" }, ["title"]],
    ["the text", { body: "Fixes what #12 says. By tasks." }, ["text"]],
    ["the text that is gone", { body: "" }, ["text"]],
    ["both", { title: "x", body: "y" }, ["title", "text"]],
  ] as const)("%s", (_, change, what) => {
    expect(rewordedOf(approved, { ...found, ...change })).toEqual(what);
  });

  it("nothing, where no pull request is found or none was written", () => {
    expect(rewordedOf(approved, null)).toEqual([]);
    expect(rewordedOf(null, found)).toEqual([]);
  });
});
