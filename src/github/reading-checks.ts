// Reads what was checked on a commit: check runs and commit statuses, as one list.
import { z } from "zod";
import { CheckRunId } from "../ids.ts";
import { listed, type Page } from "./answer.ts";
import type { Client } from "./client.ts";
import { Time } from "./facts.ts";
import type { CheckFacts, Reading } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";

/** GitHub knows more states of a run that has not begun (`waiting`, `requested`, `pending`): all of them are queued. */
const State = z.enum(["queued", "in_progress", "completed"]).catch("queued");

const Conclusion = z.enum([
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
  "stale",
  "startup_failure",
]);

const RunAnswer = z
  .object({
    id: CheckRunId,
    name: z.string(),
    app: z.object({ id: z.number().int() }).nullish(),
    status: State,
    /** One that we do not know is no success. */
    conclusion: z.union([Conclusion, z.null(), z.string().transform(() => "failure" as const)]),
    html_url: z.string().nullish(),
    started_at: Time.nullish(),
    completed_at: Time.nullish(),
  })
  .transform(
    (run): CheckFacts => ({
      source: "check_run",
      id: run.id,
      name: run.name,
      appId: run.app?.id ?? null,
      state: run.status,
      conclusion: run.status === "completed" ? run.conclusion : null,
      url: run.html_url ?? null,
      startedAt: run.started_at ?? null,
      completedAt: run.completed_at ?? null,
    }),
  );

const RunsAnswer: z.ZodType<Page<CheckFacts>> = z
  .object({ total_count: z.number().int(), check_runs: z.array(RunAnswer) })
  .transform((page) => ({ items: page.check_runs, total: page.total_count }));

const StatusAnswer = z
  .object({
    id: z.number().int(),
    context: z.string(),
    state: z.enum(["error", "failure", "pending", "success"]),
    target_url: z.string().nullish(),
    created_at: Time,
    updated_at: Time,
  })
  .transform((status): CheckFacts => {
    const over = status.state !== "pending";
    return {
      source: "status",
      id: status.id,
      name: status.context,
      appId: null,
      state: over ? "completed" : "in_progress",
      conclusion: over ? (status.state === "success" ? "success" : "failure") : null,
      url: status.target_url ?? null,
      startedAt: status.created_at,
      completedAt: over ? status.updated_at : null,
    };
  });

const StatusesAnswer: z.ZodType<Page<CheckFacts>> = z
  .object({ total_count: z.number().int(), statuses: z.array(StatusAnswer) })
  .transform((page) => ({ items: page.statuses, total: page.total_count }));

export const readChecks = (client: Client, at: AddressOf): Pick<Reading, "checks"> => ({
  checks: async (repo, sha) => {
    const runs = await listed(RunsAnswer, (page) =>
      client.rest.checks.listForRef({ ...at(repo), ref: sha, filter: "latest", ...page }),
    );
    const statuses = await listed(StatusesAnswer, (page) =>
      client.rest.repos.getCombinedStatusForRef({ ...at(repo), ref: sha, ...page }),
    );
    return { items: [...runs.items, ...statuses.items], complete: runs.complete && statuses.complete };
  },
});
