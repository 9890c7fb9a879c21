// `countersign freeze`, `unfreeze` and `freezes`: the operator stops a repository or an installation, and lets it go on.
import { randomBytes } from "node:crypto";
import { asc, eq, isNull, sql as raw } from "drizzle-orm";
import { noticeFrozen } from "../../control/notice.ts";
import type { Database, Sql } from "../../db/database.ts";
import { freezes, installations, sources } from "../../db/schema.ts";
import { freeze, lift } from "../../freeze/change.ts";
import type { Frozen } from "../../freeze/standing.ts";
import { type DeliveryId, deliveryName, InstallationId, RepoId, TraceId } from "../../ids.ts";
import { instant } from "../../instant.ts";
import { type CliOutcome, printed, unusable } from "./outcome.ts";

/** What was meant: `owner/name` for a repository, an account's name alone for all that is installed there. */
async function find(sql: Sql, name: string): Promise<Frozen | null> {
  const [owner = "", repository] = name.split("/");
  const same = (column: typeof sources.owner | typeof installations.accountLogin, text: string) =>
    eq(raw`lower(${column})`, text.toLowerCase());
  if (repository === undefined) {
    const rows = await sql
      .select({ id: installations.id, removedAt: installations.removedAt })
      .from(installations)
      .where(same(installations.accountLogin, owner));
    const found = rows.find(({ removedAt }) => removedAt === null);
    return found === undefined ? null : { kind: "installation", installationId: InstallationId.parse(found.id) };
  }
  const rows = await sql
    .select({ repoId: sources.repoId, installationId: sources.installationId, name: sources.name })
    .from(sources)
    .where(same(sources.owner, owner));
  const found = rows.find((row) => row.name.toLowerCase() === repository.toLowerCase());
  if (found === undefined) return null;
  const installationId = InstallationId.parse(found.installationId);
  return { kind: "repository", repoId: RepoId.parse(found.repoId), installationId };
}

const unknown = (name: string): CliOutcome =>
  unusable(
    `nothing that Countersign knows is called ${JSON.stringify(name)}: name a repository (owner/name) that it is installed on, or an account`,
  );

const named = (ids: readonly DeliveryId[]): string => (ids.length === 0 ? "none" : ids.map(deliveryName).join(", "));

const changing = (frozen: Frozen, at: Date) => ({
  frozen,
  word: { by: "operator" } as const,
  at,
  traceId: TraceId.parse(randomBytes(16).toString("hex")),
});

export async function freezeCommand(db: Database, name: string, reason: string | null, at: Date): Promise<CliOutcome> {
  const frozen = await find(db.sql, name);
  if (frozen === null) return unknown(name);
  const put = await db.transaction(async (tx) => {
    await noticeFrozen(tx, frozen);
    return freeze(tx, changing(frozen, at), reason);
  });
  if (put.kind === "already") {
    const { at: since, reason: before } = put.standing;
    return printed(
      `${name} is frozen by the operator since ${since}${before === null ? "" : `: ${JSON.stringify(before)}`}. Unchanged.\n`,
      1,
    );
  }
  return printed(
    `${name} is frozen: nothing is written, begun or paid for there. Held: ${named(put.held)}.\n` +
      `\`countersign unfreeze ${name}\` lifts it.\n`,
  );
}

export async function unfreezeCommand(db: Database, name: string, at: Date): Promise<CliOutcome> {
  const frozen = await find(db.sql, name);
  if (frozen === null) return unknown(name);
  const lifted = await db.transaction(async (tx) => {
    await noticeFrozen(tx, frozen);
    return lift(tx, changing(frozen, at));
  });
  if (lifted.kind !== "lifted") {
    return printed(`The operator has not frozen ${name}. \`countersign freezes\` lists what stands.\n`, 1);
  }
  return printed(`The operator's freeze of ${name} is lifted. Going on: ${named(lifted.freed)}.\n`);
}

const standing = async (sql: Sql) => {
  const rows = await sql
    .select({ freeze: freezes, owner: sources.owner, name: sources.name, account: installations.accountLogin })
    .from(freezes)
    .innerJoin(installations, eq(installations.id, freezes.installationId))
    .leftJoin(sources, eq(sources.repoId, freezes.repoId))
    .where(isNull(freezes.liftedAt))
    .orderBy(asc(freezes.id));
  return rows.map(({ freeze: { id, by, reason, personLogin, frozenAt }, owner, name, account }) => ({
    id,
    of: owner === null ? account : `${owner}/${name}`,
    by: personLogin ?? by,
    since: instant(frozenAt),
    reason,
  }));
};

export async function listFreezes(sql: Sql, format: "json" | "text"): Promise<CliOutcome> {
  const all = await standing(sql);
  if (format === "json") return printed(`${JSON.stringify(all)}\n`);
  // A reason is somebody's words: nothing in it may take hold of the terminal.
  const line = ({ of, by, since, reason }: (typeof all)[number]) =>
    [of, `by ${by}`, since, ...(reason === null ? [] : [JSON.stringify(reason)])].join("  ");
  return printed(all.length === 0 ? "Nothing is frozen.\n" : `${all.map(line).join("\n")}\n`);
}
