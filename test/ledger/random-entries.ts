// Random drafts and chains for the ledger's properties.
import fc from "fast-check";
import { DeliveryId, TraceId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { EMPTY, entryAfter, type Head, type LedgerDraft, type LedgerEntry } from "../../src/ledger/entry.ts";

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 12, unit: "binary" }),
  fc.constantFrom("\u0000", "a\u0000b", "\ud800", "\udfff x", "\u202e", "é", "e\u0301", "\\u0000", "</script>"),
);

/** Any JSON, with the texts and numbers that stores like to change. */
export const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 0.1, 1.5),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toJSON")), tie("value"), { maxKeys: 4 }),
  ),
})).value;

const actor = fc.oneof(
  fc.record({
    kind: fc.constant("human" as const),
    id: fc.integer({ min: 1 }).map((id) => UserId.parse(id)),
    login: fc.string(),
  }),
  fc.record({ kind: fc.constantFrom("system" as const, "github" as const), id: text }),
);

export const draft: fc.Arbitrary<LedgerDraft> = fc.record({
  deliveryId: fc.constantFrom(null, DeliveryId.parse(1)),
  at: fc
    .date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("2199-12-31T23:59:59Z"), noInvalidDate: true })
    .map((date) => instant(date)),
  actor,
  action: text,
  entity: fc.record({ kind: text, id: text }),
  before: json,
  after: json,
  note: fc.oneof(text, fc.constant(null)),
  traceId: fc.constant(TraceId.parse("ab".repeat(16))),
});

export const chainOf = (drafts: readonly LedgerDraft[], chain = "D-1"): LedgerEntry[] => {
  let head: Head = EMPTY;
  return drafts.map((each) => {
    const entry = entryAfter(head, chain, each);
    head = { seq: entry.seq, hash: entry.hash };
    return entry;
  });
};

export const headOf = (entries: readonly LedgerEntry[]): Head => {
  const last = entries.at(-1);
  return last === undefined ? EMPTY : { seq: last.seq, hash: last.hash };
};
