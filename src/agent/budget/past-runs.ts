// What the newest runs of a role used in an installation: what a forecast learns from.
import { and, desc, eq, max, sql as raw } from "drizzle-orm";
import type { Sql } from "../../db/database.ts";
import { reservations } from "../../db/schema.ts";
import type { InstallationId } from "../../ids.ts";
import type { Usage } from "../engine.ts";
import type { RoleName } from "../role.ts";

/** Of the past, no more is looked at: runs, and the calls that are searched for them. */
const MOST_RUNS = 20;
const MOST_CALLS = 400;

/** The newest runs that used anything; a run is all calls of an attempt with one briefing. */
export const pastRuns = async (sql: Sql, id: InstallationId, role: RoleName): Promise<readonly Usage[]> => {
  const calls = sql
    .select()
    .from(reservations)
    .where(and(eq(reservations.installationId, id), eq(reservations.role, role), eq(reservations.state, "settled")))
    .orderBy(desc(reservations.id))
    .limit(MOST_CALLS)
    .as("calls");
  return sql
    .select({
      inputTokens: raw`sum(${calls.inputTokens})`.mapWith(Number),
      outputTokens: raw`sum(${calls.outputTokens})`.mapWith(Number),
    })
    .from(calls)
    .groupBy(calls.deliveryId, calls.attempt, calls.contextHash)
    .having(raw`sum(${calls.outputTokens}) > 0`)
    .orderBy(desc(max(calls.id)))
    .limit(MOST_RUNS);
};
