// G5, observed: after the merge, whether deployments and the default branch's checks stayed well for the whole window.
import type { CheckFacts } from "../../github/reading.ts";
import type { Judgement } from "./judgement.ts";
import { type Counted, newestChecks, type Ours } from "./newest-checks.ts";

export type DeploymentFacts = Readonly<{
  environment: string;
  state: "queued" | "pending" | "in_progress" | "success" | "failure" | "error" | "inactive";
  url: string | null;
}>;

export type G5Input = Readonly<{
  /** Newest status of each deployment that this delivery made. */
  deployments: readonly DeploymentFacts[];
  /** Of the merge commit, and of the commit that it was merged onto. */
  checks: readonly CheckFacts[];
  checksBefore: readonly CheckFacts[];
  /** False when any list was cut short. */
  complete: boolean;
  ours: Ours;
  secondsWatched: number;
  windowSeconds: number;
}>;

export type G5Verdict = "clean" | "regressed" | "waiting";

export type G5 = Judgement<
  "G5",
  G5Verdict,
  {
    regressions: readonly string[];
    /** Red, and red before the merge as well. */
    redBefore: readonly string[];
    deployments: readonly DeploymentFacts[];
    checks: readonly Counted[];
    complete: boolean;
    secondsWatched: number;
  }
>;

export const deploymentRegression = (environment: string, state: string): string =>
  `deployment to ${environment}: ${state}`;
export const checkRegression = (name: string, said: string): string => `check ${name}: ${said}`;

export const g5 = (input: G5Input): G5 => {
  const checks = newestChecks(input.checks, input.ours);
  const before = newestChecks(input.checksBefore, input.ours);
  const wasRed = ({ name, appId }: Counted): boolean =>
    before.some((check) => check.name === name && check.appId === appId && check.meaning === "failed");
  const red = checks.filter(({ meaning }) => meaning === "failed");
  const failed = input.deployments.filter(({ state }) => state === "failure" || state === "error");
  const regressions = [
    ...failed.map(({ environment, state }) => deploymentRegression(environment, state)),
    ...red.filter((check) => !wasRed(check)).map(({ name, said }) => checkRegression(name, said)),
  ];
  const verdict = judge(input, checks, regressions);
  return {
    gate: "G5",
    verdict,
    passed: verdict === "clean",
    evidence: {
      regressions,
      redBefore: red.filter(wasRed).map(({ name }) => name),
      deployments: input.deployments,
      checks,
      complete: input.complete,
      secondsWatched: input.secondsWatched,
    },
  };
};

/** A newer deployment makes the older one inactive; that it was replaced says nothing against it. */
const isUnderWay = ({ state }: DeploymentFacts): boolean =>
  state === "queued" || state === "pending" || state === "in_progress";

const judge = (input: G5Input, checks: readonly Counted[], regressions: readonly string[]): G5Verdict => {
  if (!input.complete) return "waiting";
  if (regressions.length > 0) return "regressed";
  const open = checks.some(({ meaning }) => meaning === "waiting" || meaning === "held");
  const over = input.secondsWatched >= input.windowSeconds;
  return over && !open && !input.deployments.some(isUnderWay) ? "clean" : "waiting";
};
