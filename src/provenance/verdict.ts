// What was found out about one head or one merge, as it is stored, put into the ledger and shown.
import { z } from "zod";
import { type RepoId, Sha, UserId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { ApprovedBy, Difference } from "./judge.ts";

const Person = z.object({ id: UserId, login: z.string() }).readonly();
export type Person = z.infer<typeof Person>;

/** A commit that is not ours, with the account that its author's address belongs to. */
const StrangeCommit = z.object({ sha: Sha, author: z.string().nullable() }).readonly();

/** Why nothing could be proved; shown as red all the same. */
export const Unproven = z.enum(["truncated", "other_tree", "too_large", "no_common_history", "gone", "records"]);
export type Unproven = z.infer<typeof Unproven>;

const compared = { base: Sha, tree: Sha };

export const Verdict = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("approved"), by: ApprovedBy, ...compared }),
  z.object({
    kind: z.literal("unapproved"),
    ...compared,
    /** The first of them, and how many there are. */
    differences: z.array(Difference).readonly(),
    count: z.number().int().nonnegative(),
  }),
  z.object({ kind: z.literal("unproven"), why: Unproven }),
]);
export type Verdict = z.infer<typeof Verdict>;

/** What the verdict is about, and who brought what it does not approve. */
export const Judged = z
  .object({
    kind: z.enum(["head", "merge"]),
    commit: Sha,
    verdict: Verdict,
    commits: z.array(StrangeCommit).readonly(),
    /** Whether `commits` is all of them. */
    complete: z.boolean(),
    people: z.array(Person).readonly(),
    /** GitHub's signed receipt says which of them pushed this commit. */
    pushed: z.literal(true).optional(),
  })
  .readonly();
export type Judged = z.infer<typeof Judged>;

export type StoredVerdict = Readonly<{ repoId: RepoId; judged: Judged; at: Instant }>;

/** Whoever pushed is known from GitHub's signed webhook; authors and committers only from what commits say of themselves. */
export const withPusher = (judged: Judged, pusher: Person | null): Judged =>
  pusher === null || judged.verdict.kind === "approved"
    ? judged
    : { ...judged, pushed: true, people: [...judged.people.filter(({ id }) => id !== pusher.id), pusher] };

export const isApproved = (judged: Judged | null): boolean => judged?.verdict.kind === "approved";
