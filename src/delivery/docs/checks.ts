// The page docs/verify.md: what each answer of a check means to G4, made by asking the gate itself. Pure.
import type { CheckFacts } from "../../github/reading.ts";
import { CheckRunId } from "../../ids.ts";
import { g4 } from "../gates/g4.ts";
import { type Meaning, meaningOf } from "../gates/newest-checks.ts";
import { code } from "./rows.ts";

type Conclusion = NonNullable<CheckFacts["conclusion"]>;

/** Why each conclusion means what it does. */
const WHY: Readonly<Record<Conclusion, string>> = {
  success: "the only one that proves anything",
  neutral: "GitHub lets it pass where it is required; it proves nothing by itself",
  skipped: "as neutral: nothing ran",
  failure: "it ran, and failed",
  timed_out: "it never came to an answer",
  cancelled: "it proves nothing, and nobody will finish it: `/retry` once it ran again",
  stale: "GitHub gives a run up after 14 days",
  startup_failure: "the workflow could not begin, so its file is wrong",
  action_required: "GitHub Actions runs it only once a maintainer lets it: shown as *Checks have not started*",
};

/** Of a run without a conclusion; GitHub's words on the left, ours in `state`. */
const UNFINISHED: readonly (readonly [says: string, state: CheckFacts["state"], why: string])[] = [
  ["queued", "queued", "it has not begun"],
  ["requested", "queued", "it has not begun"],
  ["pending", "queued", "it waits for another run, or is a commit status that is not over"],
  ["waiting", "queued", "it waits for the reviewers of an environment"],
  ["in_progress", "in_progress", "it runs"],
];

const MEANS: Readonly<Record<Meaning, string>> = {
  passed: "green",
  no_opinion: "neither: it does not stand in the way",
  failed: "red",
  waiting: "waited for",
  held: "waits for a maintainer",
};

const CONCLUSIONS = Object.entries(WHY).map(([says, why]) => [says, why] as const);

const isConclusion = (says: string): says is Conclusion => Object.hasOwn(WHY, says);

const row = (says: string, meaning: Meaning, why: string): string => `| ${code(says)} | ${MEANS[meaning]} | ${why} |`;

/** What G4 says of a pull request with this one required check. */
const alone = (conclusion: Conclusion | null, secondsWaited: number): string => {
  const check: CheckFacts = {
    source: "check_run",
    id: CheckRunId.parse(1),
    name: "test",
    appId: 1,
    state: "completed",
    conclusion,
    url: null,
    startedAt: null,
    completedAt: null,
  };
  const checks = conclusion === null ? [] : [check];
  const ours = { appIds: [], statusNames: [] };
  return g4({ checks, complete: true, required: null, ours, secondsWaited, noChecksAfterSeconds: 1 }).verdict;
};

export const checksPage =
  (): string => `<!-- Written by scripts/generate-docs.ts from src/delivery/docs/checks.ts: change that, and run \`npm run generate\`. -->
# Checks

What the checks of a pull request's head mean to the gate G4. Check runs of every app, commit statuses, and workflow runs that GitHub Actions holds back are one list; the app's own
checks never count. Webhooks (\`check_run\`, \`check_suite\`, \`status\`, \`workflow_run\`) only say that it is time to look: the list is read anew each time, and by itself after pauses of 10 seconds
to 5 minutes until the deadline of the phase.

## Which count

1. Those that the base branch requires, by its rules (rulesets) and its protection.
2. Where these cannot be read, \`verify.required_checks\` of the configuration.
3. Where neither names one: all.

A check that is required and was not reported yet is waited for until the deadline. A workflow that is held back counts as long as a required check is missing, because it may be what brings it.

## What each says

| GitHub says | to G4 | because |
| --- | --- | --- |
${CONCLUSIONS.flatMap(([says, why]) => (isConclusion(says) ? [row(says, meaningOf({ state: "completed", conclusion: says }), why)] : [])).join("\n")}
${UNFINISHED.map(([says, state, why]) => row(says, meaningOf({ state, conclusion: null }), why)).join("\n")}
| (a word that is new) | ${MEANS[meaningOf({ state: "completed", conclusion: "failure" })]} | what is not known is no success |

Of a commit status: \`success\` is green, \`failure\` and \`error\` are red, \`pending\` is waited for.

**Run again.** Of each check (its app and its name) the newest run counts, whatever the older ones said; how many there were stands in the evidence. The same name of two apps is two checks.

**All together.** One that is red makes G4 red; else one that is held; else one that is waited for or missing; else one that is green makes it green. With a skipped check alone G4 says
\`${alone("skipped", 0)}\`, and after \`verify.no_checks_after\` \`${alone("skipped", 1)}\`, as with no check at all (\`${alone(null, 1)}\`): zero checks prove nothing. A list that GitHub cut short proves nothing either.

## Where it is told

The status comment and the note name what failed, what waits and what was passed over, in GitHub's words. The gate's row in the ledger has each check that counted and each that did not, with its number, GitHub's word, what that meant, and how often
it was run again; \`npm run countersign -- ledger export\` brings it.
`;
