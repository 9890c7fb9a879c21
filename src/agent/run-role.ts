// One run of a role, from its briefing to what can be recorded: nothing is written here.
import type { Look } from "../context/look.ts";
import { Digest } from "../ids.ts";
import type { Clock } from "../instant.ts";
import { err, type Result } from "../result.ts";
import { isMoreVisible } from "../visibility.ts";
import { type Asked, ask, type Question, type Stop } from "./ask.ts";
import type { Assignment } from "./assignment.ts";
import { DEFAULT_ENGINE, type Engines } from "./engines/registry.ts";
import { withCanary } from "./injection/canary.ts";
import { presentable, promptHashOf } from "./messages.ts";
import type { Meter } from "./meter.ts";
import type { RunFacts } from "./record.ts";
import { HOUSE_VERSION, type Role } from "./role.ts";
import { type StepSpec, THREE_ANSWERS } from "./step.ts";

export type RunDeps = Readonly<{
  engines: Engines;
  clock: Clock;
  timeoutMs: number;
  /** A new one for each run. */
  meterFor: (assignment: Assignment, contextHash: Digest) => Meter;
  /** Twenty small letters, drawn anew for each run. */
  newCanary: () => string;
}>;

export type RoleRun<Output> = Readonly<{ asked: Asked<Output>; facts: RunFacts }>;

export type RunOptions<Output> = Readonly<{
  assignment: Assignment;
  contextHash: Digest;
  model: string;
  signal: AbortSignal;
  check: (output: Output) => Promise<Result<null, string>> | Result<null, string>;
  /** For roles that may look further: into the repositories of their briefing. */
  look?: Look;
}>;

/** What the configuration in force makes of a role. */
export const stepOf = <Input, Output>(
  role: Role<Input, Output>,
  { engines, efforts, answers, resets }: Pick<Assignment, "engines" | "efforts" | "answers" | "resets">,
  given: Readonly<{ model: string; timeoutMs: number }>,
): StepSpec => ({
  role: role.name,
  engine: engines[role.name] ?? DEFAULT_ENGINE,
  model: given.model,
  effort: efforts[role.name] ?? null,
  prompt: { version: `${role.promptVersion}, ${HOUSE_VERSION}`, schema: role.schemaName },
  qa: role.qa ?? "light",
  loop: {
    maxIterations: answers[role.name] ?? (role.loop ?? THREE_ANSWERS).maxIterations,
    resets: resets[role.name] ?? (role.loop ?? THREE_ANSWERS).resets,
  },
  look: role.look ?? null,
  maxOutputTokens: role.maxOutputTokens,
  timeoutMs: given.timeoutMs,
});

/** Nothing was asked: the operator has no such engine, and no other may stand in for it. */
const withoutEngine = async <T>({ step, messages }: Question<T>, engines: Engines): Promise<Asked<T>> => ({
  result: err({
    kind: "unusable",
    why: `There is no engine of the name that agent.engines.${step.role} gives. There is: ${[...engines.keys()].join(", ")}.`,
  }),
  model: step.model,
  usage: { inputTokens: 0, outputTokens: 0 },
  prompt: await presentable(messages),
  transcript: [],
});

/** The readers are not told of a place in a repository that fewer people see. */
const sayable = <T>(result: Result<T, Stop>, { repos }: Assignment): Result<T, Stop> => {
  if (result.ok || result.error.kind !== "injected" || result.error.source === null) return result;
  const { source } = result.error;
  const primary = repos.find(({ role }) => role === "primary");
  const isClosed = repos.some(
    ({ name, visibility }) =>
      source.includes(name) && (primary === undefined || isMoreVisible(primary.visibility, visibility)),
  );
  return isClosed ? err({ ...result.error, source: "a file of a repository that fewer people see" }) : result;
};

/** Asks within the budgets in force. */
export async function runRole<Input, Output>(
  deps: RunDeps,
  role: Role<Input, Output>,
  input: Input,
  options: RunOptions<Output>,
): Promise<RoleRun<Output>> {
  const { assignment, contextHash, model, signal, check, look = null } = options;
  const startedAt = deps.clock();
  const step = stepOf(role, assignment, { model, timeoutMs: deps.timeoutMs });
  const canary = deps.newCanary();
  const guard = { canary, repositories: assignment.repos.map(({ name }) => name) };
  const messages = withCanary(role.messages(input), canary);
  const question = { step, schema: role.schema, messages, check, look, guard };
  const engine = deps.engines.get(step.engine);
  const asked =
    engine === undefined
      ? await withoutEngine(question, deps.engines)
      : await ask(engine, question, deps.meterFor(assignment, contextHash), signal);
  return {
    asked: { ...asked, result: sayable(asked.result, assignment) },
    facts: {
      deliveryId: assignment.delivery.id,
      traceId: assignment.traceId,
      attempt: assignment.delivery.attempt,
      role: role.name,
      step,
      canary,
      promptHash: Digest.parse(promptHashOf(asked.prompt)),
      contextHash,
      constraintHash: assignment.constraintHash,
      startedAt,
      endedAt: deps.clock(),
    },
  };
}
