// How long a state may last, by the configuration that a delivery was last given, whatever version of the app wrote it.
import { describe, expect, it } from "vitest";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { deadlinesOf } from "../../src/wiring/deadlines.ts";

const given = { ...DEFAULT_CONFIG, deadlines: { ...DEFAULT_CONFIG.deadlines, plan: 61, gate: 7_201 } };

describe("the deadlines of a delivery", () => {
  it("are those of its snapshot", () => {
    const seconds = deadlinesOf({ config: given });
    expect(seconds("plan", "running")).toBe(61);
    expect(seconds("plan", "succeeded")).toBe(7_201);
    expect(seconds("review", "succeeded")).toBe(7_201);
    expect(seconds("intake", "pending")).toBe(DEFAULT_CONFIG.deadlines.intake);
  });

  it("are the defaults where an older snapshot lacks them", () => {
    const seconds = deadlinesOf({ config: { deadlines: { plan: 61 } } });
    expect(seconds("plan", "pending")).toBe(61);
    expect(seconds("verify", "running")).toBe(DEFAULT_CONFIG.deadlines.verify);
  });

  it.each([
    [null],
    [{}],
    [{ config: {} }],
    [{ config: { deadlines: { plan: "soon" } } }],
    [{ config: { deadlines: { plan: -1 } } }],
  ])("are the defaults where the snapshot is none: %j", (snapshot) => {
    expect(deadlinesOf(snapshot)("plan", "running")).toBe(DEFAULT_CONFIG.deadlines.plan);
  });

  it("are none where nothing runs and nobody is asked", () => {
    const seconds = deadlinesOf({ config: given });
    for (const status of ["failed", "blocked", "canceled"] as const) expect(seconds("plan", status)).toBeNull();
    expect(seconds("verify", "succeeded")).toBeNull();
  });
});
