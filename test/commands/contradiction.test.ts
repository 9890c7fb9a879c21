// Commands of one comment that cannot all be meant: which they are, and which go together.
import { describe, expect, it } from "vitest";
import { CommandName } from "../../src/commands/catalogue.ts";
import { contradiction } from "../../src/commands/contradiction.ts";
import type { CommandTarget } from "../../src/commands/grammar.ts";
import { command } from "./spoken.ts";

/** `approve acme/shop`, `revise plan`, `approve all`, `hold` */
const read = (words: string) => {
  const [name, where] = words.split(" ");
  const target: CommandTarget | null =
    where === undefined
      ? null
      : where === "all" || where === "plan"
        ? { kind: where }
        : { kind: "repository", fullName: where };
  return command(CommandName.parse(name), { target });
};

describe("commands of one comment", () => {
  it.each([
    [[]],
    [["approve"]],
    [["status", "help"]],
    [["status", "approve"]],
    [["help", "cancel", "status"]],
    [["approve acme/shop", "approve acme/till"]],
    [["approve acme/shop", "revise acme/till", "reject acme/docs"]],
    [["approve acme/shop", "status", "revise acme/till"]],
    [["accept", "accept"]],
    [["accept", "help", "accept"]],
  ])("%j go together", (given) => {
    expect(contradiction(given.map(read))).toBeNull();
  });

  it.each<[string[], string[]]>([
    [
      ["approve", "cancel"],
      ["approve", "cancel"],
    ],
    [
      ["cancel", "approve"],
      ["cancel", "approve"],
    ],
    [["approve", "approve"], ["approve"]],
    [
      ["approve", "status", "reject", "approve"],
      ["approve", "reject"],
    ],
    [["approve acme/shop", "approve"], ["approve"]],
    [
      ["approve acme/shop", "reject acme/shop"],
      ["approve", "reject"],
    ],
    [
      ["approve acme/shop", "reject ACME/Shop"],
      ["approve", "reject"],
    ],
    [
      ["approve acme/shop", "approve acme/till", "revise acme/shop"],
      ["approve", "revise"],
    ],
    [
      ["approve acme/shop", "revise plan"],
      ["approve", "revise"],
    ],
    [
      ["approve all", "reject acme/shop"],
      ["approve", "reject"],
    ],
    [
      ["approve acme/shop", "hold acme/till"],
      ["approve", "hold"],
    ],
    [
      ["accept", "approve"],
      ["accept", "approve"],
    ],
    [
      ["hold", "resume"],
      ["hold", "resume"],
    ],
  ])("%j contradict", (given, names) => {
    expect(contradiction(given.map(read))).toEqual(names);
  });
});
