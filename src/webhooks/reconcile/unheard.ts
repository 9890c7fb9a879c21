// Which comments hold a command of which no webhook came in. Nothing is done on them: a command counts by GitHub's signature. Pure.
import { mayBeForUs, mayCommand } from "../../commands/parse.ts";
import type { CommentFacts } from "../../github/reading.ts";
import { type Instant, instant } from "../../instant.ts";

export type Unheard = Pick<CommentFacts, "id" | "author" | "createdAt">;

export type Heard = Readonly<{
  /** Ids of comments that a webhook told of. */
  told: ReadonlySet<number>;
  /** When the delivery began, or up to where comments were compared before. */
  from: Instant;
  /** What was said after this may still be on its way. */
  until: Instant;
  /** `commands.prefix`, as the delivery knows it. */
  prefix: string | null;
}>;

/** A flood of them is not worth more than its first. */
const MOST = 20;

export const unheardOf = (
  comments: readonly CommentFacts[],
  { told, from, until, prefix }: Heard,
): readonly Unheard[] =>
  comments
    .filter(({ author, viaAppId }) => author.type === "User" && viaAppId === null)
    .filter(({ createdAt }) => from <= createdAt && createdAt < until)
    .filter(({ id }) => !told.has(id))
    .filter(({ body }) => mayCommand(body) && mayBeForUs(body, prefix))
    .slice(0, MOST);

/** Webhooks come within seconds; GitHub may be late by minutes. */
const LATE_MS = 10 * 60_000;

/**
 * Up to where comments can be compared: a webhook of an older one would be here, or GitHub's record of attempts would say that
 * it is still being asked for. Null while that record was not gone through.
 */
export const comparableUntil = (settledUntil: Instant | null, now: Instant): Instant | null => {
  if (settledUntil === null) return null;
  const late = instant(new Date(Date.parse(now) - LATE_MS));
  return settledUntil < late ? settledUntil : late;
};
