// The words of a patch set, for whoever makes one: commit message, pull request, and whether all of it can be shown. Pure.
import type { TaskSummary } from "../artifacts/edits.ts";
import type { AnalysisDocument } from "../artifacts/failure-analysis.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import { branchOf, type DeliveryId, type Digest, deliveryName, IssueNumber } from "../ids.ts";
import { renderDiff } from "../patches/diff.ts";
import type { FileChange, PatchSetContent } from "../patches/patch-set.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { Visibility } from "../visibility.ts";
import { mayShow } from "./audience.ts";
import type { Place } from "./delivery-view.ts";
import { patchSetFits } from "./render/patch-set-sections.ts";
import { type PullRequestText, pullRequestText } from "./render/pull-request.ts";
import { siblings } from "./render/siblings.ts";
import { hasTasks } from "./words/order.ts";

type Repo = Readonly<{ name: string; visibility: Visibility; role: "primary" | "secondary" }>;

/** What the maker of a patch set knows. */
export type PatchSetWordsInput = Readonly<{
  assignment: Readonly<{ delivery: Readonly<{ id: DeliveryId }>; issueNumber: number; repos: readonly Repo[] }>;
  repo: Repo;
  plan: Readonly<{ document: PlanDocument; digest: Digest }>;
  /** Where it comes on top of a pull request that is open; `analysis` where it is to mend red checks. */
  onTop?: Readonly<{ analysis: AnalysisDocument | null }> | null;
  summaries: readonly TaskSummary[];
  changes: readonly FileChange[];
  violations: readonly PolicyViolation[];
  template?: string | null;
}>;

/** Those that the plan gives work to and that may be named here, in the order in which their pull requests are opened. */
const named = ({ assignment, repo, plan }: PatchSetWordsInput): readonly string[] =>
  assignment.repos
    .filter((one) => one.name === repo.name || (hasTasks(plan.document, one.name) && mayShow(one, repo)))
    .map(({ name }) => name);

const render = (place: Place, input: PatchSetWordsInput): PullRequestText => {
  const { assignment, repo, plan, summaries, changes, violations } = input;
  const home = assignment.repos.find(({ role }) => role === "primary");
  if (home === undefined) throw new Error(`${deliveryName(assignment.delivery.id)} has no primary repository`);
  return pullRequestText({
    deliveryId: assignment.delivery.id,
    repository: repo.name,
    issue: mayShow(home, repo)
      ? { repository: home.name, number: IssueNumber.parse(assignment.issueNumber), closes: repo.role === "primary" }
      : null,
    plan: plan.document,
    planDigest: plan.digest,
    summaries,
    onTop: input.onTop == null ? null : { cause: input.onTop.analysis?.cause ?? null },
    files: changes,
    violations,
    template: input.template ?? null,
    siblings: siblings({
      place,
      repository: repo.name,
      all: named(input),
      branch: branchOf(assignment.delivery.id),
      plan: plan.document,
    }),
  });
};

/** Also without check runs: whether they are used may change between making and showing. */
const fits = (content: PatchSetContent, violations: readonly PolicyViolation[]): boolean =>
  patchSetFits(
    { text: content, files: content.changes.map((change) => ({ ...change, diff: renderDiff(change) })), violations },
    false,
  );

/** `place`: for links to the other pull requests. */
export const patchSetWords = (place: Place) =>
  ({ render: (input: PatchSetWordsInput) => render(place, input), fits }) as const;
