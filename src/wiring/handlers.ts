// One handler a job, each handed what it may use: this list is the worker.
import { createHash, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sayRefusal } from "../admission/say-refusal.ts";
import type { BreakerRules } from "../agent/breaker/breaker.ts";
import { budgetMeter } from "../agent/budget/meter.ts";
import type { Engines } from "../agent/engines/registry.ts";
import type { RunDeps } from "../agent/run-role.ts";
import type { SettleDeps } from "../agent/settle.ts";
import { handleButton, handleComment } from "../commands/handle.ts";
import { handleReview } from "../commands/handle-review.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { handleControl } from "../control/handle.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Opened } from "../db/open.ts";
import { transition } from "../delivery/transition.ts";
import type { AppEnv, Env } from "../env.ts";
import type { GitHub } from "../github/github.ts";
import type { Clock } from "../instant.ts";
import { advanceJob } from "../jobs/advance.ts";
import { analyseJob } from "../jobs/analyse.ts";
import { answerJob } from "../jobs/answer.ts";
import { assessJob } from "../jobs/assess.ts";
import { closeJob } from "../jobs/close.ts";
import { controlJob } from "../jobs/control.ts";
import { deadLetters } from "../jobs/dead-letters.ts";
import { findLabeledJob } from "../jobs/find-labeled.ts";
import type { Handlers } from "../jobs/handler.ts";
import { intakeJob } from "../jobs/intake.ts";
import { judgeJob } from "../jobs/judge.ts";
import { observeJob } from "../jobs/observe.ts";
import { planJob } from "../jobs/plan.ts";
import { proposeJob } from "../jobs/propose.ts";
import { publishJob } from "../jobs/publish.ts";
import { reconcileJob } from "../jobs/reconcile.ts";
import { recoverJob } from "../jobs/recover.ts";
import { revertJob } from "../jobs/revert.ts";
import { rollbackJob } from "../jobs/rollback.ts";
import { shipJob } from "../jobs/ship.ts";
import { sweepJob } from "../jobs/sweep.ts";
import { triageJob } from "../jobs/triage.ts";
import { vouchJob } from "../jobs/vouch.ts";
import { watchJob } from "../jobs/watch.ts";
import type { WorkerDeps } from "../jobs/worker.ts";
import { writeJob } from "../jobs/write.ts";
import type { Log } from "../ops/log.ts";
import type { Metrics } from "../ops/metrics.ts";
import { judgePull } from "../provenance/judge-pull.ts";
import { patchSetWords } from "../thread/patch-set-words.ts";
import type { PublishDeps } from "../thread/publish.ts";
import { revertWords } from "../thread/revert-words.ts";
import type { WriteGate } from "../write-gate/index.ts";
import { causeGone } from "./cause-gone.ts";
import { deadlinesOf } from "./deadlines.ts";
import { ownedPathsOf } from "./owned-paths.ts";
import { refusalSpeech } from "./refusal-speech.ts";
import { type Spending, toldToMetrics } from "./spending.ts";
import { webUrlOf } from "./web-url.ts";
import { readWorkRules } from "./work-rules.ts";

export type HandlersDeps = Readonly<{
  env: Env & Readonly<{ app: AppEnv }>;
  opened: Opened;
  ceiling: Ceiling;
  clock: Clock;
  crash: CrashPoint;
  log: Log;
  github: GitHub;
  gate: WriteGate;
  engines: Engines;
  /** The operator's model, for roles that no configuration names one for. */
  model: string;
  metrics: Metrics;
  spending: Spending;
  /** Instead of BREAKER_RULES. */
  breaker?: Partial<BreakerRules>;
  /** Instead of MODEL_TIMEOUT_MS. */
  modelTimeoutMs?: number;
}>;

/** One model call, in milliseconds, from the request to the last byte. */
const MODEL_TIMEOUT_MS = 300_000;
/** We speak in check runs, and in no commit status. */
const OWN_STATUS_NAMES: readonly string[] = [];
/** Deliveries of one installation that may be live at once. */
const INSTALLATION_LIMIT = 200;

/** Hidden markers are keyed by what only this App knows. They only serve to find what a crash left unrecorded. */
const markerKeyOf = ({ PRIVATE_KEY }: AppEnv): string =>
  createHash("sha256").update("countersign marker").update(PRIVATE_KEY).digest("hex");

/** Small letters alone: no scanner takes it for a secret. */
const newCanary = (): string => Array.from({ length: 20 }, () => String.fromCharCode(97 + randomInt(26))).join("");

