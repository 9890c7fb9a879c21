// What a scenario is: answers of the model, people who act on the thread, and claims about what came of it.
import type { LoggedRequest } from "../github/requests.ts";
import type { Answers } from "../repository/demo-repository.ts";
import type { Beside, Stage } from "../stage.ts";

/** Something that must be true at the end; `seen` is what was found, counted or read. */
export type Claim = Readonly<{ claim: string; holds: boolean; seen: string }>;

export type Play = Readonly<{
  /** The first request after the approval that allows writing; null when none was given. */
  approvedBeforeRequest: number | null;
  claims: readonly Claim[];
}>;

export type Scenario = Readonly<{
  name: string;
  title: string;
  answers: Answers;
  /** Repositories beside the shop that take part. */
  beside?: readonly Beside[];
  /** How the delivery is to end, and with how many approvals in the database. */
  expected: Readonly<{
    outcome: string;
    phase: string;
    approvals: number;
    /** One unless said otherwise; what is said of the end is of the newest. */
    deliveries?: number;
    /** Requests that create a comment, check run, ref, commit or pull request: what GitHub limits most. */
    mostCreations: number;
  }>;
  /** Throws when something that people wait for does not come. */
  play: (stage: Stage) => Promise<Play>;
}>;

/** `seen`: a text, or a list of what was found. */
export const claim = (text: string, holds: boolean, seen: string | readonly string[]): Claim => ({
  claim: text,
  holds,
  seen: typeof seen === "string" ? seen : seen.join(", ") || "none",
});

/** Number that the next request will have. */
export const nextRequest = (requests: readonly LoggedRequest[]): number => requests.length + 1;
