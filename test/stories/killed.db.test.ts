// Killed once at every commit and every call to the outside, the delivery still ends with one of each effect.
import { afterEach, describe, expect, it } from "vitest";
import type { CrashPoint } from "../../src/crash-points.ts";
import { expectOneOfEach, expectVerifiedLedger, toTheEnd } from "../support/whole-way.ts";
import { dieOnce, openWorld, type World } from "../support/world.ts";

let world: World | undefined;
const closeWorld = async (): Promise<void> => {
  await world?.close();
  world = undefined;
};
afterEach(closeWorld);

/** `STORY_ROUNDS=9` spreads the points over nine deliveries; `STORY_ROUNDS=each` gives every point one of its own. */
const ROUNDS = process.env["STORY_ROUNDS"] ?? "3";
const EVERY = ROUNDS === "each" ? 3 : Number(ROUNDS);
if (!Number.isInteger(EVERY) || EVERY < 1) throw new Error(`STORY_ROUNDS is a whole number or "each", not ${ROUNDS}`);

/** Fewer points than this are met only where a part of the way was not gone. */
const FEWEST_POINTS = 60;
const PARTS = [
  "intake",
  "admission",
  "advance",
  "triage",
  "plan",
  "propose",
  "publish",
  "commands",
  "answer",
  "write",
  "watch",
  "close",
];

/** One delivery from the label to its end, with one of each effect. */
async function deliver(crash: CrashPoint): Promise<void> {
  world = await openWorld({ crash, impatient: true });
  const issue = await toTheEnd(world);
  expectOneOfEach(world, issue);
  const { github, database } = world;
  // Revoked when the job of the write ends, which the watch does not wait for.
  const open = () => github.tokens.filter((t) => t.permissions["contents"] === "write" && t.revokedAt === null);
  await world.until(() => open().length === 0, "the last token to be revoked");
  await expectVerifiedLedger(database.db.sql);
}

describe.runIf(ROUNDS !== "each")("dies on its way, again and again", () => {
  const rounds = Array.from({ length: EVERY }, (_, first) => first);
  it.each(rounds)("leaves one of each effect, round %i", async (first) => {
    const death = dieOnce(first, EVERY);
    await deliver(death.crash);
    // Each part of the way was really died in.
    expect(death.met.length).toBeGreaterThan(FEWEST_POINTS);
    expect(death.died.length).toBe(Math.ceil((death.met.length - first) / EVERY));
    const modules = new Set(death.met.map((name) => name.split(".")[0]));
    for (const part of PARTS) expect(modules).toContain(part);
  });
});

/** Dies once, at this point. */
function dieAt(point: string | null): Readonly<{ crash: CrashPoint; met: ReadonlySet<string>; died: () => boolean }> {
  const met = new Set<string>();
  let hasDied = false;
  return {
    met,
    died: () => hasDied,
    crash: (name) => {
      met.add(name);
      if (name !== point || hasDied) return;
      hasDied = true;
      throw new Error(`died at ${name}`);
    },
  };
}

it.runIf(ROUNDS === "each")("dies at each point in a delivery of its own", { timeout: 0 }, async () => {
  const before = dieAt(null);
  await deliver(before.crash);
  await closeWorld();
  // Some points are only come to after a death elsewhere.
  const points = [...before.met];
  const known = new Set(points);
  for (const point of points) {
    const death = dieAt(point);
    await deliver(death.crash).catch((error: unknown) => {
      throw new Error(`died at ${point}`, { cause: error });
    });
    expect(death.died() || !before.met.has(point)).toBe(true);
    await closeWorld();
    for (const name of death.met) {
      if (known.has(name)) continue;
      known.add(name);
      points.push(name);
    }
  }
  expect(points.length).toBeGreaterThan(FEWEST_POINTS);
});
