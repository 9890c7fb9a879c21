// The entries of a bundle's ledger, by what they are about: what the proofs ask. Pure.
import { digestOf } from "../canonical.ts";
import type { LedgerEntry } from "../entry.ts";
import type { Problem } from "./seal.ts";

export interface Entries {
  readonly all: readonly LedgerEntry[];
  readonly about: (kind: string, id: string | number) => readonly LedgerEntry[];
}

export function indexed(all: readonly LedgerEntry[]): Entries {
  const byEntity = Map.groupBy(all, ({ entity }) => `${entity.kind} ${entity.id}`);
  return { all, about: (kind, id) => byEntity.get(`${kind} ${id}`) ?? [] };
}

/** The value of a key in what an entry says after; undefined where it says nothing of it. */
export const saidOf = ({ after }: LedgerEntry, key: string): unknown =>
  typeof after === "object" && after !== null && Object.hasOwn(after, key) ? Reflect.get(after, key) : undefined;

/**
 * Some entry of this action about the thing says all of this. Answers what is wrong: no such entry, or the first key of
 * which the ledger says something else.
 */
export function proved(
  entries: Entries,
  where: string,
  about: Readonly<{ kind: string; id: string | number; action: string }>,
  claims: Readonly<Record<string, unknown>>,
): Problem[] {
  const candidates = entries.about(about.kind, about.id).filter(({ action }) => action === about.action);
  if (candidates.length === 0) return [{ where, what: `no ledger entry ${about.action} of ${about.kind} ${about.id}` }];
  const wrong = candidates.map((entry) =>
    Object.entries(claims).find(([key, value]) => !same(saidOf(entry, key), value)),
  );
  const [first] = wrong;
  if (first === undefined || wrong.some((each) => each === undefined)) return [];
  return [{ where, what: `${first[0]} is not what the ledger says` }];
}

export const same = (a: unknown, b: unknown): boolean => digestOf(a ?? null) === digestOf(b ?? null);
