// Durations as people write them.
import { describe, expect, it } from "vitest";
import { duration } from "../../src/config/duration.ts";

const any = duration("0s", "9999d");

describe("a duration", () => {
  it.each([
    ["90s", 90],
    ["30m", 1_800],
    ["72h", 259_200],
    ["3d", 259_200],
    ["PT30M", 1_800],
    ["P3D", 259_200],
    ["P1DT2H3M4S", 93_784],
    ["PT0S", 0],
  ])("%s is %d seconds", (text, seconds) => expect(any.parse(text)).toBe(seconds));

  it.each([
    "",
    "3",
    "3w",
    "1M",
    "-3d",
    "3 d",
    "3D",
    "P",
    "PT",
    "P1DT",
    "P1M",
    "P1Y",
    "PT1.5H",
    "1h30m",
    " 3d",
    "9999999999d",
    3,
    null,
    true,
  ])("%j is none", (text) => expect(any.safeParse(text).success).toBe(false));

  it.each([
    ["59m", false],
    ["1h", true],
    ["2h", true],
    ["121m", false],
  ])("keeps its bounds: %s", (text, good) => expect(duration("1h", "2h").safeParse(text).success).toBe(good));
});
