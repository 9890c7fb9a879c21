// What an agent job is told of its delivery: the state it belongs to, the limits in force, the words so far.
import { and, asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { artifactHash } from "../artifacts/artifact.ts";
import { PlanDocument } from "../artifacts/plan.ts";
import type { Feedback } from "../context/packet.ts";
import { ContextPacket } from "../context/packet.ts";
import { shownProse } from "../context/shown-text.ts";
import type { Sql } from "../db/database.ts";
import {
  artifacts,
  commands,
  constraintSnapshots,
  contextPackets,
  deliveries,
  deliveryRepos,
  feedback,
} from "../db/schema.ts";
import type { Delivery, Phase } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import { type DeliveryId, type Digest, InstallationId, RepoId, type Sha, type TraceId } from "../ids.ts";
import { loadBriefing } from "../rollback/load-order.ts";
import { BudgetRules } from "./budget/rules.ts";
import { EFFORTS, type Effort } from "./engine.ts";
import type { RoleName } from "./role.ts";
import { type LoopPolicy, RESETS } from "./step.ts";

/** The part of a constraint snapshot that agents obey. */
const Limits = z.object({
  config: z.object({
    budget: BudgetRules,
    context: z.object({ never_send: z.array(z.string()) }).prefault({ never_send: [] }),
    agent: z.object({
      models: z.object({
        triage: z.string().nullable(),
        planner: z.string().nullable(),
        proposer: z.string().nullable(),
        judge: z.string().nullable().default(null),
        summariser: z.string().nullable().default(null),
        analyst: z.string().nullable().default(null),
      }),
      engines: z.record(z.string(), z.string().nullable()).prefault({}),
      effort: z.record(z.string(), z.enum(EFFORTS).nullable()).prefault({}),
      answers: z.record(z.string(), z.int().positive().nullable()).prefault({}),
      resets: z.record(z.string(), z.enum(RESETS).nullable()).prefault({}),
      judge: z.enum(["skip", "light", "full"]).default("skip"),
      max_iterations: z.number().int().nonnegative().default(0),
    }),
  }),
});

export type TakingPart = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  name: string;
  visibility: "public" | "internal" | "private";
  role: "primary" | "secondary";
  baseBranch: string;
  baseSha: Sha;
}>;

export type Assignment = Readonly<{
  delivery: Delivery;
  traceId: TraceId;
  issueNumber: number;
  /** In the declared order, the primary first. */
  repos: readonly TakingPart[];
  constraintHash: Digest;
  /** Models by role; null is the operator's default. */
  models: Readonly<Record<RoleName, string | null>>;
  /** Engines and efforts by role, where the configuration names them. */
  engines: Readonly<Record<string, string | null>>;
  efforts: Readonly<Record<string, Effort | null>>;
  /** What the configuration says of a role's loop; null, or no entry, is the role's own. */
  answers: Readonly<Record<string, number | null>>;
  resets: Readonly<Record<string, LoopPolicy["resets"] | null>>;
  judging: "skip" | "light" | "full";
  /** How many times what was proposed goes back to the model. */
  maxIterations: number;
  /** The newest packet: the snapshot of the issue is in every one. */
  packet: ContextPacket;
  /** Globs of what no model may see, beside the defaults. */
  neverSend: readonly string[];
  /** As it may be shown. */
  feedback: readonly Feedback[];
  budget: BudgetRules;
}>;

const VISIBILITIES = ["public", "internal", "private"] as const;

/**
 * Loads it when the job is still wanted: same attempt, same phase, at work, nothing held. Null tells a job to end
 * quietly: somebody else has moved on.
 */
export async function loadAssignment(
  sql: Sql,
  id: DeliveryId,
  attempt: number,
  phase: Phase,
): Promise<Assignment | null> {
  const stored = await loadDelivery({ sql }, id);
  if (stored === null) return null;
  const { delivery, traceId } = stored;
  if (delivery.attempt !== attempt || delivery.phase !== phase) return null;
  if (delivery.runStatus !== "pending" && delivery.runStatus !== "running") return null;
  if (delivery.holds.length > 0) return null;

  const [row] = await sql.select().from(deliveries).where(eq(deliveries.id, id));
  const repos = await sql
    .select()
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, id))
    .orderBy(asc(deliveryRepos.position), asc(deliveryRepos.repoId));
  const [constraints] = await sql
    .select()
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, id))
    .orderBy(desc(constraintSnapshots.version))
    .limit(1);
  const [packet] = await sql
    .select()
    .from(contextPackets)
    .where(eq(contextPackets.deliveryId, id))
    .orderBy(desc(contextPackets.version))
    .limit(1);
  if (row === undefined || constraints === undefined || packet === undefined) {
    throw new Error(`delivery ${id} lacks what admission stores with it`);
  }
  const said = await sql
    .select({ repoId: feedback.repoId, words: feedback.words, by: commands.actorLogin })
    .from(feedback)
    .innerJoin(commands, eq(commands.id, feedback.commandId))
    .where(eq(feedback.deliveryId, id))
    .orderBy(asc(feedback.id));

  const briefing = await loadBriefing(sql, delivery);
  const asked = briefing === null ? [] : [{ repoId: null, words: briefing, by: row.requesterLogin }];

  const limits = Limits.parse(constraints.content).config;
  return {
    delivery,
    traceId,
    issueNumber: row.issueNumber,
    repos: repos.map((repo) => ({
      repoId: RepoId.parse(repo.repoId),
      installationId: InstallationId.parse(repo.installationId),
      name: `${repo.owner}/${repo.name}`,
      // What is not known to be public is treated as private.
      visibility: VISIBILITIES.find((known) => known === repo.visibility) ?? "private",
      role: repo.role === "primary" ? "primary" : "secondary",
      baseBranch: repo.baseBranch,
      baseSha: repo.baseSha,
    })),
    constraintHash: constraints.hash,
    models: limits.agent.models,
    engines: limits.agent.engines,
    efforts: limits.agent.effort,
    answers: limits.agent.answers,
    resets: limits.agent.resets,
    judging: limits.agent.judge,
    maxIterations: limits.agent.max_iterations,
    packet: ContextPacket.parse(packet.content),
    neverSend: limits.context.never_send,
    feedback: await Promise.all([...asked, ...said].map(shownFeedback)),
    budget: limits.budget,
  };
}

const shownFeedback = async ({
  repoId,
  words,
  by,
}: Readonly<{ repoId: number | null; words: string; by: string }>): Promise<Feedback> => {
  const { text, withheld } = await shownProse(words);
  return { scope: repoId === null ? "plan" : RepoId.parse(repoId), words: text, by, withheld };
};

/** What stopped the newest plan, if that was questions. */
export async function questionsAsked(sql: Sql, id: DeliveryId): Promise<readonly string[]> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "plan")))
    .orderBy(desc(artifacts.version))
    .limit(1);
  if (row === undefined) return [];
  const { questions } = PlanDocument.parse(row.content);
  return questions.filter(({ changesPlan }) => changesPlan).map(({ text }) => text);
}

/** The plan that people see now, or approved; null when there is none. The digest is that of what the row holds now. */
export async function loadPlan(
  sql: Sql,
  id: DeliveryId,
  version: number,
): Promise<Readonly<{ document: PlanDocument; digest: Digest }> | null> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "plan"), eq(artifacts.version, version)));
  if (row === undefined) return null;
  const { content } = row;
  return {
    document: PlanDocument.parse(content),
    digest: artifactHash({ kind: "plan", deliveryId: id, version, content }),
  };
}
