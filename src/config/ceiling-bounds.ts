// How each key of the configuration is held to the operator's bound: the stricter of the two, key by key.
import { z } from "zod";
import { EFFORTS, type Effort } from "../agent/engine.ts";
import { allowedModels } from "./allowed-models.ts";
import { AVAILABLE_EXITS } from "./exit-phase.ts";
import { isAllowedBy } from "./repository-patterns.ts";
import type { Config } from "./schema.ts";

/** The configuration with one key held to the bound. */
type Bound = (config: Config, bound: Config) => Config;

const shorter =
  (key: keyof Config["deadlines"]): Bound =>
  (config, bound) => ({
    ...config,
    deadlines: { ...config.deadlines, [key]: Math.min(config.deadlines[key], bound.deadlines[key]) },
  });
const fewer =
  (key: keyof Config["limits"]): Bound =>
  (config, bound) => ({
    ...config,
    limits: { ...config.limits, [key]: Math.min(config.limits[key], bound.limits[key]) },
  });
const morePeople =
  (key: "plan" | "review" | "deploy"): Bound =>
  (config, bound) => ({
    ...config,
    approvals: { ...config.approvals, [key]: Math.max(config.approvals[key], bound.approvals[key]) },
  });
const itsModel =
  (role: keyof Config["agent"]["models"]): Bound =>
  (config, bound) => ({
    ...config,
    agent: { ...config.agent, models: { ...config.agent.models, [role]: bound.agent.models[role] } },
  });

const itsEngine =
  (role: keyof Config["agent"]["engines"]): Bound =>
  (config, bound) => ({
    ...config,
    agent: { ...config.agent, engines: { ...config.agent.engines, [role]: bound.agent.engines[role] } },
  });
const lessEffort =
  (role: keyof Config["agent"]["effort"]): Bound =>
  (config, bound) => ({
    ...config,
    agent: {
      ...config.agent,
      effort: { ...config.agent.effort, [role]: lesser(config.agent.effort[role], bound.agent.effort[role]) },
    },
  });

const fewerAnswers =
  (role: keyof Config["agent"]["answers"]): Bound =>
  (config, bound) => ({
    ...config,
    agent: {
      ...config.agent,
      answers: { ...config.agent.answers, [role]: sooner(config.agent.answers[role], bound.agent.answers[role]) },
    },
  });
const itsResets =
  (role: keyof Config["agent"]["resets"]): Bound =>
  (config, bound) => ({
    ...config,
    agent: {
      ...config.agent,
      resets: { ...config.agent.resets, [role]: bound.agent.resets[role] ?? config.agent.resets[role] },
    },
  });

/** The endpoint's own effort is nobody's choice, so the bound takes its place. */
const lesser = (asked: Effort | null, bound: Effort | null): Effort | null =>
  asked === null || bound === null ? (bound ?? asked) : EFFORTS.indexOf(asked) < EFFORTS.indexOf(bound) ? asked : bound;

/** Null is without an end, or without a limit. */
const sooner = (a: number | null, b: number | null): number | null => {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
};

const MODES: readonly Config["budget"]["mode"][] = ["off", "warn", "strict"];

const LimitOf = z.number().nullable();

const spends = <Of extends "run" | "delivery">(of: Of, unit: keyof Config["budget"][Of]): Bound => {
  const least = (config: Config, bound: Config) => ({
    ...config.budget[of],
    [unit]: sooner(LimitOf.parse(config.budget[of][unit]), LimitOf.parse(bound.budget[of][unit])),
  });
  return (config, bound) => ({ ...config, budget: { ...config.budget, [of]: least(config, bound) } });
};
type Judging = Config["agent"]["judge"];
const JUDGING: readonly Judging[] = ["full", "light", "skip"];
const thorougher = (a: Judging, b: Judging): Judging => JUDGING.find((one) => one === a || one === b) ?? "full";

/** The operator's `repos.allow` is all that any repository may bring in, by `include` or by `allow`. */
const within = (repos: Config["repos"], bound: Config["repos"]): Config["repos"] => ({
  ...repos,
  include: repos.include.filter((name) => isAllowedBy(bound.allow, name)),
  allow: repos.allow.flatMap((pattern) =>
    isAllowedBy(bound.allow, pattern) ? [pattern] : bound.allow.filter((narrower) => isAllowedBy([pattern], narrower)),
  ),
});

