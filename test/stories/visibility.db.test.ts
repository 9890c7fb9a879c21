// Cost and models are people's own business on a private repository, and nobody's on a public one.
import { afterEach, expect, it } from "vitest";
import { toPlan } from "../support/on-the-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

it.each([
  ["public", null, false],
  ["private", null, true],
  ["public", "thread:\n  show_cost: on\n", true],
] as const)("on a %s repository, configured with %j, models are shown: %s", async (visibility, config, shown) => {
  world = await openWorld({ visibility });
  if (config !== null) world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": config });
  const { issue } = await toPlan(world);
  const texts = world.ours(issue).map(({ body }) => body);
  expect(texts.some((body) => body.includes("scripted-1"))).toBe(shown);
});
