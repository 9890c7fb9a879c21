// Which webhooks never arrived, and what to do about each. GitHub sends none again by itself. Pure.
import type { HookAttempt } from "../../github/hook-log.ts";
import type { WebhookGuid } from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";

/** GitHub records attempts for three days; what is older cannot be asked for. An hour less, so that what is asked for is still there. */
const REACH_MS = (3 * 24 - 1) * 3_600_000;

/** An event is recorded when its attempt has ended, up to ten seconds after others that came later. */
const OVERLAP_MS = 60_000;

/** Asked for this often, a minute, then 4, then 16 after the last attempt: an endpoint that still refuses will not take it. */
const MOST_ASKED = 4;
const WAIT_MS = 60_000;

export type Missed = Readonly<{
  /** To be asked for now: the newest attempt of each. */
  ask: readonly HookAttempt[];
  /** Lost for good: asked for in vain, or out of reach. */
  lost: readonly HookAttempt[];
  /** Before this instant nothing is open any more. */
  settledUntil: Instant;
}>;

/** How far back a look has to go: to where the last one left nothing open, but no further than GitHub remembers. */
export const lookFrom = (settledUntil: Instant | null, now: Date): Instant => {
  const reach = instant(new Date(now.getTime() - REACH_MS));
  return settledUntil === null || settledUntil < reach ? reach : settledUntil;
};

type Story = Readonly<{ first: HookAttempt; newest: HookAttempt; tries: number; isTaken: boolean }>;

const storiesOf = (attempts: readonly HookAttempt[]): readonly Story[] =>
  [...Map.groupBy(attempts, ({ guid }) => guid).values()].flatMap((same) => {
    const sorted = same.toSorted((a, b) => (a.at === b.at ? a.id - b.id : a.at < b.at ? -1 : 1));
    const [first, newest] = [sorted[0], sorted.at(-1)];
    if (first === undefined || newest === undefined) return [];
    return { first, newest, tries: sorted.length, isTaken: sorted.some(({ taken }) => taken) };
  });

/**
 * `attempts` as GitHub recorded them since `lookFrom`; `known` are the GUIDs that we have, whatever GitHub thinks. Looking
 * again changes nothing: what was asked for shows as another attempt.
 */
export function missed(attempts: readonly HookAttempt[], known: ReadonlySet<WebhookGuid>, now: Date): Missed {
  const open = storiesOf(attempts).filter(({ first, isTaken }) => !isTaken && !known.has(first.guid));
  const isOutOfReach = ({ first }: Story): boolean => Date.parse(first.at) < now.getTime() - REACH_MS;
  const isDue = ({ newest, tries }: Story): boolean =>
    tries === 1 || Date.parse(newest.at) + WAIT_MS * 4 ** (tries - 2) <= now.getTime();
  const lost = open.filter((story) => story.tries > MOST_ASKED || isOutOfReach(story));
  const waiting = open.filter((story) => !lost.includes(story));
  const overlap = instant(new Date(now.getTime() - OVERLAP_MS));
  return {
    ask: waiting.filter(isDue).map(({ newest }) => newest),
    lost: lost.map(({ first }) => first),
    settledUntil: waiting.reduce((least, { first }) => (first.at < least ? first.at : least), overlap),
  };
}
