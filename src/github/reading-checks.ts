// Reads what was checked on a commit, or is held back: check runs, commit statuses and workflow runs, as one list.
import { z } from "zod";
import { CheckRunId, type RepoId, type Sha } from "../ids.ts";
import { listed, type Page } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError, NotGranted } from "./errors.ts";
import { Time } from "./facts.ts";
import type { CheckFacts, Listed, Reading } from "./reading.ts";
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

/** A test that is named further down is not found: its criterion is then proven by the check as a whole, or accepted. */
const MOST_WORDS = 60_000;

type Output = Readonly<Record<"title" | "summary" | "text", string | null | undefined>>;

const reportOf = ({ title, summary, text }: Partial<Output>): Readonly<{ report?: string }> => {
  const words = [title, summary, text].filter((part) => part != null && part !== "").join("\n");
  return words === "" ? {} : { report: words.slice(0, MOST_WORDS) };
};

const RunAnswer = z
  .object({
    id: CheckRunId,
    name: z.string(),
    app: z.object({ id: z.number().int() }).nullish(),
    status: State,
    /** One that we do not know is no success. */
    conclusion: z.union([Conclusion, z.null(), z.string().transform(() => "failure" as const)]),
    html_url: z.string().nullish(),
    output: z
      .object({ title: z.string().nullish(), summary: z.string().nullish(), text: z.string().nullish() })
      .nullish()
      .catch(null),
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
      ...reportOf(run.output ?? {}),
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

const HeldAnswer = z
  .object({ id: z.number().int(), name: z.string().nullish(), html_url: z.string().nullish(), created_at: Time })
  .transform(
    (run): CheckFacts => ({
      source: "workflow_run",
      id: run.id,
      name: run.name ?? "workflow",
      appId: null,
      state: "completed",
      conclusion: "action_required",
      url: run.html_url ?? null,
      startedAt: run.created_at,
      completedAt: null,
    }),
  );

const HeldsAnswer: z.ZodType<Page<CheckFacts>> = z
  .object({ total_count: z.number().int(), workflow_runs: z.array(HeldAnswer) })
  .transform((page) => ({ items: page.workflow_runs, total: page.total_count }));

const NONE: Listed<CheckFacts> = { items: [], complete: true };

/** Workflows that wait for a maintainer. Where they may not be read they are missed, and people are told of zero checks in the end. */
const heldRuns = async (actions: () => Promise<Client>, at: AddressOf, repo: RepoId, sha: Sha) => {
  try {
    const { rest } = await actions();
    return await listed(HeldsAnswer, (page) =>
      rest.actions.listWorkflowRunsForRepo({ ...at(repo), head_sha: sha, status: "action_required", ...page }),
    );
  } catch (error) {
    const isRefused = error instanceof GitHubError && ["forbidden", "not_found"].includes(error.code);
    if (isRefused || error instanceof NotGranted) return NONE;
    throw error;
  }
};

/** `actions`: with a token of its own, because an owner may have declined that permission. */
export const readChecks = (client: Client, at: AddressOf, actions: () => Promise<Client>): Pick<Reading, "checks"> => ({
  checks: async (repo, sha) => {
    const runs = await listed(RunsAnswer, (page) =>
      client.rest.checks.listForRef({ ...at(repo), ref: sha, filter: "latest", ...page }),
    );
    const statuses = await listed(StatusesAnswer, (page) =>
      client.rest.repos.getCombinedStatusForRef({ ...at(repo), ref: sha, ...page }),
    );
    const held = await heldRuns(actions, at, repo, sha);
    return {
      items: [...runs.items, ...statuses.items, ...held.items],
      complete: runs.complete && statuses.complete && held.complete,
    };
  },
});
