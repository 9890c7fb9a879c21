import { describe, expect, it } from "vitest";
import { SECRET_PATTERNS } from "../../src/policy/secret-patterns.ts";

const kindsIn = (text: string): string[] =>
  SECRET_PATTERNS.flatMap(({ kind, pattern, likely }) =>
    [...text.matchAll(pattern)].some(([match]) => likely?.(match) ?? true) ? [kind] : [],
  );
const hex = "9f86d081884c7d659a2feaa0c55ad015";
const mixed = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7b";

describe("a value without quotes", () => {
  it.each([
    ["digits and disorder", "aBcDeFgHiJkLmNoPqRs123", true],
    ["two digits", "aBcDeFgHiJkLmNoPqRsT12", false],
    ["no digit", "aBcDeFgHiJkLmNoPqRsTuV", false],
    ["no small letter", "ABCDEFGHIJKLMNOPQRS123", false],
    ["no capital", "abcde1fghij2klmno3pqrst", false],
    ["a word of six letters", "aBcDeFgHiJ123password", false],
    ["no disorder", "aB1aB1aB1aB1aB1aB1aB1aB1", false],
    ["a placeholder", "exampleAB3dE5fG7hI9jK1lM3nO5", false],
    ["hexadecimal digits", hex, true],
    ["hexadecimal digits in capitals", hex.toUpperCase(), true],
    ["hexadecimal digits in order", "ab12".repeat(8), false],
    ["hexadecimal digits before more", `${hex}-zz`, false],
    ["hexadecimal digits behind more", `zz-${hex}`, false],
    ["padding", "aBcDeFgHiJkLmNoPqRs123==", true],
  ])("of %s: %j %j", (_, value, isSecret) => {
    expect(kindsIn(`secret = ${value}`)).toEqual(isSecret ? ["a credential"] : []);
  });
});

describe("a value in quotes", () => {
  it.each([
    ["of disorder", mixed.slice(0, 32), true],
    ["of twenty characters", mixed.slice(0, 20), true],
    ["of nineteen characters", mixed.slice(0, 19), false],
    ["of ten signs over and over", "a1b2c3d4e5a1b2c3d4e5", false],
    ["of letters alone", "aBcDeFgHiJkLmNoPqRsTuVwX", false],
    ["that is a placeholder", "your-aB3dE5fG7hI9jK1lM3nO5", false],
  ])("%s: %j %j", (_, value, isSecret) => {
    expect(kindsIn(`token: "${value}"`)).toEqual(isSecret ? ["a credential"] : []);
  });
});

describe("keys of providers", () => {
  it.each([
    [`aws_secret: "${mixed}"`, ["an AWS secret access key", "a credential"]],
    [`aws key ${mixed}`, ["an AWS secret access key"]],
    [`aws key ${"a1".repeat(20)}`, []],
    ["aws key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", []],
    [`aws key ${"aB3/".repeat(10)}`, []],
    [`sk-${mixed}`, ["a model provider's API key"]],
    [`sk-${"a1".repeat(15)}`, []],
    [`aws key ${"7395128406".repeat(4)}`, []],
    ["sk-aBcDeFgHiJkLmNoPqRsTuVw", []],
    [`sk-example${mixed}`, []],
    [["AKIA", "QWERTYUIOPASDFGH"].join(""), ["an AWS access key id"]],
    ["AKIAIOSFODNN7EXAMPLE", []],
  ])("%j", (text, kinds) => {
    expect(kindsIn(text)).toEqual(kinds);
  });
});

describe("passwords in addresses", () => {
  it.each([
    ["https://shop:h7Gf3kLq9@db.internal", true],
    ["https://shop:your-h7Gf3kLq9@db.internal", false],
    ["https://shop:password@db.internal", false],
    ["https://shop:PASSWD@db.internal", false],
    ["https://shop:passwords@db.internal", true],
    ["https://shop:short@db.internal", false],
  ])("%j: %j", (text, isSecret) => {
    expect(kindsIn(text)).toEqual(isSecret ? ["a password in a URL"] : []);
  });
});
