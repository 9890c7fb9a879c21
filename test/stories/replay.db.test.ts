// Runs of a delivery, replayed from what the database keeps of them: the same comes of each, and of none that was changed.
import { asc } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import type { Reply } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { replay } from "../../src/agent/replay/replay.ts";
import { loadRun, type StoredRun } from "../../src/agent/replay/stored-run.ts";
import { neverCrash } from "../../src/crash-points.ts";
import { blobs, runs } from "../../src/db/schema.ts";
import { RunId } from "../../src/ids.ts";
import { replayCommand } from "../../src/ops/cli/replay.ts";
import { toPatches, toPlan } from "../support/on-the-way.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const plan = [HAPPY_ANSWERS.plan].flat();
const edits = [HAPPY_ANSWERS.edits].flat();
const misfit: Reply = {
  kind: "answer",
  value: { summary: "Done.", edits: [{ kind: "delete", task: "T1", path: "src/no-such-file.js" }] },
};
const look = (path: string): Reply => ({
  kind: "calls",
  calls: [
    { name: "read", arguments: JSON.stringify({ repository: "acme/shop", path, from: 1, to: 400 }) },
    { name: "search", arguments: JSON.stringify({ repository: "acme/shop", text: "slug" }) },
    { name: "run", arguments: "{}" },
  ],
});

it("each run gives its artifact again, with its repairs and looks, and nobody is asked", async () => {
  world = await openWorld({
    answers: {
      ...HAPPY_ANSWERS,
      plan: [look("src/slug.js"), { kind: "text", text: "no json" }, ...plan],
      edits: [look("README.md"), misfit, ...edits],
    },
  });
  await toPatches(world, await toPlan(world));
  const { db } = world.database;
  await world.stopApp();
  const [asked, requested] = [world.model.requests.length, world.github.requests.length];

  const rows = await db.sql.select({ id: runs.id, role: runs.role }).from(runs).orderBy(asc(runs.id));
  const stored: StoredRun[] = [];
  for (const { id } of rows) {
    const run = await loadRun(db.sql, RunId.parse(id));
    if (!run.ok) throw new Error(run.error);
    stored.push(run.value);
  }
  const deps = { db, clock: () => new Date(), crash: neverCrash };
  expect(stored.map(({ role }) => role)).toEqual(["triage", "planner", "proposer", "proposer", "judge"]);
  for (const run of stored) {
    const { same, lines } = await replay(deps, run);
    expect(lines.join("\n")).toContain(`prompt: ${run.promptHash}, as then`);
    expect(lines.join("\n")).toContain(`${run.artifact?.hash}, as then`);
    expect(lines.join("\n")).not.toContain("judged as then: a file");
    expect([same, lines]).toEqual([true, lines]);
  }
  expect((await replay(deps, stored[2] ?? fail())).lines).toContain("calls: 3, looks: 3");

  // Whatever is changed of it shows.
  const planner = stored[1] ?? fail();
  const answered = planner.transcript.map((one) => ({
    ...one,
    answer: one.answer?.replace("accent", "akzent") ?? null,
  }));
  const told = planner.transcript.map((one) => ({ ...one, looked: one.looked.map((l) => ({ ...l, answer: "" })) }));
  const changed: readonly (readonly [Partial<StoredRun>, string])[] = [
    [{ transcript: answered }, " then"],
    [{ transcript: told }, "another request than then"],
    [{ transcript: planner.transcript.slice(0, -1) }, "asked again, though the run ended here"],
    [{ transcript: [...planner.transcript, ...planner.transcript.slice(-1)] }, "1 more answers were asked for then"],
    [{ canary: "abcdefghijabcdefghij" }, "prompt: another one than then"],
    [{ outcome: "unusable" }, "succeeded now, unusable then"],
  ];
  for (const [change, says] of changed) {
    const { same, lines } = await replay(deps, { ...planner, ...change });
    expect([same, lines.join("\n")]).toEqual([false, expect.stringContaining(says)]);
  }

  // A prompt of another version is not put together again: what was sent then is taken as it was.
  const step = { ...planner.step, prompt: { ...planner.step.prompt, version: "planner-1, house-1" } };
  const older = await replay(deps, { ...planner, step });
  expect(older.same).toBe(true);
  expect(older.lines[0]).toMatch(/^prompt: not put together again, because the prompt was planner-1, house-1 then/);

  // As the operator runs it; and once the texts are gone from the store.
  expect(await replayCommand(db, String(rows[1]?.id), "text")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Run \d+ of D-1: planner, .*The same came of it\.\n$/s),
  });
  for (const none of ["9999", "D-1", "0", "1e3"])
    expect(await replayCommand(db, none, "text")).toMatchObject({ exitCode: 2 });
  await db.sql.delete(blobs);
  expect(await replayCommand(db, String(rows[2]?.id), "json")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("judged as then"),
  });
  expect([world.model.requests.length, world.github.requests.length]).toEqual([asked, requested]);
});

const fail = (): never => {
  throw new Error("no such run");
};
