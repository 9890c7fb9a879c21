// The circuit breaker of an endpoint: whether it may be called now, and what each call's end makes of that. Pure.

/**
 * `closed`: calls go through; `failures` counts those that failed one after the other. `open`: nobody calls before `until`. `half_open`: one
 * call probes; should its worker die, another may probe after `until`. `opens`: how often it opened without closing in between.
 * Times are milliseconds since 1970.
 */
export type Breaker =
  | Readonly<{ state: "closed"; failures: number }>
  | Readonly<{ state: "open"; until: number; opens: number }>
  | Readonly<{ state: "half_open"; until: number; opens: number }>;

export type BreakerRules = Readonly<{
  /** Failures one after the other, over all workers, that open it. */
  failures: number;
  /** The first pause; doubled each time that a probe fails, at most to `longestMs`. */
  pauseMs: number;
  longestMs: number;
  /** How long a probe may take. */
  probeMs: number;
}>;

/** Five failures are some two minutes of one job's tries: less is a hiccup. A quarter of an hour is the most that anyone waits in vain. */
export const BREAKER_RULES = { failures: 5, pauseMs: 60_000, longestMs: 900_000 } as const;

export const CLOSED: Breaker = { state: "closed", failures: 0 };

/** `next` is kept also where the call is not let through. */
export type Admission = Readonly<{ go: boolean; next: Breaker }>;

export const admitCall = (breaker: Breaker, now: number, rules: BreakerRules): Admission => {
  if (breaker.state === "closed") return { go: true, next: breaker };
  if (now < breaker.until) return { go: false, next: breaker };
  return { go: true, next: { state: "half_open", until: now + rules.probeMs, opens: breaker.opens } };
};

/** Whoever answers is there, whatever was asked first and whatever it said. */
export const afterAnswer = (): Breaker => CLOSED;

/** How long the pause before the next probe is: longer each time, and never shorter than the endpoint asked for. */
const pauseOf = (opens: number, askedMs: number, rules: BreakerRules): number =>
  Math.min(rules.longestMs, Math.max(askedMs, rules.pauseMs * 2 ** Math.min(30, opens)));

/** `askedMs`: what the endpoint asked us to wait. A call that began before it opened says nothing new. */
export const afterFailure = (breaker: Breaker, now: number, askedMs: number, rules: BreakerRules): Breaker => {
  switch (breaker.state) {
    case "closed": {
      const failures = breaker.failures + 1;
      if (failures < rules.failures) return { state: "closed", failures };
      return { state: "open", until: now + pauseOf(0, askedMs, rules), opens: 1 };
    }
    case "open":
      return breaker;
    case "half_open":
      return { state: "open", until: now + pauseOf(breaker.opens, askedMs, rules), opens: breaker.opens + 1 };
  }
};
