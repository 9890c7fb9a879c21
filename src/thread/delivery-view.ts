// Everything that the thread shows of a delivery, as one plain value: what renderers take and `view.ts` loads.
import type { FailureAnalysis } from "../artifacts/failure-analysis.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import type { Summary } from "../artifacts/summary.ts";
import type { TriageDocument } from "../artifacts/triage.ts";
import type { Gate } from "../config/gate-approvers.ts";
import type { Delivery, Hold, Phase, RepoRole, RunStatus } from "../delivery/delivery.ts";
import type { Bound } from "../delivery/gates/criteria.ts";
import type { Reason } from "../delivery/reason.ts";
import type { Shortage } from "../delivery/shortage.ts";
import type {
  DeliveryId,
  Digest,
  InstallationId,
  IssueNumber,
  PullNumber,
  RepoId,
  Sha,
  TraceId,
  UserId,
} from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { StoredVerdict } from "../provenance/verdict.ts";
import type { RevertOrder } from "../rollback/order.ts";
import type { ShipContent } from "../shipping/content.ts";
import type { Readiness } from "../shipping/readiness.ts";
import type { Reworded } from "../verify/reworded.ts";
import type { Visibility } from "../visibility.ts";
import type { PatchSetView, PlanView } from "./proposal-view.ts";

export type { Visibility } from "../visibility.ts";

export type RepositoryView = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  /** owner/name, as people know it. */
  name: string;
  visibility: Visibility;
  role: RepoRole;
  baseBranch: string;
  baseSha: Sha;
  pullRequest: PullNumber | null;
  /**
   * What the WriteGate pushed. `perhaps`: its commit was made, and whether the push was stopped before or after it was done is
   * not known. Null while there is no commit.
   */
  branch: Readonly<{ name: string; stands: "yes" | "perhaps" }> | null;
}>;

export type ApprovalView = Readonly<{
  kind: string;
  digest: Digest;
  login: string;
  at: Instant;
  /** Why it no longer counts. */
  voided: string | null;
}>;

/** One stay in a phase. */
export type StayView = Readonly<{
  phase: Phase;
  enteredAt: Instant;
  leftAt: Instant | null;
  endedAs: RunStatus | null;
  reason: Reason | null;
}>;

export type RunView = Readonly<{
  role: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar; null when the price is not known. */
  costMicros: number | null;
  durationMs: number;
  outcome: string;
  contextHash: Digest;
  constraintHash: Digest;
}>;

/** A command that was accepted. */
export type DecisionView = Readonly<{
  command: string;
  login: string;
  at: Instant;
  /** What it approved. */
  approved?: readonly Readonly<{ kind: string; digest: Digest }>[] | undefined;
}>;

export type HoldView = Readonly<{ hold: Hold; since: Instant | null; login: string | null }>;

/** One check of a pull request's head, as G4 saw it. */
export type CheckView = Readonly<{
  /** Of the pull request; null where the evidence does not say. */
  repoId: RepoId | null;
  name: string;
  meaning: "passed" | "no_opinion" | "failed" | "waiting" | "held";
  /** GitHub's word; `missing` for one that is required and was not reported. */
  said: string;
  url: string | null;
  /** Older runs of it that count no more. */
  reruns?: number | undefined;
}>;

/** The evidence for one criterion of the approved plan, and who accepted it. */
export type CriterionView = Bound & Readonly<{ accepted: Readonly<{ login: string; at: Instant }> | null }>;

/** What the machine was told and does not keep: the words behind its present reason, and facts that only the thread says. */
export type FactsView = Readonly<{
  /** Of the event that led to the present reason. */
  note: string | null;
  /** Which limit it was, where a budget refused a call. */
  shortage?: Shortage | undefined;
  /** When an endpoint that is away is asked again. */
  askedAgain?: Instant | undefined;
  /** When the present state was entered. */
  since: Instant;
  issueEdited: boolean;
  /** The label was put on again while the delivery was live. */
  triggerRepeated: boolean;
  /** The open gate's deadline has passed. */
  overdue: boolean;
  /** How often the model endpoint did not answer in this attempt, and when last; null while it is not waited for. */
  paused: Readonly<{ tries: number; last: Instant }> | null;
  /** When an open gate was last found to be older than approvals may be, and how old that is, in seconds. */
  expired?: Readonly<{ at: Instant; ttl: number }> | undefined;
  /** Repositories whose base branch has moved on; the approved base still stands in its history. */
  baseMoved: readonly RepoId[];
  /** Why what was approved was not merged, while it is put up again. */
  mergeRefused?: string | undefined;
  /** Webhooks of its repositories that GitHub could not hand over since it began. */
  lost?: Readonly<{ count: number; last: Instant }> | undefined;
  /** Commands of which no webhook came in, oldest first. */
  unheard?: readonly Readonly<{ login: string; at: Instant }>[] | undefined;
  /** Since when it could not be compared with how things stand on GitHub; absent while it can. */
  unsettledSince?: Instant | undefined;
}>;

/** What no model was shown, or was shown by its code points. */
export type WithheldView = Readonly<{ secrets: number; hiddenParts: number; hiddenCharacters: number }>;

/** What the deploy gate shows or showed. */
export type ShipView = Readonly<{ version: number; digest: Digest; content: ShipContent; madeAt: Instant }>;

/** What went wrong after a merge: its name, GitHub's word for how it stands, and where it is told. */
export type BrokenView = Readonly<{ what: "deployment" | "check"; name: string; said: string; url: string | null }>;

