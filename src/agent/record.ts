// Puts a run and what it left into the database and the ledger, in the transaction of whoever reports its result.
import { and, eq, max } from "drizzle-orm";
import { type ArtifactKind, artifactHash } from "../artifacts/artifact.ts";
import type { Tx } from "../db/database.ts";
import { artifacts, runs } from "../db/schema.ts";
import { ArtifactId, type DeliveryId, type Digest, deliveryName, RunId, type TraceId } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { Asked, Stop } from "./ask.ts";
import type { CostOf } from "./prices.ts";
import type { RoleName } from "./role.ts";
import type { StepSpec } from "./step.ts";

export type RunFacts = Readonly<{
  deliveryId: DeliveryId;
  traceId: TraceId;
  attempt: number;
  role: RoleName;
  step: StepSpec;
  canary: string | null;
  promptHash: Digest;
  contextHash: Digest;
  constraintHash: Digest;
  startedAt: Date;
  endedAt: Date;
}>;

const SYSTEM = { kind: "system", id: "agent" } as const;

/** The word of the row for how a run ended. */
export const outcomeOf = (stop: Stop | null): "succeeded" | "unusable" | "refused" | "failed" | "injected" => {
  switch (stop?.kind) {
    case undefined:
      return "succeeded";
    case "unusable":
      return "unusable";
    case "over_budget":
      return "refused";
    case "endpoint_away":
      return stop.failure === null ? "refused" : "failed";
    case "unavailable":
      return "failed";
    case "injected":
      return "injected";
  }
};

/** What a person may read of a stop: the reason, never the endpoint's own words. */
export const wordsOf = (stop: Stop): string => {
  switch (stop.kind) {
    case "unusable":
      return stop.why.slice(0, 1_500);
    case "unavailable":
      return `${stop.failure.code}: ${stop.failure.message}`;
    case "endpoint_away":
      return stop.failure === null
        ? "the model endpoint is not asked for now"
        : `${stop.failure.code}: ${stop.failure.message}`;
    case "over_budget":
      return `${stop.shortage.unit} of the ${stop.shortage.scope}: ${stop.shortage.used} of ${stop.shortage.limit} used, the next call may need ${stop.shortage.needed}`;
    case "injected":
      return `${stop.what} ${
        stop.source === null
          ? "Which text is behind it is not known."
          : `The text most likely behind it: ${stop.source}.`
      }`.slice(0, 1_500);
  }
};

/** Inserts the run with its transcript; runs that failed are recorded like those that did not. */
export async function recordRun<T>(
  tx: Tx,
  facts: RunFacts,
  asked: Omit<Asked<T>, "prompt">,
  costOf: CostOf,
): Promise<RunId> {
  const stop = asked.result.ok ? null : asked.result.error;
  const row = {
    deliveryId: facts.deliveryId,
    attempt: facts.attempt,
    role: facts.role,
    engine: facts.step.engine,
    model: asked.model,
    promptVersion: facts.step.prompt.version,
    step: facts.step,
    canary: facts.canary,
    promptHash: facts.promptHash,
    contextHash: facts.contextHash,
    constraintHash: facts.constraintHash,
    inputTokens: asked.usage.inputTokens,
    outputTokens: asked.usage.outputTokens,
    costMicros: costOf(asked.model, asked.usage),
    startedAt: facts.startedAt,
    durationMs: Math.max(0, facts.endedAt.getTime() - facts.startedAt.getTime()),
    outcome: outcomeOf(stop),
    error: stop === null ? null : wordsOf(stop),
  };
  const [saved] = await tx.sql
    .insert(runs)
    .values({ ...row, transcript: asked.transcript })
    .returning({ id: runs.id });
  const id = RunId.parse(saved?.id);
  await append(tx, deliveryName(facts.deliveryId), [
    {
      deliveryId: facts.deliveryId,
      at: instant(facts.endedAt),
      actor: SYSTEM,
      action: "run_ended",
      entity: { kind: "run", id: String(id) },
      before: null,
      after: { ...row, startedAt: instant(facts.startedAt), transcriptHash: digestOf(asked.transcript) },
      note: null,
      traceId: facts.traceId,
    },
  ]);
  return id;
}

export type ArtifactFacts = Readonly<{
  deliveryId: DeliveryId;
  traceId: TraceId;
  runId: RunId | null;
  kind: ArtifactKind;
  content: unknown;
  at: Date;
}>;

export type SavedArtifact = Readonly<{ id: ArtifactId; version: number; hash: Digest }>;

/** The next version of a kind. The delivery's ledger chain orders concurrent writers. */
export async function recordArtifact(tx: Tx, facts: ArtifactFacts): Promise<SavedArtifact> {
  const { deliveryId, kind } = facts;
  const [newest] = await tx.sql
    .select({ version: max(artifacts.version) })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, deliveryId), eq(artifacts.kind, kind)));
  const version = (newest?.version ?? 0) + 1;
  const hash = artifactHash({ kind, deliveryId, version, content: facts.content });
  const [saved] = await tx.sql
    .insert(artifacts)
    .values({ deliveryId, runId: facts.runId, kind, version, hash, content: facts.content, createdAt: facts.at })
    .returning({ id: artifacts.id });
  const id = ArtifactId.parse(saved?.id);
  await append(tx, deliveryName(deliveryId), [
    {
      deliveryId,
      at: instant(facts.at),
      actor: SYSTEM,
      action: "artifact_made",
      entity: { kind: "artifact", id: String(id) },
      before: null,
      after: { kind, version, hash, runId: facts.runId },
      note: null,
      traceId: facts.traceId,
    },
  ]);
  return { id, version, hash };
}
