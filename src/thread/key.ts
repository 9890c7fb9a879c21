// The names of our publications: one for each thing that we ever put on GitHub for a delivery.
import type { PatchSetView, PlanView } from "./proposal-view.ts";

export const STATUS = "status";
export const RESULT = "result";
export const EYES = "eyes";
export const REPEATED = "repeated";
export const PERMISSION = "permission";

export const planKey = ({ version }: Pick<PlanView, "version">): string => `plan:${version}`;
export const patchKey = (repository: string, { version }: Pick<PatchSetView, "version">): string =>
  `patch:${repository}:${version}`;
export const shipKey = ({ version }: Readonly<{ version: number }>): string => `ship:${version}`;
export const moreKey = (key: string): string => `${key}:more`;
export const checkKey = (key: string): string => `check:${key}`;
export const provenanceKey = (repository: string): string => `check:provenance:${repository}`;
export const labelKey = (label: string): string => `label:${label}`;
/** One note for each stay at a reason that needs a human. */
export const noteKey = (phase: string, attempt: number, reason: string): string => `note:${phase}:${attempt}:${reason}`;
/** One comment for each attempt whose checks GitHub holds back. */
export const heldKey = (attempt: number): string => `held:${attempt}`;
export const reminderKey = (gateKey: string): string => `reminder:${gateKey}`;
/** Rule 9: at most one reply in words for each gate and person. */
export const answerKey = (phase: string, attempt: number, personId: number): string =>
  `answer:${phase}:${attempt}:${personId}`;

/** Comments of the publisher on the issue; answers to commands have a writer of their own. */
export const isOnIssue = (key: string): boolean => key !== EYES && !/^(?:check|label|answer):/.test(key);

/** What a gate's comment or check run shows; for those who find a publication by its remote id. */
export type KeySubject =
  | Readonly<{ kind: "plan"; version: number }>
  | Readonly<{ kind: "patchset"; repository: string; version: number }>
  | Readonly<{ kind: "ship"; version: number }>;

/** Null for keys of publications that show no gate. */
export const subjectOfKey = (key: string): KeySubject | null => {
  const bare = key.replace(/^check:/, "").replace(/:more$/, "");
  const plan = /^plan:(\d+)$/.exec(bare);
  if (plan !== null) return { kind: "plan", version: Number(plan[1]) };
  const ship = /^ship:(\d+)$/.exec(bare);
  if (ship !== null) return { kind: "ship", version: Number(ship[1]) };
  const patch = /^patch:([^:]+\/[^:]+):(\d+)$/.exec(bare);
  if (patch !== null) return { kind: "patchset", repository: patch[1] ?? "", version: Number(patch[2]) };
  return null;
};
