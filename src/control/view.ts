// What a control issue shows, as one plain value.
import type { Hold, Phase, RunStatus } from "../delivery/delivery.ts";
import type { Reason } from "../delivery/reason.ts";
import type { Freeze } from "../freeze/standing.ts";
import type { DeliveryId, IssueNumber } from "../ids.ts";

export type LiveDelivery = Readonly<{
  id: DeliveryId;
  issue: IssueNumber;
  /** As the issue was called when the label was put on: somebody's words. */
  title: string;
  phase: Phase;
  runStatus: RunStatus;
  reason: Reason | null;
  holds: readonly Hold[];
}>;

export type Spent = Readonly<{ tokens: number; micros: number }>;

export type ControlView = Readonly<{
  /** owner/name */
  repository: string;
  prefix: string | null;
  /** Which label starts a delivery. */
  label: string;
  /** Logins, ids and teams; null: everyone with the role maintain or admin. */
  approvers: readonly string[] | null;
  freezes: readonly Freeze[];
  /** Labels that wait for the end of a freeze. */
  deferred: number;
  /** Whose issue is in this repository: others may be for fewer people. */
  live: readonly LiveDelivery[];
  /** How many live ones are not listed. */
  more: number;
  /** On this UTC day. */
  spent: Spent;
  /** Of all repositories of the installation together; null where they are nobody's business here. */
  installation: Readonly<{ spent: Spent; tokens: number | null; micros: number | null }> | null;
  showCost: boolean;
}>;
