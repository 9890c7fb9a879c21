// Loads what a repository's control issue shows: deliveries that live there, freezes, and what the day has cost.
import { and, count, desc, eq } from "drizzle-orm";
import type { Limits } from "../agent/budget/amounts.ts";
import { usedIn, usedOn } from "../agent/budget/reservations.ts";
import { dayOf } from "../agent/budget/rules.ts";
import type { Config } from "../config/schema.ts";
import type { Sql } from "../db/database.ts";
import { deferredTriggers, deliveries } from "../db/schema.ts";
import { loadDelivery } from "../delivery/store.ts";
import { standingOver } from "../freeze/standing.ts";
import { DeliveryId, type InstallationId, IssueNumber, type RepoId } from "../ids.ts";
import type { Visibility } from "../visibility.ts";
import { live } from "../webhooks/live-deliveries.ts";
import type { ControlView, LiveDelivery } from "./view.ts";

/** More would not be read. */
const MOST_LISTED = 30;

export type ControlPlace = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  /** owner/name */
  name: string;
  visibility: Visibility;
}>;

/** Only what lives in this repository: what is asked for elsewhere may be for fewer people. */
async function liveHere(
  sql: Sql,
  repoId: RepoId,
): Promise<Readonly<{ listed: readonly LiveDelivery[]; more: number }>> {
  const here = and(live, eq(deliveries.repoId, repoId));
  const rows = await sql
    .select({ id: deliveries.id, issue: deliveries.issueNumber, title: deliveries.issueTitle })
    .from(deliveries)
    .where(here)
    .orderBy(desc(deliveries.id))
    .limit(MOST_LISTED);
  const listed: LiveDelivery[] = [];
  for (const { id, issue, title } of rows) {
    const stored = await loadDelivery({ sql }, DeliveryId.parse(id));
    if (stored === null) continue;
    const { phase, runStatus, reason, holds } = stored.delivery;
    listed.push({ id: DeliveryId.parse(id), issue: IssueNumber.parse(issue), title, phase, runStatus, reason, holds });
  }
  const [all] = await sql.select({ rows: count() }).from(deliveries).where(here);
  return { listed, more: Math.max(0, (all?.rows ?? 0) - listed.length) };
}

const approversOf = ({ approvers }: Config, owner: string): readonly string[] | null =>
  approvers === null
    ? null
    : [
        ...approvers.users.map((user) => (typeof user === "string" ? user : `id ${user}`)),
        ...approvers.teams.map(({ organization, slug }) => `${organization ?? owner}/${slug}`),
      ];

/** `config`: today's. */
export async function loadControl(
  sql: Sql,
  { repoId, installationId, name, visibility }: ControlPlace,
  config: Config,
  dayLimits: Limits,
  now: Date,
): Promise<ControlView> {
  const { listed, more } = await liveHere(sql, repoId);
  const day = dayOf(now);
  const [waiting] = await sql
    .select({ rows: count() })
    .from(deferredTriggers)
    .where(and(eq(deferredTriggers.installationId, installationId), eq(deferredTriggers.repoId, repoId)));
  const isPublic = visibility === "public";
  return {
    repository: name,
    prefix: config.commands.prefix,
    label: config.label,
    approvers: approversOf(config, name.split("/")[0] ?? ""),
    freezes: await standingOver(sql, { repoId, installationId }),
    deferred: waiting?.rows ?? 0,
    live: listed,
    more,
    spent: await usedIn(sql, repoId, day),
    installation: isPublic
      ? null
      : {
          spent: await usedOn(sql, installationId, day),
          tokens: dayLimits.tokens,
          micros: dayLimits.micros,
        },
    showCost: !isPublic || config.thread.show_cost,
  };
}
