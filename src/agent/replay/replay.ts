// Replays a run from what is stored: the same answers through the same code, without any network. Does the same come of it?
import { ArtifactKind, artifactHash } from "../../artifacts/artifact.ts";
import { err, ok, type Result } from "../../result.ts";
import { type Asked, ask } from "../ask.ts";
import { withCanary } from "../injection/canary.ts";
import { presentable, promptHashOf } from "../messages.ts";
import { outcomeOf } from "../record.ts";
import { requestsOf } from "../transcript.ts";
import { puppetsOf } from "./puppets.ts";
import { rebuild } from "./rebuild.ts";
import type { Rebuilt } from "./rebuilt.ts";
import type { ReplayDeps, StoredRun } from "./stored-run.ts";

export type Replayed = Readonly<{
  same: boolean;
  /** One sentence each: what was compared, and how it came out. */
  lines: readonly string[];
}>;

const compared = (
  run: StoredRun,
  result: Asked<unknown>["result"],
  kept: Rebuilt["kept"],
): Readonly<{ same: boolean; line: string }> => {
  const outcome = outcomeOf(result.ok ? null : result.error);
  if (outcome !== run.outcome) return { same: false, line: `outcome: ${outcome} now, ${run.outcome} then` };
  const { artifact } = run;
  if (!result.ok || artifact === null) {
    // A usable answer whose delivery had moved on left no artifact.
    return { same: true, line: `outcome: ${outcome}, as then; no artifact` };
  }
  const { version, hash: then } = artifact;
  const kind = ArtifactKind.parse(artifact.kind);
  const now = artifactHash({ kind, deliveryId: run.deliveryId, version, content: kept(result.value) });
  return {
    same: now === then,
    line: `artifact: ${kind} ${version}, ${now === then ? `${now}, as then` : `${now} now, ${then} then`}`,
  };
};

/** What the run's own code judged then, for what the code of today cannot judge from what is stored. */
const asThen = (failure: string | null | undefined): Result<null, string> =>
  failure === null || failure === undefined ? ok(null) : err(failure);

export async function replay(deps: ReplayDeps, run: StoredRun): Promise<Replayed> {
  const rebuilt = await rebuild(deps, run);
  const [first = []] = requestsOf(run.transcript);
  const puppets = puppetsOf(run.step.engine, run.transcript);
  const byRecord = new Set<string>();

  const withWord = (messages: NonNullable<typeof rebuilt.messages>) =>
    run.canary === null ? messages : withCanary(messages, run.canary);
  const mine = rebuilt.messages === null ? null : withWord(rebuilt.messages);
  const isSamePrompt = mine === null ? null : promptHashOf(await presentable(mine)) === run.promptHash;

  const asked = await ask(
    puppets.engine,
    {
      step: run.step,
      schema: rebuilt.schema,
      messages: mine ?? first,
      check: async (output) => {
        const judged = (await rebuilt.check?.(output)) ?? err("its judgement stands in the transcript alone");
        if (judged.ok) return judged.value;
        byRecord.add(judged.error);
        return asThen(puppets.current()?.failure);
      },
      look: run.step.look === null ? null : puppets.look,
      guard:
        run.canary === null ? null : { canary: run.canary, repositories: run.repositories.map(({ name }) => name) },
    },
    { admit: async () => ok({ settle: async () => null }) },
    new AbortController().signal,
  );

  const end = compared(run, asked.result, rebuilt.kept);
  const unasked = run.transcript.length - asked.transcript.length;
  const differences = [
    ...(isSamePrompt === false ? ["prompt: another one than then, though its version is the same"] : []),
    ...puppets.differences(),
    ...(unasked > 0 ? [`${unasked} more answers were asked for then`] : []),
  ];
  return {
    same: end.same && differences.length === 0,
    lines: [
      ...(mine === null ? [`prompt: not put together again, because ${rebuilt.why}`] : []),
      ...(isSamePrompt ? [`prompt: ${run.promptHash}, as then`] : []),
      ...differences,
      ...[...byRecord].map((why) => `judged as then: ${why}`),
      `calls: ${asked.transcript.length}, looks: ${asked.transcript.flatMap(({ looked }) => looked).length}`,
      end.line,
    ],
  };
}
