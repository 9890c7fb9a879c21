// The repositories of a delivery as they are now: what their configurations say, and which of them may take part no longer.
import type { Ceiling } from "../config/ceiling.ts";
import { type ConfigReading, readConfig } from "../config/read.ts";
import type { Config } from "../config/schema.ts";
import type { Database } from "../db/database.ts";
import type { deliveryRepos } from "../db/schema.ts";
import type { GitHub } from "../github/github.ts";
import type { Reading, RepositoryFacts } from "../github/reading.ts";
import { InstallationId, RepoId } from "../ids.ts";
import { sourceState } from "../webhooks/source-rows.ts";
import type { Secondary } from "./admit.ts";
import { permissionOf } from "./participants.ts";
import { readPinned } from "./pin-rows.ts";
import { readSecondary } from "./read-secondary.ts";
import type { RepositoryWhyNot } from "./refusal.ts";
import { whyNotTakingPart } from "./taking-part.ts";

export type TodayDeps = Readonly<{ db: Pick<Database, "sql">; github: Pick<GitHub, "reading">; ceiling: Ceiling }>;

type Row = typeof deliveryRepos.$inferSelect;

/** A repository that takes part in a delivery and may not any more. */
export type OutOfIt = Readonly<{ repoId: RepoId; name: string; why: RepositoryWhyNot }>;

export type Primary = Readonly<{ reading: Reading; facts: RepositoryFacts; config: ConfigReading }>;

/** What of the configuration says who may take part. */
export type Admits = Pick<Config, "repos" | "allow_public_output">;

/** Null where the repository of the issue is gone. Throws GitHubError. */
export async function readPrimary(deps: TodayDeps, row: Row, signal?: AbortSignal): Promise<Primary | null> {
  const repoId = RepoId.parse(row.repoId);
  const reading = await deps.github.reading(InstallationId.parse(row.installationId), [repoId], signal);
  const facts = await reading.repository(repoId);
  return facts === null ? null : { reading, facts, config: await readConfig(reading, repoId, deps.ceiling) };
}

export type Beside = Readonly<{ kind: "in"; secondary: Secondary }> | Readonly<{ kind: "out"; out: OutOfIt }>;

/** Judges one that takes part, by what is so now. Throws GitHubError where trying again may tell. */
export async function judgeBeside(
  deps: TodayDeps,
  primary: Readonly<{ row: Row; facts: RepositoryFacts; admits: Admits }>,
  row: Row,
  signal?: AbortSignal,
): Promise<Beside> {
  const repoId = RepoId.parse(row.repoId);
  const installationId = InstallationId.parse(row.installationId);
  // Moved to another installation, it is another owner's: nothing of what was agreed holds there.
  const together = row.installationId === primary.row.installationId;
  const read = together ? await readSecondary(deps.github, installationId, repoId, deps.ceiling, signal) : null;
  const source = await sourceState(deps.db.sql, installationId, repoId);
  const name = read === null ? `${row.owner}/${row.name}` : `${read.facts.owner}/${read.facts.name}`;
  const home = {
    id: primary.facts.id,
    name: `${primary.facts.owner}/${primary.facts.name}`,
    visibility: primary.facts.visibility,
    allowPublicOutput: primary.admits.allow_public_output,
    confirmed: primary.admits.repos.confirmed,
  };
  const permitted = permissionOf(primary.admits.repos, name);
  const pinned = await readPinned(deps.db.sql, home, { id: repoId, name });
  const why = whyNotTakingPart(home, permitted, read === null ? null : { ...read, source, pinned });
  if (why !== null) return { kind: "out", out: { repoId, name: `${row.owner}/${row.name}`, why } };
  if (read === null || read.config.kind !== "config") throw new Error(`repository ${repoId} takes part unread`);
  return { kind: "in", secondary: { facts: read.facts, config: read.config } };
}