export function handlersOf(deps: HandlersDeps): Pick<WorkerDeps, "handlers" | "deadLetter"> {
  const { env, opened, ceiling, clock, crash, log, github, gate, engines, model, spending, metrics } = deps;
  const { db, queue } = opened;
  const fault = (message: string, fields: object): void => log.error(fields, message);
  const thread: PublishDeps = {
    db,
    github,
    clock,
    sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
    crash,
    markerKey: markerKeyOf(env.app),
    place: { webUrl: webUrlOf(env.GITHUB_API_URL) },
    pace: env.GITHUB_PACE,
  };
  const people = { db, clock, github, ceiling, crash, causeGone: causeGone({ db, github, ceiling }) };
  const timeoutMs = deps.modelTimeoutMs ?? MODEL_TIMEOUT_MS;
  const agent: SettleDeps & RunDeps & Readonly<{ model: string; github: GitHub; ceiling: Ceiling }> = {
    db,
    clock,
    crash,
    engines,
    model,
    github,
    ceiling,
    timeoutMs,
    costOf: spending.costOf,
    meterFor: budgetMeter({ db, clock, crash, ...spending, breaker: deps.breaker, on: toldToMetrics(metrics) }),
    newCanary,
    onRun: ({ role, outcome, inputTokens, outputTokens }) => {
      metrics.runs.inc({ role, outcome });
      metrics.tokens.inc({ role, direction: "input" }, inputTokens);
      metrics.tokens.inc({ role, direction: "output" }, outputTokens);
    },
  };

  const judge = judgePull(db.sql);
  const workRules = readWorkRules({ db, github, clock, crash, ceiling });

  const handlers: Handlers = {
    intake: intakeJob({
      db,
      clock,
      crash,
      github,
      ceiling,
      log,
      installationLimit: INSTALLATION_LIMIT,
      judgePull: judge,
      ownStatusNames: OWN_STATUS_NAMES,
      sayRefusal: sayRefusal(refusalSpeech(thread)),
      handleComment: async (input) => {
        if ((await handleControl(people, input)) === "not_control") await handleComment(people, input);
      },
      handleButton: async (input) => void (await handleButton(people, input)),
      handleReview: async (input) => void (await handleReview(people, input)),
    }),
    advance: advanceJob({ db, clock, crash, transition, deadlines: deadlinesOf }),
    publish: publishJob(thread),
    answer: answerJob(thread),
    judge: judgeJob({ db, github, judgePull: judge, clock, crash }),
    vouch: vouchJob({ db, github, ceiling, clock, crash, pace: env.GITHUB_PACE }),
    triage: triageJob({ ...agent, workRules }),
    plan: planJob({ ...agent, workRules }),
    propose: proposeJob({
      ...agent,
      words: patchSetWords(thread.place),
      ownedPaths: ownedPathsOf({ db, github }),
      workRules,
      judgePull: judge,
      ownStatusNames: OWN_STATUS_NAMES,
    }),
    analyse: analyseJob({ ...agent, judgePull: judge, ownStatusNames: OWN_STATUS_NAMES }),
    revert: revertJob({
      ...agent,
      judgePull: judge,
      words: revertWords(thread.place),
      ownedPaths: ownedPathsOf({ db, github }),
      workRules,
    }),
    rollback: rollbackJob({ db, clock, crash, deadlines: deadlinesOf }),
    write: writeJob({ gate, db, clock, crash }),
    watch: watchJob({ db, github, judgePull: judge, clock, crash, ownStatusNames: OWN_STATUS_NAMES }),
    assess: assessJob({ db, github, judgePull: judge, ceiling, clock, crash, ownStatusNames: OWN_STATUS_NAMES }),
    ship: shipJob({ gate, db, github, judgePull: judge, clock, crash }),
    observe: observeJob({ db, github, clock, crash, ownStatusNames: OWN_STATUS_NAMES }),
    close: closeJob(agent),
    control: controlJob({ ...thread, github, ceiling, dayLimits: spending.dayLimits }),
    recover: recoverJob({ db, github, clock, crash, log }),
    reconcile: reconcileJob({ db, github, clock, crash, judgePull: judge, ownStatusNames: OWN_STATUS_NAMES }),
    find_labeled: findLabeledJob({ db, github, clock, crash, sayRefusal: sayRefusal(refusalSpeech(thread)) }),
    sweep: sweepJob({ db, queue, clock, crash }),
  };
  return { handlers, deadLetter: deadLetters({ db, clock, crash, fault }) };
}
