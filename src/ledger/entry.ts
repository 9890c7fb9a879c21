// What a ledger entry is and how it is hashed: each hash covers the whole entry and the hash before it. Pure.
import { z } from "zod";
import type { Actor } from "../delivery/event.ts";
import { DeliveryId, Digest, deliveryName, type InstallationId, type RepoId, TraceId } from "../ids.ts";
import { Instant } from "../instant.ts";
import { digestOf } from "./canonical.ts";
import { storableJson } from "./storable.ts";

/** A delivery's chain (`D-12`); for what belongs to no delivery a repository's (`R-99`), or an installation's (`I-7`). */
export const Chain = z.string().regex(/^[DRI]-[1-9][0-9]*$/);
export const installationChain = (installation: InstallationId): string => `I-${installation}`;
export const repositoryChain = (repo: RepoId): string => `R-${repo}`;
export const deliveryChain = (delivery: DeliveryId): string => deliveryName(delivery);

/** What the first entry of a chain stands on. */
export const GENESIS: Digest = Digest.parse("0".repeat(64));

/** What a caller says; sequence and hashes are the ledger's. `before` and `after` are null where nothing was or is. */
export type LedgerDraft = Readonly<{
  deliveryId: DeliveryId | null;
  at: Instant;
  actor: Actor;
  /** A verb or event in snake case; a command as `command.approve`. */
  action: string;
  entity: Readonly<{ kind: string; id: string }>;
  before: unknown;
  after: unknown;
  note: string | null;
  traceId: TraceId;
}>;

export const LedgerEntry = z
  .object({
    chain: Chain,
    seq: z.number().int().positive(),
    deliveryId: DeliveryId.nullable(),
    at: Instant,
    actor: z.object({ kind: z.enum(["human", "system", "github"]), id: z.string() }),
    action: z.string(),
    entity: z.object({ kind: z.string(), id: z.string() }),
    before: z.unknown(),
    after: z.unknown(),
    note: z.string().nullable(),
    traceId: TraceId,
    previousHash: Digest,
    hash: Digest,
  })
  .readonly();
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** The newest entry of a chain; `seq` 0 and GENESIS while it has none. */
export type Head = Readonly<{ seq: number; hash: Digest }>;
export const EMPTY: Head = { seq: 0, hash: GENESIS };

/** SHA-256 over the canonical JSON of everything in the entry but the hash itself. */
export function hashOfEntry(entry: Omit<LedgerEntry, "hash">): Digest {
  const { chain, seq, deliveryId, at, actor, action, entity, before, after, note, traceId, previousHash } = entry;
  return digestOf({
    chain,
    seq,
    deliveryId,
    at,
    actor: { kind: actor.kind, id: actor.id },
    action,
    entity: { kind: entity.kind, id: entity.id },
    before: before ?? null,
    after: after ?? null,
    note,
    traceId,
    previousHash,
  });
}

/** The entry that follows `head`. */
export function entryAfter(head: Head, chain: string, draft: LedgerDraft): LedgerEntry {
  const { actor, ...said } = draft;
  const entry = {
    ...said,
    before: kept(draft.before),
    after: kept(draft.after),
    actor: { kind: actor.kind, id: String(actor.id) },
    chain,
    seq: head.seq + 1,
    previousHash: head.hash,
  };
  return { ...entry, hash: hashOfEntry(entry) };
}

/** Plain JSON, as it will be read back. */
const kept = (value: unknown): unknown => JSON.parse(storableJson(value ?? null));
