// Makes the forecast of a plan and keeps it in the transaction that stores the plan, so that it is the same ever after.
import type { PlanDocument } from "../../artifacts/plan.ts";
import type { ContextPacket } from "../../context/packet.ts";
import type { Tx } from "../../db/database.ts";
import { forecasts } from "../../db/schema.ts";
import type { ArtifactId, InstallationId } from "../../ids.ts";
import type { Texts } from "../briefing.ts";
import { LOOK_TOOLS } from "../look/tools.ts";
import { estimateForm, estimateTokens } from "../messages.ts";
import type { CostOf } from "../prices.ts";
import { fullJudge, judge } from "../roles/judge.ts";
import { proposer } from "../roles/proposer.ts";
import { type Forecast, forecastOf, together } from "./forecast.ts";
import { pastRuns } from "./past-runs.ts";

export type Forecasted = Readonly<{
  planId: ArtifactId;
  plan: PlanDocument;
  packet: ContextPacket;
  texts: Texts;
  installationId: InstallationId;
  models: Readonly<Record<"proposer" | "judge", string>>;
  judging: "skip" | "light" | "full";
  costOf: CostOf;
}>;

/** Who works once the plan is approved: edits for each task, and a verdict on each change. Repositories without tasks cost nothing. */
export const keepForecast = async (tx: Tx, facts: Forecasted): Promise<void> => {
  const { planId, plan, packet, texts, installationId, models, judging, costOf } = facts;
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
  const perTask = plan.tasks.flatMap(({ id, repository }) =>
    inputs
      .filter((input) => input.repository.toLowerCase() === repository.toLowerCase())
      .map((input) => ({ ...input, packet: { ...input.packet, task: { id, after: [], files: [], leftOut: 0 } } })),
  );
  // Who reads diffs alone is asked without the files; of those, nobody knows the size yet.
  const judged = inputs.map((input) =>
    judging === "full" ? input : { ...input, packet: { ...input.packet, repositories: [] } },
  );
  const parts = [
    { role: proposer, questions: perTask.map(proposer.messages), model: models.proposer },
    ...(judging === "skip"
      ? []
      : [{ role: judging === "full" ? fullJudge : judge, questions: judged.map(judge.messages), model: models.judge }]),
  ];
  const ofRoles: Forecast[] = [];
  for (const { role, questions, model } of parts) {
    const past = await pastRuns(tx.sql, installationId, role.name);
    const form = estimateForm(role.schema, role.look === undefined ? [] : LOOK_TOOLS);
    const asked = questions.map((question) => estimateTokens(question) + form);
    ofRoles.push(forecastOf({ questions: asked, bound: role.maxOutputTokens, past, model, costOf }));
  }
  await tx.sql.insert(forecasts).values({ planId, ...together(ofRoles) });
};
