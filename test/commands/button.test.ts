// What a button's identifier says, and that nothing else is read as one.
import { describe, expect, it } from "vitest";
import { parseButton } from "../../src/commands/button.ts";

describe("a button", () => {
  it.each([
    ["approve:k7m2", { name: "approve", code: "k7m2" }],
    ["reject:k7m2", { name: "reject", code: "k7m2" }],
    ["approve:k7m2x", { name: "approve", code: "k7m2x" }],
    ["approve:k7m2x9", { name: "approve", code: "k7m2x9" }],
  ])("%s", (identifier, button) => {
    expect(parseButton(identifier)).toEqual(button);
  });

  it.each([
    "",
    "approve",
    "approve:",
    ":k7m2",
    "k7m2:approve",
    "revise:k7m2",
    "Approve:k7m2",
    "approve:k7m",
    "approve:k7m2x9z",
    "approve:K7M2",
    "approve:k7m0",
    "approve:k7m2-",
    "approve:-k7m2",
    "approve:k7m2:",
    "approve:k7m2:k7m2",
    "approve: k7m2",
    "approve,k7m2",
  ])("%j is none", (identifier) => {
    expect(parseButton(identifier)).toBeNull();
  });
});
