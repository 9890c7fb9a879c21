// What every model call passes: somebody sets aside what it may cost before it is made, and is told what it did cost.
import type { Shortage } from "../delivery/shortage.ts";
import type { Instant } from "../instant.ts";
import type { Result } from "../result.ts";
import type { EngineFailure, Usage } from "./engine.ts";

/** The most that one call may use, in tokens; input is counted by the estimate of ask.ts. */
export type CallEstimate = Readonly<{
  role: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** The most that it lasts. */
  timeoutMs: number;
}>;

/** How a call ended. `model` is the endpoint's own name of it, where it answered; `failure` null where it did. */
export type CallEnd = Readonly<{ model: string; usage: Usage; failure: EngineFailure | null }>;

/** Nobody asks this endpoint before `until`. */
export type Closed = Readonly<{ endpoint: string; until: Instant }>;

/** Nothing was spent. */
export type Refused =
  | Readonly<{ kind: "over_budget"; shortage: Shortage }>
  /** `failure`: of the call that was one too many; null where none was made. */
  | (Readonly<{ kind: "endpoint_away"; failure: EngineFailure | null }> & Closed);

/** The right to make one call. It is settled once, whatever became of the call; a thrown abort leaves it to its lease. */
export type Passage = Readonly<{
  /** Answers that the endpoint is not to be asked again for now, after a failure that was one too many. */
  settle: (end: CallEnd) => Promise<Closed | null>;
}>;

/** Of one run. No transaction is open between the two: the call lies there. */
export type Meter = Readonly<{ admit: (call: CallEstimate) => Promise<Result<Passage, Refused>> }>;
