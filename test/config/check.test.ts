// The answers of `config check`.
import { describe, expect, it } from "vitest";
import { checkConfig } from "../../src/config/check.ts";

describe("config check", () => {
  it.each([
    ["a good file", { name: "a.yml", text: "label: x" }, null, 0, "a.yml: can be used"],
    [
      "an unknown key",
      { name: "a.yml", text: "\nlable: x" },
      null,
      1,
      "a.yml:2: lable is not a key that is known (did you mean label?)",
    ],
    ["a problem without a place", { name: "a.yml", text: "- a" }, null, 1, "a.yml: the file must have keys of its own"],
    ["a file that cannot be read", { name: "a.yml", text: null }, null, 2, "a.yml: cannot be read"],
    [
      "a ceiling that cannot be read",
      { name: "a.yml", text: "" },
      { name: "c.yml", text: null },
      2,
      "c.yml: cannot be read",
    ],
    [
      "a ceiling with problems",
      { name: "a.yml", text: "" },
      { name: "c.yml", text: "label: x" },
      2,
      "c.yml:1: label is nothing that a ceiling can bound",
    ],
    [
      "a file that is held",
      { name: "a.yml", text: "max_revisions: 9" },
      { name: "c.yml", text: "max_revisions: 2" },
      0,
      "a.yml: can be used\nmax_revisions: 9 is held to 2 by the ceiling",
    ],
  ] as const)("%s", (_what, file, ceiling, exitCode, text) => {
    expect(checkConfig(file, ceiling)).toEqual({ exitCode, text });
  });
});
