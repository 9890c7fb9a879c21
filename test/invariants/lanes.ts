// Several repositories with one delivery each, in which the model is asked again and again: every round tries one payload a lane.
import { desc, eq } from "drizzle-orm";
import type { SeedRepository } from "../../demo/github/seed.ts";
import { policyViolations } from "../../src/db/schema.ts";
import { quiet } from "../support/reading-back.ts";
import { PEOPLE } from "../support/scene.ts";
import type { World } from "../support/world.ts";
import { deliveryIn } from "./delivery-in.ts";
import { type Stage, stageIn } from "./stage.ts";

const CONFIG = "max_revisions: 50\nagent: {max_tokens: 10000000}\n";

export const laneNames = (lanes: number): readonly string[] =>
  Array.from({ length: lanes }, (_, index) => `acme/lane-${index + 1}`);

export const laneSeeds = (
  lanes: number,
  files: Extract<SeedRepository["files"], Readonly<Record<string, unknown>>>,
): readonly SeedRepository[] =>
  laneNames(lanes).map((full) => {
    const [owner = "", name = ""] = full.split("/");
    return { owner, name, files: { ...files, ".github/countersign.yml": CONFIG } };
  });

export type Block = Readonly<{ rule: string; path: string | null }>;
export type Ended = Readonly<{ state: string; blocks: readonly Block[] }>;

export type Lane = Readonly<{ stage: Stage; issue: number }>;

/** One issue in each, all at once. */
export const openLanes = async (world: World, lanes: number): Promise<readonly Lane[]> => {
  const open = laneNames(lanes).map((name) => {
    const stage = stageIn(world, name, true);
    return { stage, issue: stage.begin({ title: "Something is to be done", body: `In ${name}.` }) };
  });
  await quiet(world);
  return open;
};

/** Where a lane's delivery stands, and which rules were broken in the attempt that it has come to. */
export const endOf = async (world: World, { stage, issue }: Lane): Promise<Ended> => {
  const { sql } = world.database.db;
  const row = await deliveryIn(world, stage, issue);
  const state = `${row.phase}/${row.runStatus}${row.reason === null ? "" : `(${row.reason})`}`;
  const violations = await sql
    .select()
    .from(policyViolations)
    .where(eq(policyViolations.deliveryId, row.id))
    .orderBy(desc(policyViolations.id));
  const attempt = violations[0]?.attempt;
  const blocks = violations.filter((each) => each.attempt === attempt && each.severity === "block");
  return { state, blocks };
};

/** Has each lane's work made anew, all at once, and waits until nothing moves. */
export const again = async (world: World, lanes: readonly Readonly<{ lane: Lane; words: string }>[]): Promise<void> => {
  for (const { lane, words } of lanes) {
    world.github.as(PEOPLE.approver).in(lane.stage.name).comment(lane.issue, words);
  }
  await quiet(world);
};

/** `count` shares, as even as can be. */
export const dealt = <T>(all: readonly T[], count: number): readonly (readonly T[])[] =>
  Array.from({ length: count }, (_, lane) => all.filter((_one, index) => index % count === lane));
