// One text and one hash for one value, whatever way the value took.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, digestOf } from "../../src/ledger/canonical.ts";
import { storableJson, storableText } from "../../src/ledger/storable.ts";
import { runs } from "../support/runs.ts";
import { json } from "./random-entries.ts";

describe("canonical JSON", () => {
  it("sorts keys by code unit, drops what is undefined, writes dates as text", () => {
    const value = { b: 1, a: { d: undefined, c: [undefined, 2] }, "\u20ac": 0, Z: new Date("2026-11-21T10:00:00Z") };
    expect(canonicalJson(value)).toBe('{"Z":"2026-11-21T10:00:00.000Z","a":{"c":[null,2]},"b":1,"€":0}');
  });

  it("hashes as SHA-256 of that text does", () => {
    // printf '{}' | sha256sum
    expect(digestOf({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });

  it("says the same after a way through JSON, in any order of keys", () => {
    fc.assert(
      fc.property(json, (value) => {
        const stored: unknown = JSON.parse(storableJson(value));
        expect(canonicalJson(stored)).toBe(canonicalJson(value));
        expect(canonicalJson(turned(stored))).toBe(canonicalJson(value));
      }),
      runs(300),
    );
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [{ deep: [Number.NEGATIVE_INFINITY] }]])("refuses %j", (value) => {
    expect(() => canonicalJson(value)).toThrow(RangeError);
  });

  it.each([[undefined], [() => 1], [10n], [circle()]])("refuses what is no JSON", (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe("what Postgres can keep", () => {
  it("has neither U+0000 nor half of a pair, in values and in keys", () => {
    const kept: unknown = JSON.parse(storableJson({ "a\u0000": ["\ud800x", { b: "\udc00" }], c: "\\u0000" }));
    expect(kept).toEqual({ "a\ufffd": ["\ufffdx", { b: "\ufffd" }], c: "\\u0000" });
    expect(storableText("\u0000\ud83d\ude00\ud83d")).toBe("\ufffd\ud83d\ude00\ufffd");
  });
});

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

function circle(): unknown {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}
