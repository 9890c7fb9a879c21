// When an endpoint is left alone, when one call probes it, and when all may call again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admitCall, afterAnswer, afterFailure, type Breaker, CLOSED } from "../../../src/agent/breaker/breaker.ts";
import { runs } from "../../support/runs.ts";

const RULES = { failures: 3, pauseMs: 100, longestMs: 1_000, probeMs: 50 };

const failed = (breaker: Breaker, now: number, asked = 0) => afterFailure(breaker, now, asked, RULES);

const opened = (): Breaker => [0, 1, 2].reduce((breaker, now) => failed(breaker, now), CLOSED);

describe("a breaker", () => {
  it("opens after so many failures one after the other, and not when an answer came in between", () => {
    expect(failed(failed(CLOSED, 0), 1)).toEqual({ state: "closed", failures: 2 });
    expect(opened()).toEqual({ state: "open", until: 102, opens: 1 });
    expect(failed(failed(afterAnswer(), 0), 1)).toMatchObject({ state: "closed" });
  });

  it("lets nothing through while it is open, then one probe, and another where the probe was never heard of", () => {
    expect(admitCall(opened(), 101, RULES)).toEqual({ go: false, next: opened() });
    const probing = admitCall(opened(), 102, RULES);
    expect(probing).toEqual({ go: true, next: { state: "half_open", until: 152, opens: 1 } });
    expect(admitCall(probing.next, 151, RULES)).toEqual({ go: false, next: probing.next });
    expect(admitCall(probing.next, 152, RULES).go).toBe(true);
  });

  it("closes when the probe is answered; when it fails, it waits twice as long, up to the longest", () => {
    expect(afterAnswer()).toEqual(CLOSED);
    let breaker = opened();
    const pauses: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const now = breaker.state === "closed" ? 0 : breaker.until;
      breaker = failed(admitCall(breaker, now, RULES).next, now);
      pauses.push(breaker.state === "open" ? breaker.until - now : 0);
    }
    expect(pauses).toEqual([200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it("waits as long as the endpoint asked, within the longest", () => {
    const almost = failed(failed(CLOSED, 0), 0);
    expect(failed(almost, 0, 700)).toMatchObject({ until: 700 });
    expect(failed(almost, 0, 99_000)).toMatchObject({ until: 1_000 });
  });

  it("hears nothing new of calls that began before it opened", () => {
    expect(failed(opened(), 50)).toEqual(opened());
  });
});

type Act = Readonly<{ kind: "ask" | "answer" | "fail"; wait: number }>;

it("whatever happens: never two probes within one's time, never a call before a pause is over, and it always lets one through in the end", () => {
  const act = fc.record({
    kind: fc.constantFrom<Act["kind"]>("ask", "answer", "fail"),
    wait: fc.nat(300),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let breaker: Breaker = CLOSED;
      let now = 0;
      let probing = Number.NEGATIVE_INFINITY;
      for (const { kind, wait } of acts) {
        now += wait;
        const before: Breaker = breaker;
        if (kind === "ask") {
          const { go, next } = admitCall(before, now, RULES);
          if (before.state !== "closed") expect(go).toBe(now >= before.until);
          if (go && next.state === "half_open") {
            expect(now - probing).toBeGreaterThanOrEqual(before.state === "half_open" ? RULES.probeMs : 0);
            probing = now;
          }
          breaker = next;
        } else breaker = kind === "answer" ? afterAnswer() : failed(before, now);
        if (breaker.state !== "closed") {
          expect(breaker.until - now).toBeLessThanOrEqual(RULES.longestMs);
          expect(breaker.opens).toBeGreaterThan(0);
        }
      }
      expect(admitCall(breaker, now + RULES.longestMs, RULES).go).toBe(true);
    }),
    runs(300),
  );
});
