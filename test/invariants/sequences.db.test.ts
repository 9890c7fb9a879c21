// Random commands, edits, tampering and revocations against the real shell and the real WriteGate on a real database.
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runs } from "../support/runs.ts";
import { Broken, openWatch, playIn, type Sequence, shellSequences } from "./shell-sequences.ts";
import { foundShell, type ShellTown } from "./shell-town.ts";

/** `SHELL_SEQUENCES=5000` tries so many, `SEED` from there. */
const wanted = process.env["SHELL_SEQUENCES"];
const { numRuns } = wanted === undefined ? runs(40) : { numRuns: Number(wanted) };
const seed = Number(process.env["SEED"] ?? process.env["FC_SEED"] ?? Date.now() % 1_000_000_007);

const MOST_MS = 10_000;

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const seen = new Map<string, number>();

const play = async (sequence: Sequence, spoil: (town: ShellTown) => void = () => {}): Promise<void> => {
  const town = await foundShell(t.db, sequence.repos);
  const watch = openWatch();
  try {
    spoil(town);
    await playIn(town, sequence, watch);
  } finally {
    await town.world.github.close();
    for (const [what, n] of watch.counts) seen.set(what, (seen.get(what) ?? 0) + n);
  }
};

it(
  `break no promise (${numRuns} sequences, seed ${seed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(shellSequences, (sequence) => play(sequence)),
      { numRuns, seed, endOnFailure: wanted !== undefined },
    );
    expect(seen.get("written") ?? 0).toBeGreaterThan(numRuns / 10);
    expect(seen.get("approve, refused") ?? 0).toBeGreaterThan(numRuns / 10);
  },
  Math.max(300_000, numRuns * MOST_MS),
);

/** Octocat approves and is heard, loses the role, and then it is to be written. */
const REVOKED: Sequence = {
  repos: 1,
  quorum: 1,
  moves: [
    { name: "approve", n: 9, lapse: 1 },
    { name: "go on", n: 0, lapse: 1 },
    { name: "role", n: 0, lapse: 1 },
    { name: "go on", n: 0, lapse: 1 },
  ],
};

it("a WriteGate that does not ask who may approve is found out", async () => {
  await play(REVOKED);
  const blind = play(REVOKED, ({ isBlind }) => {
    isBlind.gate = true;
  });
  await expect(blind).rejects.toThrow(new Broken("written with 0 of 1 approvals that count"));
});
