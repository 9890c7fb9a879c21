// What every model call passes: somebody sets aside what it may cost before it is made, and is told what it did cost.
import type { Shortage } from "../delivery/shortage.ts";
import type { Result } from "../result.ts";
import type { EngineFailure, Usage } from "./engine.ts";

/** The most that one call may use, in tokens; input is counted by the estimate of ask.ts. */
export type CallEstimate = Readonly<{ role: string; model: string; inputTokens: number; outputTokens: number }>;

/** How a call ended. `model` is the endpoint's own name of it, where it answered; `failure` null where it did. */
export type CallEnd = Readonly<{ model: string; usage: Usage; failure: EngineFailure | null }>;

/** Nothing was spent. */
export type Refused = Readonly<{ kind: "over_budget"; shortage: Shortage }>;

/** The right to make one call. It is settled once, whatever became of the call; a thrown abort leaves it to its lease. */
export type Passage = Readonly<{ settle: (end: CallEnd) => Promise<void> }>;

/** Of one run. No transaction is open between the two: the call lies there. */
export type Meter = Readonly<{ admit: (call: CallEstimate) => Promise<Result<Passage, Refused>> }>;
