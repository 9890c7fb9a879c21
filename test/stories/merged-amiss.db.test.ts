// Somebody merges by hand, with something more in the merge than was approved: it is named, and never deployed.
import { afterEach, expect, it } from "vitest";
import { quiet, stateOf } from "../support/reading-back.ts";
import { configure, toMerge } from "../support/to-merge.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

it("a merge that holds more than was approved is not deployed, also not after a retry", async () => {
  let merged = false;
  const here: World = await openWorld({
    crash: (name) => {
      if (name !== "ship.before.merge" || merged) return;
      merged = true;
      here.github.as(PEOPLE.owner).mergeInto("main", "countersign/d-1", { "src/more.js": "not approved\n" });
    },
  });
  world = here;
  configure(here);
  const { issue, code } = await toMerge(here);
  expect(await here.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  const notes = () => here.ours(issue).filter(({ body }) => body.includes("is not exactly what was approved"));
  await here.until(() => notes().length > 0, "the note");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("observe/blocked(partial_merge)");
  expect(here.shop.text("src/more.js")).toBe("not approved\n");
  expect(here.shop.deployments()).toEqual([]);

  expect(await here.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("observe/blocked(partial_merge)");
  expect(here.shop.deployments()).toEqual([]);
});
