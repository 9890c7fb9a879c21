// What is read behind a command's name: its target, its code, its text, or what is wrong with it.
import { describe, expect, it } from "vitest";
import type { CommandName } from "../../src/commands/catalogue.ts";
import { argumentsOf } from "../../src/commands/grammar.ts";

const KNOWN = ["Acme/Shop", "other/till"];
const read = (name: CommandName, rest: string, below = "") => argumentsOf(name, rest, below, KNOWN);
const given = (part: object = {}) => ({ ok: true, value: { target: null, code: null, text: null, ...part } });
const wrong = (problem: "unexpected_text" | "missing_text", words: string) => ({
  ok: false,
  error: { problem, given: words },
});
const repository = (fullName: string) => ({ target: { kind: "repository", fullName } });

describe("one word of a kind", () => {
  it.each<[CommandName, string]>([
    ["budget", "+50k"],
    ["accept", "ac-12"],
    ["exit", "REVIEW"],
  ])("%s %s", (name, word) => {
    expect(read(name, word)).toEqual(given({ text: word }));
    expect(read(name, word, "\nthanks")).toEqual(given({ text: word }));
    expect(read(name, "")).toEqual(wrong("missing_text", ""));
    expect(read(name, `${word} \t ${word}`)).toEqual(wrong("unexpected_text", `${word} ${word}`));
    expect(read(name, "much more")).toEqual(wrong("unexpected_text", "much more"));
  });

  it.each<[CommandName, string]>([
    ["budget", "50k"],
    ["budget", "AC-1"],
    ["accept", "AC-0"],
    ["accept", "AC-123"],
    ["accept", "xAC-1"],
    ["accept", "+50k"],
    ["exit", "intake"],
    ["exit", "+50k"],
  ])("%s does not take %s", (name, word) => {
    expect(read(name, word)).toEqual(wrong("unexpected_text", word));
  });
});

describe("a command without arguments", () => {
  it("takes nothing on its line, and what stands below is talk", () => {
    expect(read("hold", "", "\nuntil monday")).toEqual(given());
    expect(read("hold", "k7m2")).toEqual(wrong("unexpected_text", "k7m2"));
    expect(read("hold", "all \t now")).toEqual(wrong("unexpected_text", "all now"));
  });
});

describe("approve", () => {
  it.each([
    ["", {}],
    ["K7M2", { code: "k7m2" }],
    ["k7m2x9", { code: "k7m2x9" }],
    ["ALL", { target: { kind: "all" } }],
    ["all  k7m2", { target: { kind: "all" }, code: "k7m2" }],
    ["any/where", repository("any/where")],
    ["acme/shop\tk7m2", { ...repository("acme/shop"), code: "k7m2" }],
  ])("%j", (rest, part) => {
    expect(read("approve", rest)).toEqual(given(part));
  });

  it.each([
    ["k7m", "k7m"],
    ["k7m2x9z", "k7m2x9z"],
    ["k7m0", "k7m0"],
    ["plan", "plan"],
    ["k7m2 k7m2", "k7m2"],
    ["all k7m2 and  more", "and more"],
    ["k7m2 all", "all"],
    ["-a/shop", "-a/shop"],
    ["a/b/c", "a/b/c"],
  ])("%j has too much", (rest, words) => {
    expect(read("approve", rest)).toEqual(wrong("unexpected_text", words));
  });
});

describe("free text", () => {
  it.each<[CommandName, string, string, object]>([
    ["reject", "", "", {}],
    ["reject", " ", "\n\n", {}],
    ["reject", "k7m2", "", { text: "k7m2" }],
    ["reject", "all", "", { text: "all" }],
    ["reject", "plan is bad", "", { text: "plan is bad" }],
    ["reject", "Acme/Shop", "", repository("Acme/Shop")],
    ["reject", "acme/SHOP too  wide", "\nsee\n", { ...repository("acme/SHOP"), text: "too  wide\nsee" }],
    ["reject", "ACME/sohp no", "", { ...repository("ACME/sohp"), text: "no" }],
    ["reject", "src/slug.ts is bad", "", { text: "src/slug.ts is bad" }],
    ["reject", "src/slug.ts", "", repository("src/slug.ts")],
    ["reject", "src/slug.ts", "\nis bad", { text: "src/slug.ts\nis bad" }],
    ["revise", "Plan smaller", "", { target: { kind: "plan" }, text: "smaller" }],
    ["revise", "plan", "\n\nsmaller", { target: { kind: "plan" }, text: "smaller" }],
    ["revise", "other/till use x", "", { ...repository("other/till"), text: "use x" }],
    ["revise", "", "\nkeep it", { text: "keep it" }],
  ])("%s %j %j", (name, rest, below, part) => {
    expect(read(name, rest, below)).toEqual(given(part));
  });

  it.each(["", "plan", "acme/shop"])("revise %j needs some", (rest) => {
    expect(read("revise", rest, "\n \n")).toEqual(wrong("missing_text", rest));
  });

  it("means a repository that may be meant by its owner and name, not by the first of them alone", () => {
    expect(argumentsOf("reject", "acme/shop no", "", [])).toEqual(given({ text: "acme/shop no" }));
  });
});
