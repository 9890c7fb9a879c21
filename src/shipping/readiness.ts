// Whether a green pull request can be merged now, and what is missing where it cannot: by what GitHub says, and nothing else. Pure.
import { z } from "zod";
import type { G4 } from "../delivery/gates/g4.ts";
import type { ReviewFacts } from "../github/reading.ts";
import type { Mergeability, MergeRules } from "../github/reading-shipping.ts";
import { PullNumber, RepoId } from "../ids.ts";
import { Instant } from "../instant.ts";

/** Each has its words in the thread. */
export const Missing = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("draft") }),
  z.object({ kind: z.literal("conflicts") }),
  /** GitHub has not said yet. */
  z.object({ kind: z.literal("computing") }),
  z.object({ kind: z.literal("behind") }),
  z.object({ kind: z.literal("reviews"), have: z.number(), need: z.number() }),
  z.object({ kind: z.literal("changes_requested"), by: z.array(z.string()) }),
  z.object({ kind: z.literal("checks"), names: z.array(z.string()) }),
  /** By rules that GitHub does not show the App. */
  z.object({ kind: z.literal("blocked") }),
  z.object({ kind: z.literal("queue") }),
  /** The repository's own configuration leaves its merges to people. */
  z.object({ kind: z.literal("left_to_people") }),
  z.object({ kind: z.literal("configuration") }),
]);
export type Missing = z.infer<typeof Missing>;

/** Something that a provider deployed of the pull request's head. */
export const Preview = z.object({
  environment: z.string(),
  state: z.string(),
  url: z.string().nullable(),
  by: z.string(),
  at: Instant,
});
export type Preview = z.infer<typeof Preview>;

export const PullReadiness = z.object({
  repoId: RepoId,
  pullRequest: PullNumber,
  missing: z.array(Missing).readonly(),
  /** Null where they cannot be read. */
  previews: z.array(Preview).readonly().nullable(),
  /** Whose newest review approves it; absent where it was looked at before that was kept. */
  approvedBy: z.array(z.string()).readonly().optional(),
});
export type PullReadiness = z.infer<typeof PullReadiness>;

export const Readiness = z.object({ pulls: z.array(PullReadiness).readonly() });
export type Readiness = z.infer<typeof Readiness>;

export type ReadinessFacts = Readonly<{
  mergeability: Mergeability;
  reviews: readonly ReviewFacts[];
  /** Null where the branch's rules cannot be read: then GitHub's own sum decides. */
  rules: MergeRules | null;
  checks: Pick<G4, "passed" | "evidence">;
  /** Whether the repository's own configuration lets deliveries merge. */
  merges: boolean;
}>;

/** Of each person the newest review that says yes or no. */
const opinions = (reviews: readonly ReviewFacts[]): readonly ReviewFacts[] => {
  const newest = new Map<number, ReviewFacts>();
  for (const review of reviews) {
    if (review.state !== "COMMENTED" && review.state !== "PENDING") newest.set(review.author.id, review);
  }
  return [...newest.values()];
};

export const approvedBy = (reviews: readonly ReviewFacts[]): readonly string[] =>
  opinions(reviews)
    .filter(({ state }) => state === "APPROVED")
    .map(({ author }) => author.login);

const openChecks = ({ evidence }: ReadinessFacts["checks"]): string[] => [
  ...evidence.counted.filter(({ meaning }) => meaning !== "passed" && meaning !== "no_opinion").map(({ name }) => name),
  ...evidence.missing,
];

/** Empty when nothing is missing. */
export const missingOf = (facts: ReadinessFacts): readonly Missing[] => {
  const { mergeability, rules, checks, merges } = facts;
  const { state, mergeable, draft } = mergeability;
  const said = opinions(facts.reviews);
  const approving = approvedBy(facts.reviews).length;
  const against = said.filter((review) => review.state === "CHANGES_REQUESTED").map(({ author }) => author.login);
  const isBlocked = state === "blocked";
  const found: Missing[] = [];
  if (!merges) found.push({ kind: "left_to_people" });
  if (rules?.queue === true) found.push({ kind: "queue" });
  if (draft || state === "draft") found.push({ kind: "draft" });
  if (mergeable === false || state === "dirty") found.push({ kind: "conflicts" });
  if (state === "behind") found.push({ kind: "behind" });
  if (rules !== null && approving < rules.reviews) {
    found.push({ kind: "reviews", have: approving, need: rules.reviews });
  }
  // Anybody may review: whether a no counts is told by GitHub's sum.
  if (isBlocked && against.length > 0) found.push({ kind: "changes_requested", by: against });
  if (!checks.passed) found.push({ kind: "checks", names: openChecks(checks) });
  if (found.length === 0 && (mergeable === null || state === "unknown")) found.push({ kind: "computing" });
  if (found.length === 0 && isBlocked) found.push({ kind: "blocked" });
  return found;
};

export const isReady = ({ pulls }: Readiness): boolean =>
  pulls.length > 0 && pulls.every(({ missing }) => missing.length === 0);

/** GitHub computes anew after each push to the base; that alone takes nothing back. */
export const isLost = ({ pulls }: Readiness): boolean =>
  pulls.some(({ missing }) => missing.some(({ kind }) => kind !== "computing"));

/** `checks`: nothing but them, so they are watched again. */
export const causeOf = ({ pulls }: Readiness): "checks" | "merge" => {
  const kinds = new Set(pulls.flatMap(({ missing }) => missing.map(({ kind }) => kind)));
  return kinds.size === 1 && kinds.has("checks") ? "checks" : "merge";
};

/** For the ledger; people are told in words. */
export const noteOf = ({ pulls }: Readiness): string =>
  pulls
    .filter(({ missing }) => missing.length > 0)
    .map(({ pullRequest, missing }) => `#${pullRequest}: ${missing.map(({ kind }) => kind).join(", ")}`)
    .join("; ")
    .slice(0, 1_500);
