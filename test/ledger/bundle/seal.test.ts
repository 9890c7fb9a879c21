// The manifest over a bundle: what it lists, and what of it is told, to the letter.
import { describe, expect, it } from "vitest";
import { Digest } from "../../../src/ids.ts";
import { indexed, proved, saidOf } from "../../../src/ledger/bundle/entries.ts";
import { type Files, MANIFEST } from "../../../src/ledger/bundle/files.ts";
import { jsonFile, openSeal, parsed, seal } from "../../../src/ledger/bundle/seal.ts";
import { LedgerEntry as Entry, type LedgerEntry } from "../../../src/ledger/entry.ts";

const head = { seq: 1, hash: Digest.parse("a".repeat(64)) };
const texts = ["d", "b", "e", "a", "c"].map((name) => [`${name}.json`, `"ä${name}"`] as const);
const sealed = seal("D-1", head, new Map(texts));

const without = (files: Files, path: string): Files => new Map([...files].filter(([each]) => each !== path));

describe("a seal", () => {
  it("lists all files by name, the manifest first, whatever order they come in", () => {
    expect([...sealed.keys()]).toEqual([MANIFEST, "a.json", "b.json", "c.json", "d.json", "e.json"]);
    expect(sealed).toEqual(seal("D-1", head, new Map([...texts].reverse())));
    expect(Object.keys(Object(parsed(sealed.get(MANIFEST))).files)).toEqual([
      "a.json",
      "b.json",
      "c.json",
      "d.json",
      "e.json",
    ]);
    expect(openSeal(sealed)).toMatchObject({ manifest: { delivery: "D-1", ledger: head }, problems: [] });
  });

  it("hashes the bytes of UTF-8", () => {
    expect(Object(parsed(sealed.get(MANIFEST))).files["a.json"]).toBe(
      "744e318ade9647ae238daf37b362301535e4cbd284fe4ec6ae521667546d4085",
    );
  });

  it.each([
    ["a file that is gone", without(sealed, "b.json"), [{ where: "b.json", what: "is missing" }]],
    [
      "a file that was changed",
      new Map([...sealed, ["b.json", "2"]]),
      [{ where: "b.json", what: "is not what the manifest says" }],
    ],
    ["a file that was added", new Map([...sealed, ["x", ""]]), [{ where: "x", what: "is not in the manifest" }]],
    [
      "a manifest in other spaces",
      new Map([...sealed, [MANIFEST, `${sealed.get(MANIFEST)} `]]),
      [{ where: MANIFEST, what: "is not as it is written" }],
    ],
  ])("tells of %s", (_, files, problems) => {
    expect(openSeal(files).problems).toEqual(problems);
  });

  it("tells of no manifest", () => {
    const none = { manifest: null, problems: [{ where: MANIFEST, what: "is missing or not a manifest" }] };
    expect(openSeal(new Map())).toEqual(none);
    expect(openSeal(new Map([[MANIFEST, "{}"]]))).toEqual(none);
  });
});

describe("a file's JSON", () => {
  it("is read where it is JSON that can be hashed", () => {
    expect(parsed('{"a":[1,"1e999"]}')).toEqual({ a: [1, "1e999"] });
    for (const text of [undefined, "", "{", "[1e999]", '{"a":-1e999}']) expect(parsed(text)).toBeUndefined();
  });

  it("is written to be read and compared", () => {
    expect(jsonFile({ a: 1 })).toBe('{\n  "a": 1\n}\n');
  });
});

const entry = (seq: number, action: string, after: unknown): LedgerEntry =>
  Entry.parse({
    chain: "D-1",
    deliveryId: 1,
    seq,
    at: "2026-11-21T10:00:00.000Z",
    actor: { kind: "system", id: "test" },
    action,
    entity: { kind: "run", id: "7" },
    before: null,
    after,
    note: null,
    traceId: "0".repeat(32),
    previousHash: "0".repeat(64),
    hash: "0".repeat(64),
  });

describe("what a ledger says of a thing", () => {
  const run = { kind: "run", id: 7, action: "run_ended" };
  const entries = indexed([
    entry(1, "run_ended", { model: "a", tokens: 1 }),
    entry(2, "run_ended", { model: "b", tokens: 2 }),
    entry(3, "run_started", { model: "c", tokens: 3 }),
  ]);

  it("is proved by any one entry of the action that says all of it", () => {
    expect(proved(entries, "here", run, { model: "a", tokens: 1 })).toEqual([]);
    expect(proved(entries, "here", run, { tokens: 2, model: "b" })).toEqual([]);
    expect(proved(entries, "here", run, { absent: null })).toEqual([]);
  });

  it("is not proved by parts of two, nor by an entry of another action", () => {
    expect(proved(entries, "here", run, { model: "a", tokens: 2 })).toEqual([
      { where: "here", what: "tokens is not what the ledger says" },
    ]);
    expect(proved(entries, "here", run, { model: "c", tokens: 3 })).toEqual([
      { where: "here", what: "model is not what the ledger says" },
    ]);
    expect(proved(entries, "here", { ...run, id: 8 }, {})).toEqual([
      { where: "here", what: "no ledger entry run_ended of run 8" },
    ]);
    expect(entries.about("run", 8)).toEqual([]);
  });

  it("is nothing where it says nothing, or no object", () => {
    expect(saidOf(entry(1, "x", { toString: 1 }), "toString")).toBe(1);
    for (const after of [null, "model", 3, {}, ["x"]]) expect(saidOf(entry(1, "x", after), "toString")).toBeUndefined();
    expect(saidOf(entry(1, "x", "model"), "length")).toBeUndefined();
    expect(saidOf(entry(1, "x", null), "length")).toBeUndefined();
  });
});
