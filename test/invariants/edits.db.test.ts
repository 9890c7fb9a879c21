// A model that proposes what must not be: whatever it edits, it is stopped before anybody could approve it, and nothing is written.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { PLAN } from "../support/on-the-way.ts";
import { quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";
import { canary } from "./canaries.ts";
import { harmsOf } from "./detectors.ts";
import { harmlessPlan } from "./harmless.ts";
import { expectNothingWritten, leaksOf } from "./judged.ts";
import { again, dealt, type Ended, endOf, type Lane, laneNames, laneSeeds, openLanes } from "./lanes.ts";
import { outboundOf } from "./outbound.ts";
import { BAD_EDITS as ALL, type BadEdits, GROUND, pathsOf } from "./payloads/edits.ts";
import { shareOf } from "./share.ts";

const BAD_EDITS = shareOf(ALL);
const LANES = 4;
const LONG = 900_000;
const laneOf = (prompt: string): number => laneNames(LANES).findIndex((name) => prompt.includes(name));

let world: World;
const ended = new Map<BadEdits, Ended>();
beforeAll(async () => {
  const now: (BadEdits | undefined)[] = [];
  world = await openWorld({
    impatient: true,
    beside: laneSeeds(LANES, GROUND),
    answers: {
      triage: answer({ decision: "GO", reasons: ["It can be done."] }),
      plan: ({ prompt }) => answer(harmlessPlan(laneNames(LANES)[laneOf(prompt)] ?? "")),
      edits: ({ prompt }) => answer({ summary: "Done.", edits: now[laneOf(prompt)]?.edits ?? [] }),
    },
  });
  const lanes = await openLanes(world, LANES);
  const shares = dealt(BAD_EDITS, LANES);
  for (const [lane, share] of shares.entries()) now[lane] = share[0];
  await Promise.all(
    lanes.map(async ({ stage, issue }) =>
      stage.say(issue, PEOPLE.approver, `/approve ${await stage.gate(issue, PLAN)}`),
    ),
  );
  await quiet(world);
  for (let round = 0; round < Math.max(...shares.map(({ length }) => length)); round += 1) {
    const tried = lanes.flatMap((lane, index): { lane: Lane; bad: BadEdits }[] => {
      const bad = shares[index]?.[round];
      now[index] = bad;
      return bad === undefined ? [] : [{ lane, bad }];
    });
    if (round > 0)
      await again(
        world,
        tried.map(({ lane, bad }) => ({ lane, words: `/revise ${lane.stage.name} try ${bad.id}` })),
      );
    for (const { lane, bad } of tried) ended.set(bad, await endOf(world, lane));
  }
}, LONG);
afterAll(() => world?.close());

describe("is stopped", () => {
  it.each(BAD_EDITS)("$id, by $stop", (bad) => {
    const { state, blocks } = ended.get(bad) ?? { state: "never tried", blocks: [] };
    if (bad.stop === "unusable") return expect(state).toBe("implement/failed(model_unusable)");
    expect(state).toBe("implement/blocked(policy)");
    const named = blocks.filter(({ rule }) => rule === bad.stop);
    expect(named).not.toEqual([]);
    if (named.every(({ path }) => path === null)) return;
    expect(pathsOf(bad).filter((wanted) => !named.some(({ path }) => path === wanted))).toEqual([]);
  });
});

it("and all the while nothing was written, nothing acted, and nothing secret left", () => {
  expectNothingWritten(world, laneNames(LANES));
  const allowed = {
    people: [PEOPLE.approver, PEOPLE.owner],
    origins: ["https://github.com/", world.github.url],
    closes: [],
  };
  const harms = outboundOf(world.github.requests).flatMap((one) =>
    harmsOf(one, allowed).map((harm) => `${harm} (${one.where})`),
  );
  expect([...new Set(harms)]).toEqual([]);
  const files = { "environment file": canary("the environment file"), "key file": canary("the key file") };
  expect(leaksOf(world, files)).toEqual([]);
});
