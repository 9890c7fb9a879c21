// One run of a role, from its briefing to what can be recorded: nothing is written here.
import { Digest } from "../ids.ts";
import type { Clock } from "../instant.ts";
import type { Result } from "../result.ts";
import { type Asked, ask, promptHashOf } from "./ask.ts";
import type { Assignment } from "./assignment.ts";
import { DEFAULT_ENGINE, type Engines } from "./engines/registry.ts";
import type { Meter } from "./meter.ts";
import type { RunFacts } from "./record.ts";
import type { Role } from "./role.ts";

export type RunDeps = Readonly<{
  engines: Engines;
  clock: Clock;
  timeoutMs: number;
  /** A new one for each run. */
  meterFor: (assignment: Assignment, contextHash: Digest) => Meter;
}>;

export type RoleRun<Output> = Readonly<{ asked: Asked<Output>; facts: RunFacts }>;

/** Asks within the budgets in force. */
export async function runRole<Input, Output>(
  deps: RunDeps,
  role: Role<Input, Output>,
  input: Input,
  options: Readonly<{
    assignment: Assignment;
    contextHash: Digest;
    model: string;
    signal: AbortSignal;
    check: (output: Output) => Promise<Result<null, string>> | Result<null, string>;
  }>,
): Promise<RoleRun<Output>> {
  const { assignment, contextHash, model, signal, check } = options;
  const startedAt = deps.clock();
  const engine = deps.engines.get(DEFAULT_ENGINE);
  if (engine === undefined) throw new Error(`there is no engine ${DEFAULT_ENGINE}`);
  const asked = await ask(
    engine,
    {
      role: role.name,
      model,
      schemaName: role.schemaName,
      schema: role.schema,
      messages: role.messages(input),
      maxOutputTokens: role.maxOutputTokens,
      timeoutMs: deps.timeoutMs,
      check,
    },
    deps.meterFor(assignment, contextHash),
    signal,
  );
  return {
    asked,
    facts: {
      deliveryId: assignment.delivery.id,
      traceId: assignment.traceId,
      attempt: assignment.delivery.attempt,
      role: role.name,
      engine: engine.name,
      promptVersion: role.promptVersion,
      promptHash: Digest.parse(promptHashOf(asked.prompt)),
      contextHash,
      constraintHash: assignment.constraintHash,
      startedAt,
      endedAt: deps.clock(),
    },
  };
}
