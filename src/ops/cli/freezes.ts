// `countersign freeze`, `unfreeze` and `freezes`: the operator stops a repository or an installation, and lets it go on.
import { randomBytes } from "node:crypto";
import { and, asc, type Column, eq, isNull, sql as raw, type SQL } from "drizzle-orm";
import { noticeFrozen } from "../../control/notice.ts";
import type { Database, Sql } from "../../db/database.ts";
import { freezes, installations, sources } from "../../db/schema.ts";
import { freeze, lift } from "../../freeze/change.ts";
import type { Frozen } from "../../freeze/standing.ts";
import { type DeliveryId, deliveryName, InstallationId, RepoId, TraceId } from "../../ids.ts";
import { instant } from "../../instant.ts";
import { type CliOutcome, printed, unusable } from "./outcome.ts";

/** `said`: the name as it was given, with the number that it stands for. */
type Meant =
  | Readonly<{ kind: "one"; frozen: Frozen; said: string }>
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "several"; targets: readonly string[] }>;

const targetOf = (frozen: Frozen): string =>
  frozen.kind === "repository" ? `repository:${frozen.repoId}` : `installation:${frozen.installationId}`;

type Candidate = Readonly<{ frozen: Frozen; active: boolean }>;

/** A repository that was deleted and made anew has left a row of the same name: what is active goes before what is not. */
const choose = (name: string, all: readonly Candidate[]): Meant => {
  const active = all.filter((one) => one.active);
  const [one, ...others] = active.length > 0 ? active : all;
  if (one === undefined) return { kind: "none" };
  if (others.length > 0) {
    return { kind: "several", targets: [one, ...others].map(({ frozen }) => targetOf(frozen)).sort() };
  }
  const target = targetOf(one.frozen);
  const number = name === target ? "" : target;
  const absent = one.active ? "" : "not installed on now";
  const which = [number, absent].filter((part) => part !== "").join(", ");
  return { kind: "one", frozen: one.frozen, said: which === "" ? name : `${name} (${which})` };
};

const repositoriesWhere = async (sql: Sql, where: SQL | undefined): Promise<readonly Candidate[]> =>
  (await sql.select().from(sources).where(where)).map(({ repoId, installationId, active }) => ({
    frozen: {
      kind: "repository",
      repoId: RepoId.parse(repoId),
      installationId: InstallationId.parse(installationId),
    },
    active,
  }));

const installationsWhere = async (sql: Sql, where: SQL | undefined): Promise<readonly Candidate[]> =>
  (await sql.select().from(installations).where(where)).map(({ id, removedAt }) => ({
    frozen: { kind: "installation", installationId: InstallationId.parse(id) },
    active: removedAt === null,
  }));

/** No name of GitHub's has a colon. */
const BY_NUMBER = /^(repository|installation):(\d{1,15})$/;

const same = (column: Column, text: string): SQL => eq(raw`lower(${column})`, text.toLowerCase());

const candidates = async (sql: Sql, name: string): Promise<readonly Candidate[]> => {
  const [, kind, id] = BY_NUMBER.exec(name) ?? [];
  if (kind === "repository") return repositoriesWhere(sql, eq(sources.repoId, Number(id)));
  if (kind === "installation") return installationsWhere(sql, eq(installations.id, Number(id)));
  const [owner = "", repository, ...more] = name.split("/");
  if (more.length > 0) return [];
  if (repository !== undefined) {
    return repositoriesWhere(sql, and(same(sources.owner, owner), same(sources.name, repository)));
  }
  // Nothing of one that was removed is left to be stopped.
  return installationsWhere(sql, and(same(installations.accountLogin, owner), isNull(installations.removedAt)));
};

/** `owner/name` for a repository, an account's name alone for all that is installed there, or the number of either. */
const find = async (sql: Sql, name: string): Promise<Meant> => choose(name, await candidates(sql, name));

const unclear = (name: string, meant: Exclude<Meant, { kind: "one" }>): CliOutcome =>
  meant.kind === "several"
    ? unusable(
        `${JSON.stringify(name)} is the name of several: ${meant.targets.join(", ")}. Nothing was changed; name one of them by its number, as it stands here`,
      )
    : unusable(
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
  const meant = await find(db.sql, name);
  if (meant.kind !== "one") return unclear(name, meant);
  const { frozen, said } = meant;
  const put = await db.transaction(async (tx) => {
    await noticeFrozen(tx, frozen);
    return freeze(tx, changing(frozen, at), reason);
  });
  if (put.kind === "already") {
    const { at: since, reason: before } = put.standing;
    return printed(
      `${said} is frozen by the operator since ${since}${before === null ? "" : `: ${JSON.stringify(before)}`}. Unchanged.\n`,
      1,
    );
  }
  return printed(
    `${said} is frozen: nothing is written, begun or paid for there. Held: ${named(put.held)}.\n` +
      `\`countersign unfreeze ${name}\` lifts it.\n`,
  );
}

export async function unfreezeCommand(db: Database, name: string, at: Date): Promise<CliOutcome> {
  const meant = await find(db.sql, name);
  if (meant.kind !== "one") return unclear(name, meant);
  const { frozen, said } = meant;
  const lifted = await db.transaction(async (tx) => {
    await noticeFrozen(tx, frozen);
    return lift(tx, changing(frozen, at));
  });
  if (lifted.kind !== "lifted") {
    return printed(`The operator has not frozen ${said}. \`countersign freezes\` lists what stands.\n`, 1);
  }
  return printed(`The operator's freeze of ${said} is lifted. Going on: ${named(lifted.freed)}.\n`);
}

const standing = async (sql: Sql) => {
  const rows = await sql
    .select({ freeze: freezes, owner: sources.owner, name: sources.name, account: installations.accountLogin })
    .from(freezes)
    .innerJoin(installations, eq(installations.id, freezes.installationId))
    .leftJoin(sources, eq(sources.repoId, freezes.repoId))
    .where(isNull(freezes.liftedAt))
    .orderBy(asc(freezes.id));
  return rows.map(
    ({ freeze: { id, installationId, repoId, by, reason, personLogin, frozenAt }, owner, name, account }) => ({
      id,
      of: owner === null ? account : `${owner}/${name}`,
      target: repoId === null ? `installation:${installationId}` : `repository:${repoId}`,
      by: personLogin ?? by,
      since: instant(frozenAt),
      reason,
    }),
  );
};

export async function listFreezes(sql: Sql, format: "json" | "text"): Promise<CliOutcome> {
  const all = await standing(sql);
  if (format === "json") return printed(`${JSON.stringify(all)}\n`);
  // A reason is somebody's words: nothing in it may take hold of the terminal.
  const line = ({ of, target, by, since, reason }: (typeof all)[number]) =>
    [of, target, `by ${by}`, since, ...(reason === null ? [] : [JSON.stringify(reason)])].join("  ");
  return printed(all.length === 0 ? "Nothing is frozen.\n" : `${all.map(line).join("\n")}\n`);
}
