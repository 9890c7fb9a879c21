// How long work that watches GitHub waits before it looks again by itself: webhooks wake it earlier. Pure.

/** A tenth of what was waited, between 10 s and 5 min: what is quick is seen soon, what is slow costs few requests. */
export const pause = (secondsWaited: number): number => Math.min(300, Math.max(10, Math.round(secondsWaited / 10)));