/** How a merge fares, by the newest look of this window. */
export type ObservedView = Readonly<{
  /** `commit` is null while GitHub does not say what the merge made. */
  merges: readonly Readonly<{ repoId: RepoId; commit: Sha | null; broken: readonly BrokenView[] }>[];
  since: Instant;
  windowSeconds: number;
  deployments: readonly Readonly<{ environment: string; state: string; url: string | null }>[];
  checks: Readonly<{ passed: number; failed: number; waiting: number }>;
}>;

/** `id` is null between the intent and the receipt. */
export type PublishedView = Readonly<{ key: string; id: number | null; url: string | null }>;

export type LedgerView = Readonly<{ entries: number; head: Digest | null }>;

export type NamedApprovers = Readonly<{ users: readonly string[]; teams: readonly string[] }>;

/** What configuration says about the thread. */
export type ThreadSettings = Readonly<{
  /** Null: whoever has the role maintain or admin. */
  approvers: NamedApprovers | null;
  /** Of the gates that have people of their own. */
  gateApprovers: Readonly<Partial<Record<Gate, NamedApprovers>>>;
  /** Whether whoever put the label on may be the only one who approves. */
  requester: "counts" | "not_alone";
  quorum: Readonly<{ plan: number; review: number; deploy?: number | undefined }>;
  /** How long a merge is watched. */
  windowSeconds?: number | undefined;
  prefix: string | null;
  showCost: boolean;
  /** Null: issues carry no labels of state. */
  labels: Readonly<{ plan: string; review: string; needsHuman: string }> | null;
  checkProposals: boolean;
  /** Whether the repository has a configuration file, or the defaults are in force. */
  configured: boolean;
}>;

export type BudgetView = Readonly<{
  /** `lost`: calls that no answer arrived of; `estimated`: what of the tokens is theirs, by the most that they may have used. */
  spent: Readonly<{ tokens: number; micros: number; ms: number; lost: number; estimated: number }>;
  /** Of the delivery: tokens, millionths of a US dollar, milliseconds; null without one. */
  limits: Readonly<{ tokens: number | null; micros: number | null; ms: number | null }>;
  /** The limit that the newest call passed, where limits only warn. */
  over: Shortage | null;
}>;

/** Another delivery, and where its status stands. */
export type RollbackView = Readonly<{ id: DeliveryId; url: string | null }>;
/** `open`: over, and its pull requests wait for people. */
export type UndoneByView = RollbackView & Readonly<{ stands: "live" | "open" | "landed" | "canceled" }>;

export type DeliveryView = Readonly<{
  id: DeliveryId;
  state: Delivery;
  /** Of a rollback: what it undoes; `order` is null until it was computed. */
  undoes?: RollbackView & Readonly<{ order: RevertOrder | null }>;
  /** The newest that is to undo this one, or did. */
  undoneBy?: UndoneByView;
  issue: Readonly<{ repoId: RepoId; repository: string; number: IssueNumber; title: string; visibility: Visibility }>;
  requester: string;
  requesterId: UserId;
  traceId: TraceId;
  createdAt: Instant;
  endedAt: Instant | null;
  /** Of the open gate or the running phase; null while nothing is due. */
  deadlineAt: Instant | null;
  remindedAt: Instant | null;
  budget: BudgetView;
  settings: ThreadSettings;
  repositories: readonly RepositoryView[];
  triage: TriageDocument | null;
  /** What was changed, for the end; null while nobody has been asked. */
  summary: Summary | null;
  /** Oldest first, all that were ever put to people. */
  plans: readonly PlanView[];
  /** The newest plan that was made, shown or not: its questions are what stops a delivery. */
  newestPlan: PlanDocument | null;
  patchSets: readonly PatchSetView[];
  /** What the policy found when it stopped the last attempt. */
  blockedBy: readonly PolicyViolation[];
  /** What the checks of the pull requests said when they were last judged; null before. */
  checks: readonly CheckView[] | null;
  /** Repositories whose pull request was a draft then. */
  drafts?: readonly RepoId[] | undefined;
  /** Whose title or text somebody had edited then. */
  reworded?: readonly Readonly<{ repoId: RepoId; what: readonly Reworded[] }>[] | undefined;
  /** What stands for each criterion of the approved plan, by the checks as they were last judged; null before. */
  criteria: readonly CriterionView[] | null;
  /** The newest analysis of red checks; absent before the first. */
  analysis?: FailureAnalysis | undefined;
  /** Of each head and merge of the pull requests that was judged, the newest verdict; in the order of the first. */
  provenance: readonly StoredVerdict[];
  /** Oldest first. */
  ships?: readonly ShipView[] | undefined;
  /** By the newest look, while it is to be merged. */
  readiness?: Readiness | null | undefined;
  /** While what was merged is watched, and at the end. */
  observed?: ObservedView | null | undefined;
  approvals: readonly ApprovalView[];
  decisions: readonly DecisionView[];
  stays: readonly StayView[];
  runs: readonly RunView[];
  holds: readonly HoldView[];
  facts: FactsView;
  withheld: WithheldView;
  ledger: LedgerView;
  /** The ledger as it was when the last pull request was written, and when the end was reached: what is shown of them stays. */
  ledgerAtWrite: LedgerView;
  ledgerAtEnd: LedgerView;
  published: readonly PublishedView[];
}>;

/** Where GitHub is, for links: `https://github.com`, without a slash at the end. */
export type Place = Readonly<{ webUrl: string }>;
