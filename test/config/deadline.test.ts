// Every state either has a time that is up some day, or waits for people by its nature (M9, M10).
import { describe, expect, it } from "vitest";
import { deadlineSeconds } from "../../src/config/deadline.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { PHASES, RUN_STATUSES } from "../../src/delivery/delivery.ts";

const states = PHASES.flatMap((phase) => RUN_STATUSES.map((runStatus) => ({ phase, runStatus })));

describe("deadlines", () => {
  it.each(states)("$phase/$runStatus", ({ phase, runStatus }) => {
    const seconds = deadlineSeconds(DEFAULT_CONFIG, phase, runStatus);
    const works = runStatus === "pending" || runStatus === "running";
    const waits = runStatus === "succeeded" && (phase === "plan" || phase === "review" || phase === "deploy");
    if (works) expect(seconds).toBeGreaterThan(0);
    else expect(seconds).toBe(waits ? DEFAULT_CONFIG.deadlines.gate : null);
  });

  it("are those of the configuration", () => {
    expect(deadlineSeconds(DEFAULT_CONFIG, "implement", "running")).toBe(DEFAULT_CONFIG.deadlines.implement);
    expect(deadlineSeconds(DEFAULT_CONFIG, "verify", "pending")).toBe(DEFAULT_CONFIG.deadlines.verify);
    expect(deadlineSeconds(DEFAULT_CONFIG, "deploy", "running")).toBe(DEFAULT_CONFIG.deadlines.deploy);
  });

  it("leave room for the window of what is watched", () => {
    const config = { ...DEFAULT_CONFIG, observe: { window: 1_000_000 } };
    expect(deadlineSeconds(config, "observe", "running")).toBe(1_000_000 + config.deadlines.observe);
  });
});
