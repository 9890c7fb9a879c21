// Warnings that people accepted stand on their lines on the pull request's head: once, however often the check is drawn anew.
import { afterAll, beforeAll, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS, SHOP_FIX } from "../../demo/repository/demo-repository.ts";
import { toPull } from "../support/on-the-way.ts";
import { annotationsOf, provenanceOf } from "../support/provenance.ts";
import { quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  const makefile = { kind: "create", task: "T1", path: "Makefile", content: "test:\n\tnode --test\n" };
  const edits = answer({ summary: "With a Makefile.", edits: [...SHOP_FIX, makefile] });
  world = await openWorld({ answers: { ...HAPPY_ANSWERS, edits } });
});
afterAll(() => world.close());

it("an accepted warning is an annotation of the green check, and of that of the next head, and of no red one", async () => {
  const { issue, pull } = await toPull(world);
  const check = provenanceOf(world, pull.head.sha);
  expect(check?.conclusion).toBe("success");
  const warning = { path: "Makefile", start_line: 1, annotation_level: "warning", title: "build-scripts" };
  expect(await annotationsOf(world, check?.id ?? 0)).toEqual([warning]);
  const proposal = world.shop.checkRuns().find(({ name }) => name.endsWith("/ patch set 1"));
  expect(proposal?.output.summary).toContain("| `build-scripts` |");
  expect(await annotationsOf(world, proposal?.id ?? 0)).toEqual([]);

  await world.restart();
  await world.say(issue, PEOPLE.approver, "/status");
  world.github.as(PEOPLE.owner).push("main", { "README.md": "Another shop.\n" });
  const merged = world.github.as(PEOPLE.approver).mergeInto(pull.head.ref, "main");
  await world.until(() => provenanceOf(world, merged), "the check of the next head");
  await quiet(world);
  expect(await annotationsOf(world, check?.id ?? 0)).toEqual([warning]);
  expect(await annotationsOf(world, provenanceOf(world, merged)?.id ?? 0)).toEqual([warning]);
  const stray = world.github.as(PEOPLE.approver).push(pull.head.ref, { Makefile: "test:\n\ttrue\n" });
  await world.until(() => provenanceOf(world, stray), "the check of a head that nobody approved");
  await quiet(world);
  expect(await annotationsOf(world, provenanceOf(world, stray)?.id ?? 0)).toEqual([]);
});
