// `agent.judge: full`: whole files, lines as evidence, and a second look at what was found not met.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asc } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { FILES, HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { replay } from "../../src/agent/replay/replay.ts";
import { loadRun } from "../../src/agent/replay/stored-run.ts";
import { neverCrash } from "../../src/crash-points.ts";
import { runs } from "../../src/db/schema.ts";
import { RunId } from "../../src/ids.ts";
import { toPatches, toPlan } from "../support/on-the-way.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const demo = Object.fromEntries(
  readdirSync(FILES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(FILES.length).replace(/^\//, ""), readFileSync(path, "utf8")];
    }),
);
const files = { ...demo, ".github/countersign.yml": "agent:\n  judge: full\n" };

const verdict = (criterion: string, passes: boolean, path: string, line: number) => ({
  criterion,
  because: passes ? "The table has it." : "The table has no letter for it.",
  verdict: passes ? "PASS" : "FAIL",
  evidence: [{ path, line }],
});

it("reads the files after the change, names lines, and looks once more before anything goes back", async () => {
  const [first, second, third] = ["AC-1", "AC-2", "AC-3"];
  world = await openWorld({
    files,
    answers: {
      ...HAPPY_ANSWERS,
      qa_report: [
        // A line that is not there is no evidence: it is sent back.
        answer({ verdicts: [first, second, third].map((id) => verdict(id ?? "", true, "src/letters.js", 900)) }),
        answer({
          verdicts: [
            verdict("AC-1", true, "src/letters.js", 3),
            verdict("AC-2", false, "src/letters.js", 5),
            verdict("AC-3", true, "test/slug.test.js", 1),
          ],
        }),
        answer({ verdicts: [verdict("AC-2", true, "src/letters.js", 7)] }),
      ],
    },
  });
  const { issue } = await toPatches(world, await toPlan(world));
  const comment = world.ours(issue).findLast(({ body }) => body.startsWith("**Patches ready"))?.body ?? "";
  expect(comment).toContain("A second role judged 3 of 3 criteria met. It is a model that read the changed files");
  expect(comment).toContain("`AC-2` met: The table has it. See `src/letters.js:7`.");

  const asked = (role: string) => world?.model.requests.filter((request) => request.role === role) ?? [];
  // Each task once: the second look took back what the first had found.
  expect(asked("edits")).toHaveLength(2);
  const [whole, mended, again, ...more] = asked("qa_report").map(({ prompt }) => prompt);
  expect(more).toEqual([]);
  expect(whole).toContain("file src/slug.js of acme/shop, after the change");
  expect(mended).toContain("lines only.");
  expect(whole).not.toContain("What was found not met");
  expect(again).toContain("The table has no letter for it.");

  const { db } = world.database;
  await world.stopApp();
  const rows = await db.sql.select({ id: runs.id, role: runs.role }).from(runs).orderBy(asc(runs.id));
  const judges = rows.filter(({ role }) => role === "judge");
  expect(judges).toHaveLength(2);
  for (const { id } of judges) {
    const run = await loadRun(db.sql, RunId.parse(id));
    if (!run.ok) throw new Error(run.error);
    const { same, lines } = await replay({ db, clock: () => new Date(), crash: neverCrash }, run.value);
    expect([same, lines]).toEqual([true, lines]);
  }
});
