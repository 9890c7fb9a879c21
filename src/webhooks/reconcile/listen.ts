// What people said to a delivery of which no webhook came in: only found here, and told to people.
import { knownPrefix } from "../../commands/known-prefix.ts";
import { type DeliveryId, IssueNumber, type RepoId } from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";
import type { Opened } from "../../verify/opened.ts";
import { type IntakeDeps, readingOf } from "../intake.ts";
import type { TakesPart } from "../live-deliveries.ts";
import { lastLook } from "../missed/look.ts";
import { heardUntil, toldComments } from "./look-rows.ts";
import { comparableUntil, type Unheard, unheardOf } from "./unheard.ts";

export type Said = Readonly<{
  /** Up to here all was compared; null where nothing could be. */
  until: Instant | null;
  threads: readonly Readonly<{ repoId: RepoId; issueNumber: IssueNumber; unheard: readonly Unheard[] }>[];
}>;

const NOTHING: Said = { until: null, threads: [] };

export type Listening = Readonly<{
  deliveryId: DeliveryId;
  issueNumber: IssueNumber;
  startedAt: Instant;
  opened: Pick<Opened, "pulls">;
  readable: readonly TakesPart[];
}>;

/** On the issue and on the pull requests that the delivery opened, where commands count. Throws GitHubError. */
export async function listen(deps: IntakeDeps, about: Listening): Promise<Said> {
  const { sql } = deps.db;
  const { deliveryId, issueNumber, startedAt, opened, readable } = about;
  const until = comparableUntil((await lastLook(sql))?.settledUntil ?? null, instant(deps.clock()));
  const from = (await heardUntil(sql, deliveryId)) ?? startedAt;
  if (until === null || until <= from) return NOTHING;
  const prefix = await knownPrefix(sql, deliveryId);

  const home = readable.filter(({ role }) => role === "primary").map((part) => ({ part, number: issueNumber }));
  const pulls = opened.pulls.flatMap(({ repoId, written }) =>
    readable
      .filter((part) => part.repoId === repoId)
      .map((part) => ({ part, number: IssueNumber.parse(written.pullRequest) })),
  );
  const threads: Said["threads"][number][] = [];
  for (const { part, number } of [...home, ...pulls]) {
    const { installationId, repoId } = part;
    const reading = await readingOf(deps, installationId, repoId);
    const { items, complete } = await reading.comments(repoId, number, from);
    // A thread that is too long to be read is compared as far as it was, and from the same place next time.
    if (!complete) return NOTHING;
    const told = await toldComments(
      sql,
      repoId,
      items.map(({ id }) => id),
    );
    threads.push({ repoId, issueNumber: number, unheard: unheardOf(items, { told, from, until, prefix }) });
  }
  return { until, threads };
}
