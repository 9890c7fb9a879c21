// The states of the matrix: every phase and status, by reason and by what stands in them, and how each is come to.
import type { Delivery, Phase, RunStatus } from "../../src/delivery/delivery.ts";
import { go, newborn, rollback } from "./reach.ts";

export type Named = Readonly<{ name: string; state: Delivery }>;

const intake = newborn();
const intakeRunning = go(intake, "effect_started");
const plan = go(intake, "triaged, GO");
const planShowing = go(plan, "plan_made");
const planOpen = go(planShowing, "gate_published, plan");
const implement = go(planOpen, "/approve");
const review = go(implement, "patches_made");
const reviewOpen = go(review, "gate_published, review");
const verify = go(reviewOpen, "/approve");
const watching = go(verify, "written");
const red = go(watching, "checks_red");
const deploy = go(watching, "checks_green");
const deployShowing = go(deploy, "ready_to_ship");
const deployOpen = go(deployShowing, "gate_published, deploy");
const observe = go(deployOpen, "/approve");
const observing = go(observe, "shipped");
const close = go(observing, "window_clean");
const done = go(close, "close_published");

/** No event leads here; the machine has an answer all the same. */
const never = (d: Delivery, phase: Phase, runStatus: RunStatus): Named => ({
  name: `${runStatus} (never)`,
  state: { ...d, phase, runStatus },
});

const state = (name: string, from: Delivery, ...labels: readonly string[]): Named => ({
  name,
  state: go(from, ...labels),
});

export const STATES: Readonly<Record<Phase, readonly Named[]>> = {
  intake: [
    state("pending", intake),
    state("running", intakeRunning),
    never(intake, "intake", "succeeded"),
    state("failed: died", intake, "effect_dead"),
    state("failed: rejected", planOpen, "/reject"),
    state("blocked: no_go", intake, "triaged, NO_GO"),
    state("blocked: defer", intake, "triaged, DEFER"),
    state("blocked: budget", intake, "resource_refused, budget"),
    state("blocked: endpoint", intake, "resource_refused, endpoint"),
    state("blocked: injection", intake, "injection_found"),
    state("canceled", intake, "/cancel"),
  ],
  plan: [
    state("pending", plan),
    state("running", plan, "effect_started"),
    state("showing", planShowing),
    state("pending: again", planOpen, "gate_tampered"),
    state("succeeded", planOpen),
    state("failed: incomplete", plan, "plan_incomplete"),
    state("failed: shown", planShowing, "effect_dead"),
    state("blocked: questions", plan, "plan_has_questions"),
    state("blocked: budget", plan, "resource_refused, budget"),
    state("blocked: injection", plan, "injection_found"),
    state("blocked: spent", { ...planOpen, revisionsLeft: 0 }, "/revise"),
    state("canceled", planOpen, "/cancel"),
  ],
  implement: [
    state("pending", implement),
    state("running", implement, "effect_started"),
    never(implement, "implement", "succeeded"),
    state("failed: died", implement, "effect_dead"),
    state("failed: rejected", reviewOpen, "/reject"),
    state("blocked: policy", implement, "policy_blocked"),
    state("blocked: qa", implement, "qa_failed"),
    state("blocked: endpoint", implement, "resource_refused, endpoint"),
    state("blocked: today", verify, "policy_now_blocks"),
    state("a fix pending", watching, "fix_proposed"),
    state("undoing", rollback().delivery),
    state("undoing: policy", rollback().delivery, "policy_blocked"),
    state("canceled", implement, "/cancel"),
  ],
  review: [
    state("pending", review),
    never(review, "review", "running"),
    state("succeeded", reviewOpen),
    state("failed", review, "effect_dead"),
    state("blocked: spent", { ...reviewOpen, revisionsLeft: 0 }, "/revise"),
    state("a fix open", watching, "fix_proposed", "patches_made", "gate_published, review"),
    state("canceled", reviewOpen, "/cancel"),
  ],
  verify: [
    state("pending: write", verify),
    state("pending: watch", red, "/retry, cause unknown"),
    state("running", watching),
    never(watching, "verify", "succeeded"),
    state("failed: ci_red", red),
    state("failed: write", verify, "effect_dead"),
    state("blocked: refused", verify, "write_refused"),
    state("blocked: no checks", watching, "no_checks"),
    state("blocked: head", watching, "head_unapproved"),
    state("blocked: closed", watching, "pull_closed"),
    state("blocked: base", watching, "pull_retargeted"),
    state("blocked: merged", watching, "pull_merged, not green"),
    state("canceled", watching, "/cancel"),
  ],
  deploy: [
    state("pending", deploy),
    state("running", deploy, "effect_started"),
    state("showing", deployShowing),
    state("succeeded", deployOpen),
    state("failed", deploy, "effect_dead"),
    state("blocked: not ready", deploy, "deadline"),
    state("blocked: closed", deployOpen, "pull_closed"),
    state("canceled", deployOpen, "/cancel"),
  ],
  observe: [
    state("pending: ship", observe),
    state("pending: window", observing, "regressed", "/retry, cause unknown"),
    state("running", observing),
    never(observing, "observe", "succeeded"),
    state("failed", observing, "regressed"),
    state("blocked: partial", observe, "partly_shipped"),
    state("blocked: rollback", observing, "/rollback"),
    state("failed: rollback", observing, "/rollback", "rollback_ended"),
    state("canceled", observing, "/cancel"),
  ],
  close: [
    state("pending", close),
    state("running", close, "effect_started"),
    state("failed", close, "effect_dead"),
    { ...never(close, "close", "blocked"), state: { ...close, runStatus: "blocked", reason: "budget" } },
    state("succeeded", done),
    state("rolled back", done, "rolled_back"),
    state("canceled", close, "/cancel"),
  ],
};
