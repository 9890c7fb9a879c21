// What a gate answers: its verdict with the evidence for it, as plain data that is stored and shown.
export const GATES = ["G0", "G1", "G2", "G3", "G4", "G5"] as const;
export type Gate = (typeof GATES)[number];

export type Judgement<G extends Gate, V extends string, E> = Readonly<{
  gate: G;
  verdict: V;
  /** Whether the verdict lets the delivery through. */
  passed: boolean;
  evidence: Readonly<E>;
}>;