/** Every key that can bound, but for `policy`, whose own `stricter` knows how. The others are no matter of strictness. */
export const BOUNDS: Readonly<Record<string, Bound>> = {
  exit_phase: (config, bound) => ({
    ...config,
    exit_phase: AVAILABLE_EXITS.find((exit) => exit === config.exit_phase || exit === bound.exit_phase) ?? "plan",
  }),
  "approvals.plan": morePeople("plan"),
  "approvals.review": morePeople("review"),
  "approvals.deploy": morePeople("deploy"),
  "approvals.code": (config, bound) =>
    bound.approvals.code === "required" ? { ...config, approvals: { ...config.approvals, code: "required" } } : config,
  "approvals.ttl": (config, bound) => ({
    ...config,
    approvals: { ...config.approvals, ttl: sooner(config.approvals.ttl, bound.approvals.ttl) },
  }),
  "approvals.requester": (config, bound) =>
    bound.approvals.requester === "not_alone"
      ? { ...config, approvals: { ...config.approvals, requester: "not_alone" } }
      : config,
  require_code_owners: (config, bound) => ({
    ...config,
    require_code_owners: config.require_code_owners || bound.require_code_owners,
  }),
  "repos.allow": (config, { repos }) => ({ ...config, repos: within(config.repos, repos) }),
  allow_public_output: (config, bound) => ({
    ...config,
    allow_public_output: config.allow_public_output && bound.allow_public_output,
  }),
  provenance: (config, bound) => (bound.provenance === "required" ? { ...config, provenance: "required" } : config),
  "context.never_send": (config, bound) => ({
    ...config,
    context: {
      ...config.context,
      never_send: [...new Set([...config.context.never_send, ...bound.context.never_send])],
    },
  }),
  max_revisions: (config, bound) => ({
    ...config,
    max_revisions: Math.min(config.max_revisions, bound.max_revisions),
  }),
  "limits.live_deliveries": fewer("live_deliveries"),
  "limits.issue_characters": fewer("issue_characters"),
  "deadlines.intake": shorter("intake"),
  "deadlines.plan": shorter("plan"),
  "deadlines.implement": shorter("implement"),
  "deadlines.review": shorter("review"),
  "deadlines.verify": shorter("verify"),
  "deadlines.deploy": shorter("deploy"),
  "deadlines.observe": shorter("observe"),
  "deadlines.gate": shorter("gate"),
  "verify.no_checks_after": (config, bound) => ({
    ...config,
    verify: {
      ...config.verify,
      no_checks_after: Math.min(config.verify.no_checks_after, bound.verify.no_checks_after),
    },
  }),
  "verify.required_checks": (config, bound) => ({
    ...config,
    verify: {
      ...config.verify,
      required_checks: [...new Set([...config.verify.required_checks, ...bound.verify.required_checks])],
    },
  }),
  "ci.max_fix_attempts": (config, bound) => ({
    ...config,
    ci: { ...config.ci, max_fix_attempts: Math.min(config.ci.max_fix_attempts, bound.ci.max_fix_attempts) },
  }),
  "deploy.required_checks": (config, bound) => ({
    ...config,
    deploy: {
      ...config.deploy,
      required_checks: [...new Set([...config.deploy.required_checks, ...bound.deploy.required_checks])],
    },
  }),
  "observe.window": (config, bound) => ({
    ...config,
    observe: { ...config.observe, window: Math.max(config.observe.window, bound.observe.window) },
  }),
  "agent.max_tokens": (config, bound) => ({
    ...config,
    agent: { ...config.agent, max_tokens: Math.min(config.agent.max_tokens, bound.agent.max_tokens) },
  }),
  "agent.judge": (config, bound) => ({
    ...config,
    agent: { ...config.agent, judge: thorougher(config.agent.judge, bound.agent.judge) },
  }),
  "agent.max_iterations": (config, bound) => ({
    ...config,
    agent: { ...config.agent, max_iterations: Math.min(config.agent.max_iterations, bound.agent.max_iterations) },
  }),
  "agent.models.triage": itsModel("triage"),
  "agent.models.planner": itsModel("planner"),
  "agent.models.proposer": itsModel("proposer"),
  "budget.mode": (config, bound) => {
    const mode = MODES.findLast((each) => each === config.budget.mode || each === bound.budget.mode) ?? "strict";
    return { ...config, budget: { ...config.budget, mode } };
  },
  "budget.run.tokens": spends("run", "tokens"),
  "budget.run.dollars": spends("run", "dollars"),
  "budget.run.minutes": spends("run", "minutes"),
  "budget.delivery.dollars": spends("delivery", "dollars"),
  "budget.delivery.minutes": spends("delivery", "minutes"),
  "agent.engines.triage": itsEngine("triage"),
  "agent.engines.planner": itsEngine("planner"),
  "agent.engines.proposer": itsEngine("proposer"),
  "agent.engines.judge": itsEngine("judge"),
  "agent.engines.summariser": itsEngine("summariser"),
  "agent.engines.analyst": itsEngine("analyst"),
  "agent.effort.triage": lessEffort("triage"),
  "agent.effort.planner": lessEffort("planner"),
  "agent.effort.proposer": lessEffort("proposer"),
  "agent.effort.judge": lessEffort("judge"),
  "agent.effort.summariser": lessEffort("summariser"),
  "agent.effort.analyst": lessEffort("analyst"),
  "agent.answers.triage": fewerAnswers("triage"),
  "agent.answers.planner": fewerAnswers("planner"),
  "agent.answers.proposer": fewerAnswers("proposer"),
  "agent.answers.judge": fewerAnswers("judge"),
  "agent.answers.summariser": fewerAnswers("summariser"),
  "agent.answers.analyst": fewerAnswers("analyst"),
  "agent.resets.triage": itsResets("triage"),
  "agent.resets.planner": itsResets("planner"),
  "agent.resets.proposer": itsResets("proposer"),
  "agent.resets.judge": itsResets("judge"),
  "agent.resets.summariser": itsResets("summariser"),
  "agent.resets.analyst": itsResets("analyst"),
  "agent.allowed_models": (config, bound) => ({
    ...config,
    agent: { ...config.agent, models: allowedModels(config.agent.models, bound.agent) },
  }),
  "agent.models.judge": itsModel("judge"),
  "agent.models.summariser": itsModel("summariser"),
  "agent.models.analyst": itsModel("analyst"),
  "thread.show_cost": (config, bound) => ({
    ...config,
    thread: { ...config.thread, show_cost: config.thread.show_cost && bound.thread.show_cost },
  }),
};
