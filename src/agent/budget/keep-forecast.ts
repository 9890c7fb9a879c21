// Makes the forecast of a plan and keeps it in the transaction that stores the plan, so that it is the same ever after.
import { and, desc, eq, max, sql as raw } from "drizzle-orm";
import type { PlanDocument } from "../../artifacts/plan.ts";
import type { ContextPacket } from "../../context/packet.ts";
import type { Sql, Tx } from "../../db/database.ts";
import { forecasts, reservations } from "../../db/schema.ts";
import type { ArtifactId, InstallationId } from "../../ids.ts";
import { estimateTokens } from "../ask.ts";
import type { Texts } from "../briefing.ts";
import type { Usage } from "../engine.ts";
import type { CostOf } from "../prices.ts";
import type { RoleName } from "../role.ts";
import { judge } from "../roles/judge.ts";
import { proposer } from "../roles/proposer.ts";
import { type Forecast, forecastOf, together } from "./forecast.ts";

/** Of the past, no more is looked at: runs, and the calls that are searched for them. */
const MOST_RUNS = 20;
const MOST_CALLS = 400;

/** The newest runs that used anything; a run is all calls of an attempt with one briefing. */
const pastRuns = async (sql: Sql, id: InstallationId, role: RoleName): Promise<readonly Usage[]> => {
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

export type Forecasted = Readonly<{
  planId: ArtifactId;
  plan: PlanDocument;
  packet: ContextPacket;
  texts: Texts;
  installationId: InstallationId;
  models: Readonly<Record<"proposer" | "judge", string>>;
  costOf: CostOf;
}>;

/** Who works once the plan is approved: edits, and a verdict on each change. Repositories without tasks cost nothing. */
export const keepForecast = async (tx: Tx, facts: Forecasted): Promise<void> => {
  const { planId, plan, packet, texts, installationId, models, costOf } = facts;
  const wanted = new Set(plan.tasks.map(({ repository }) => repository.toLowerCase()));
  const inputs = packet.repositories
    .filter(({ name }) => wanted.has(name.toLowerCase()))
    .map((repository) => ({
      packet: { ...packet, repositories: [repository] },
      texts,
      plan,
      repository: repository.name,
      isAlone: wanted.size === 1,
    }));
  const parts = [
    { role: proposer, questions: inputs.map(proposer.messages), model: models.proposer },
    { role: judge, questions: inputs.map(judge.messages), model: models.judge },
  ];
  const ofRoles: Forecast[] = [];
  for (const { role, questions, model } of parts) {
    const past = await pastRuns(tx.sql, installationId, role.name);
    const asked = questions.map(estimateTokens);
    ofRoles.push(forecastOf({ questions: asked, bound: role.maxOutputTokens, past, model, costOf }));
  }
  await tx.sql.insert(forecasts).values({ planId, ...together(ofRoles) });
};
