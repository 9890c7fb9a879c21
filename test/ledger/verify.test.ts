// Whatever is done to a chain is found, and at the right place.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY, type Head, hashOfEntry, type LedgerEntry } from "../../src/ledger/entry.ts";
import { type Finding, verifyChain } from "../../src/ledger/verify.ts";
import { runs } from "../support/runs.ts";
import { chainOf, draft, headOf } from "./random-entries.ts";

/** A chain and a place in it. */
const chainAndPlace = fc
  .array(draft, { minLength: 1, maxLength: 8 })
  .chain((drafts) => fc.tuple(fc.constant(chainOf(drafts)), fc.nat({ max: drafts.length - 1 })));

const at = (entries: readonly LedgerEntry[], index: number): LedgerEntry => {
  const entry = entries[index];
  if (entry === undefined) throw new Error(`no entry ${index}`);
  return entry;
};

const finding = (rows: readonly unknown[], head: Head | null): Finding | null => {
  const verdict = verifyChain("D-1", rows, head);
  return verdict.ok ? null : verdict.finding;
};

const rehashed = (entry: LedgerEntry): LedgerEntry => ({ ...entry, hash: hashOfEntry(entry) });

/** One field of an entry, changed to something else. */
const alterations: Readonly<Record<string, (entry: LedgerEntry) => unknown>> = {
  at: (e) => ({ ...e, at: e.at.startsWith("2026") ? e.at.replace("2026", "2025") : e.at.replace(/^..../, "2026") }),
  actorKind: (e) => ({ ...e, actor: { ...e.actor, kind: e.actor.kind === "system" ? "human" : "system" } }),
  actorId: (e) => ({ ...e, actor: { ...e.actor, id: `${e.actor.id}1` } }),
  action: (e) => ({ ...e, action: `${e.action}.` }),
  entityKind: (e) => ({ ...e, entity: { ...e.entity, kind: `${e.entity.kind}x` } }),
  entityId: (e) => ({ ...e, entity: { ...e.entity, id: `${e.entity.id}x` } }),
  before: (e) => ({ ...e, before: { was: e.before } }),
  after: (e) => ({ ...e, after: [e.after] }),
  afterGone: (e) => ({ ...e, after: e.after === null ? "something" : null }),
  note: (e) => ({ ...e, note: e.note === null ? "" : null }),
  deliveryId: (e) => ({ ...e, deliveryId: e.deliveryId === null ? 7 : null }),
  traceId: (e) => ({ ...e, traceId: "cd".repeat(16) }),
  hash: (e) => ({ ...e, hash: hashOfEntry({ ...e, action: "other" }) }),
  infinite: (e) => ({ ...e, after: { n: Number.POSITIVE_INFINITY } }),
  notAnEntry: () => ({ garbage: true }),
};

describe("a chain", () => {
  it("that was only appended to verifies, and any prefix of it does without a head", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        expect(verifyChain("D-1", entries, headOf(entries))).toEqual({ ok: true, chain: "D-1", head: headOf(entries) });
        expect(finding(entries.slice(0, place), null)).toBeNull();
      }),
      runs(100),
    );
    expect(finding([], EMPTY)).toBeNull();
  });

  it.each(Object.entries(alterations))("tells where %s was altered", (_name, alter) => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        const rows = entries.with(place, at(entries, place)).map((each, i) => (i === place ? alter(each) : each));
        expect(finding(rows, headOf(entries))).toMatchObject({ seq: place + 1, kind: "altered" });
      }),
      runs(30),
    );
  });

  it("tells where a row was rewritten together with its hash", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        const forged = rehashed({ ...at(entries, place), action: "forged.action" });
        expect(finding(entries.with(place, forged), headOf(entries))).toMatchObject({
          seq: place + 1,
          kind: "altered",
        });
      }),
      runs(100),
    );
  });

  it("tells where a row was put on other feet", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        const forged = rehashed({ ...at(entries, place), previousHash: hashOfEntry(at(entries, 0)) });
        fc.pre(forged.previousHash !== at(entries, place).previousHash);
        expect(finding(entries.with(place, forged), headOf(entries))).toMatchObject({
          seq: place + 1,
          kind: "altered",
        });
      }),
      runs(100),
    );
  });

  it("tells which row is missing", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        expect(finding(entries.toSpliced(place, 1), headOf(entries))).toMatchObject({
          seq: place + 1,
          kind: "missing",
        });
      }),
      runs(100),
    );
  });

  it("tells where a row is missing although the others were numbered anew", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        const rows = entries.toSpliced(place, 1).map((entry, i) => ({ ...entry, seq: i + 1 }));
        expect(finding(rows, headOf(entries))).toMatchObject({ seq: place + 1 });
      }),
      runs(100),
    );
  });

  it("tells where a row was put in, be it numbered anew and hashed or not", () => {
    fc.assert(
      fc.property(chainAndPlace, draft, ([entries, place], extra) => {
        const { previousHash } = at(entries, place);
        const forged = rehashed({ ...at(chainOf([extra]), 0), seq: place + 1, previousHash });
        const crude = entries.toSpliced(place, 0, forged);
        expect(finding(crude, headOf(entries))).toMatchObject({ seq: place + 1, kind: "inserted" });
        const numbered = crude.map((entry, i) => ({ ...entry, seq: i + 1 }));
        expect(finding(numbered, headOf(entries))).toMatchObject({ seq: place + 1, kind: "inserted" });
        const unhashed = entries.toSpliced(place, 0, { ...forged, action: `${forged.action}?` });
        expect(finding(unhashed, headOf(entries))).toMatchObject({ seq: place + 1, kind: "inserted" });
      }),
      runs(100),
    );
  });

  it("tells that a row was put on its end", () => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 6 }), draft, (drafts, extra) => {
        const longer = chainOf([...drafts, extra]);
        const known = longer.slice(0, -1);
        expect(finding(longer, headOf(known))).toMatchObject({ seq: longer.length, kind: "inserted" });
      }),
      runs(50),
    );
  });

  it("tells where two rows changed places", () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(), ([entries, place], far) => {
        const other = place + 1 + (far % Math.max(1, entries.length - place - 1));
        fc.pre(other < entries.length);
        const rows = entries.with(place, at(entries, other)).with(other, at(entries, place));
        expect(finding(rows, headOf(entries))).toMatchObject({ seq: place + 1, kind: "reordered" });
      }),
      runs(100),
    );
  });

  it("takes no row of another chain", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        const foreign = entries.map((entry) => ({ ...entry, chain: "D-2" }));
        expect(finding(entries.with(place, at(foreign, place)), headOf(entries))).toMatchObject({
          seq: place + 1,
          kind: "inserted",
        });
      }),
      runs(50),
    );
  });

  it("that was rewritten from some row to its end is found by the head alone", () => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 6 }), (drafts) => {
        const entries = chainOf(drafts);
        const forged = chainOf(drafts.map((each, i) => (i === 0 ? { ...each, action: `${each.action}!` } : each)));
        expect(finding(forged, null)).toBeNull();
        expect(finding(forged, headOf(entries))).toMatchObject({ seq: entries.length, kind: "altered" });
      }),
      runs(50),
    );
  });
});
