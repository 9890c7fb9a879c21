// A model whose answers are broken, foreign, endless or more than was asked: none of it becomes a state, and nothing is written.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, type Reply } from "../../demo/model/reply.ts";
import { PLAN } from "../support/on-the-way.ts";
import { quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";
import { harmsOf } from "./detectors.ts";
import { harmlessPlan } from "./harmless.ts";
import { expectNothingWritten, leaksOf } from "./judged.ts";
import { again, dealt, endOf, laneNames, laneSeeds, openLanes } from "./lanes.ts";
import { outboundOf } from "./outbound.ts";
import { BAD_ANSWERS as ALL, type BadAnswer } from "./payloads/answers.ts";
import { shareOf } from "./share.ts";

/** Each answer is read by the same few lines, whoever was asked: it is tried in two of the three roles. */
const answersOf = (role: Role): readonly BadAnswer[] =>
  shareOf(ALL).filter((_, index) => (index + ROLES.indexOf(role)) % ROLES.length !== 0);
const ROLES = ["triage", "plan", "edits"] as const;
type Role = (typeof ROLES)[number];
const LONG = 900_000;
/** Two lanes a role. */
const LANES = 2 * ROLES.length;

/** What becomes of an answer that cannot be used, and of one that can, by whom it was asked of. */
const ENDS: Readonly<Record<Role, Readonly<{ unusable: string; usable: string }>>> = {
  triage: { unusable: "intake/failed(model_unusable)", usable: "intake/blocked(defer)" },
  plan: { unusable: "plan/failed(model_unusable)", usable: "plan/succeeded" },
  edits: { unusable: "implement/failed(model_unusable)", usable: "review/succeeded" },
};

const goodOf = (role: Role, repository: string): Readonly<Record<string, unknown>> => {
  switch (role) {
    case "triage":
      return { decision: "DEFER", reasons: ["Somebody has to look at it."] };
    case "plan":
      return harmlessPlan(repository);
    case "edits":
      return {
        summary: "Done.",
        edits: [{ kind: "create", task: "T1", path: "src/b.js", content: "export const b = 2;\n" }],
      };
  }
};

const roleOf = (lane: number): Role => ROLES[lane % ROLES.length] ?? "triage";
const names = laneNames(LANES);

let world: World;
const ended = new Map<string, string>();
const keyOf = (role: Role, { id }: BadAnswer): string => `${role}: ${id}`;

beforeAll(async () => {
  /** What the model says in a lane, and in which role; in the others it says what it should. */
  const now: (BadAnswer | undefined)[] = [];
  const script =
    (role: Role) =>
    ({ prompt }: { prompt: string }): Reply => {
      const lane = names.findIndex((name) => prompt.includes(name));
      const name = names[lane] ?? "";
      const bad = now[lane];
      if (roleOf(lane) === role && bad !== undefined) return { kind: "text", text: bad.text(goodOf(role, name)) };
      return answer(role === "triage" ? { decision: "GO", reasons: ["It can be done."] } : goodOf(role, name));
    };
  world = await openWorld({
    impatient: true,
    beside: laneSeeds(LANES, { "README.md": "# Lane\n", "src/a.js": "export const a = 1;\n" }),
    answers: { triage: script("triage"), plan: script("plan"), edits: script("edits") },
  });
  const shares = names.map((_, lane) => dealt(answersOf(roleOf(lane)), 2)[Math.floor(lane / ROLES.length)] ?? []);
  for (const [lane, share] of shares.entries()) now[lane] = share[0];
  const lanes = await openLanes(world, LANES);
  await Promise.all(
    lanes.map(async ({ stage, issue }, lane) => {
      if (roleOf(lane) === "edits")
        await stage.say(issue, PEOPLE.approver, `/approve ${await stage.gate(issue, PLAN)}`);
    }),
  );
  await quiet(world);
  for (let round = 0; round < Math.max(...shares.map(({ length }) => length)); round += 1) {
    if (round > 0) {
      const moved = lanes.flatMap((lane, index) => {
        const bad = shares[index]?.[round];
        now[index] = bad;
        const words = {
          triage: "/retry",
          plan: "/revise plan once more",
          edits: `/revise ${lane.stage.name} once more`,
        };
        return bad === undefined ? [] : [{ lane, words: words[roleOf(index)] }];
      });
      await again(world, moved);
    }
    for (const [index, lane] of lanes.entries()) {
      const bad = now[index];
      if (bad !== undefined) ended.set(keyOf(roleOf(index), bad), (await endOf(world, lane)).state);
    }
  }
}, LONG);
afterAll(() => world?.close());

describe.each(ROLES)("asked for %s, it answers", (role) => {
  it.each(answersOf(role))("$id", (bad) => {
    const { unusable, usable } = ENDS[role];
    expect(ended.get(keyOf(role, bad))).toBe(bad.isUsable ? usable : unusable);
  });
});

it("and all the while nothing was written, nothing acted, and nothing secret left", () => {
  expectNothingWritten(world, names);
  const allowed = {
    people: [PEOPLE.approver, PEOPLE.owner],
    origins: ["https://github.com/", world.github.url],
    closes: [],
  };
  const harms = outboundOf(world.github.requests).flatMap((one) =>
    harmsOf(one, allowed).map((harm) => `${harm} (${one.where})`),
  );
  expect([...new Set(harms)]).toEqual([]);
  expect(leaksOf(world)).toEqual([]);
});
