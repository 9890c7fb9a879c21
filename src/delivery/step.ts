// What `transition` answers: exactly one of four ends, for every state and event.
import type { Delivery } from "./delivery.ts";
import type { Effect } from "./effect.ts";
import type { Refusal } from "./refusal.ts";

export type Step =
  /** The state changed; `next.version` is one more. */
  | Readonly<{ kind: "moved"; next: Delivery; effects: readonly Effect[] }>
  /** Recorded, state unchanged; effects may still answer or publish (an edited issue, a repeated trigger). */
  | Readonly<{ kind: "noted"; effects: readonly Effect[] }>
  /** A command that does not apply: the state is unchanged, the only effect is the answer. */
  | Readonly<{ kind: "refused"; refusal: Refusal; effects: readonly Effect[] }>
  /** A result of an attempt, or a fact about a state, that is no longer current: recorded and dropped. */
  | Readonly<{ kind: "stale"; effects: readonly [] }>;
