// The code of a digest: short, unmistakable, spread evenly, and always the same.
import fc from "fast-check";
import { expect, it } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import { Digest } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { runs } from "../support/runs.ts";

it("is four characters that nobody takes for one another", () => {
  const digests = fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(digests, (hex) => {
      expect(codeOf(Digest.parse(hex.join("")))).toMatch(/^[2-9a-hj-km-np-z]{4}$/);
    }),
    runs(200),
  );
});

it("is the same on every machine and in every version: people quote it", () => {
  expect(codeOf(Digest.parse("0".repeat(64)))).toBe("2222");
  expect(codeOf(Digest.parse(`${"0".repeat(15)}1${"0".repeat(48)}`))).toBe("3222");
  expect(codeOf(Digest.parse("f".repeat(64)))).toBe(codeOf(Digest.parse(`${"f".repeat(16)}${"0".repeat(48)}`)));
});

it("uses the whole alphabet in every place", () => {
  const codes = Array.from({ length: 2_000 }, (_, i) => codeOf(digestOf(i)));
  for (const place of [0, 1, 2, 3]) expect(new Set(codes.map((code) => code[place])).size).toBe(31);
  expect(new Set(codes).size).toBeGreaterThan(1_990);
});
