// Random edits on random files, the whole way: git makes of what was shown what was written, and GitHub's tree is the approved one.
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import type { Edit } from "../../src/artifacts/edits.ts";
import { patchSets, writes } from "../../src/db/schema.ts";
import { emptyGit } from "../patches/git.ts";
import { randomScenario, type Scenario } from "../patches/random-edits.ts";
import { PATCHES, PLAN } from "../support/on-the-way.ts";
import { quiet } from "../support/reading-back.ts";
import { runs } from "../support/runs.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";
import { deliveryIn } from "./delivery-in.ts";
import { harmlessPlan } from "./harmless.ts";
import { shareOf } from "./share.ts";
import { shownDiffs } from "./shown-diffs.ts";
import { type Stage, stageIn } from "./stage.ts";

const LONG = 900_000;
const STOPPED = /^\*\*(?:Stopped by policy|The model's answer could not be used)/;
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000_007);

const touched = ({ base, files }: Scenario): number => {
  const paths = new Set([...base.keys(), ...files.keys()]);
  const before = (path: string) => {
    const file = base.get(path);
    return file?.kind === "text" ? file.text : undefined;
  };
  return [...paths].filter((path) => before(path) !== files.get(path)).length;
};

const isDeletion = (edit: Edit): boolean => edit.kind === "delete";

/** Such as policy lets through: something is changed, and not nearly everything is deleted. */
const scenarios = randomScenario.filter(
  (scenario) => touched(scenario) > 0 && scenario.edits.filter(isDeletion).length < 4 && scenario.files.size > 0,
);

const { numRuns } = runs(14);
/** Tasks are carried out one after the other: the edits keep their order, and the tasks of it share them in theirs. */
const inTurn = (edits: Scenario["edits"]): Scenario["edits"] => {
  const ids = [...new Set(edits.map(({ task }) => task))].sort();
  return edits.map((edit, at) => ({ ...edit, task: ids[Math.floor((at * ids.length) / edits.length)] ?? edit.task }));
};

const CASES = shareOf(fc.sample(scenarios, { numRuns, seed })).map((scenario, index) => ({
  scenario: { ...scenario, edits: inTurn(scenario.edits) },
  name: `acme/case-${index + 1}`,
}));

const filesOf = ({ base }: Scenario) =>
  Object.fromEntries([
    ["README.md", "# Case\n"],
    ...[...base].flatMap(([path, file]) =>
      file.kind === "text" ? [[path, { content: file.text, mode: file.mode }] as const] : [],
    ),
  ]);

const planFor = (name: string, { edits }: Scenario) => {
  const [task] = harmlessPlan(name).tasks;
  const ids = [...new Set(edits.map((edit) => edit.task))].sort();
  return { ...harmlessPlan(name), tasks: ids.map((id) => ({ ...task, id })) };
};

const caseOf = (prompt: string) => {
  // The longest name first: case-1 stands in case-12.
  const found = [...CASES].reverse().find(({ name }) => prompt.includes(`In ${name}.`));
  if (found === undefined) throw new Error("a prompt of no case");
  return found;
};

let world: World;
const git = emptyGit();
const ended = new Map<string, "written" | "stopped">();

const play = async (stage: Stage): Promise<void> => {
  const issue = stage.begin({ title: "Random", body: `In ${stage.name}.` });
  await stage.say(issue, PEOPLE.approver, `/approve ${await stage.gate(issue, PLAN)}`);
  const isStopped = () => stage.ours(issue).some(({ body }) => STOPPED.test(body));
  const isShown = () => stage.ours(issue).some(({ body }) => PATCHES.test(body));
  await world.until(() => isStopped() || isShown(), `patches or a stop in ${stage.name}`);
  if (isStopped()) return void ended.set(stage.name, "stopped");
  await stage.say(issue, PEOPLE.approver, `/approve ${await stage.gate(issue, PATCHES)}`);
  await world.until(() => stage.view.pulls()[0], `the pull request in ${stage.name}`);
  ended.set(stage.name, "written");
};

beforeAll(async () => {
  world = await openWorld({
    impatient: true,
    beside: CASES.map(({ name, scenario }) => ({
      owner: "acme",
      name: name.split("/")[1] ?? "",
      files: filesOf(scenario),
    })),
    answers: {
      triage: answer({ decision: "GO", reasons: ["It can be done."] }),
      plan: ({ prompt }) => {
        const { name, scenario } = caseOf(prompt);
        return answer(planFor(name, scenario));
      },
      edits: ({ prompt }) => answer({ summary: "Done.", edits: caseOf(prompt).scenario.edits }),
    },
  });
  const stages = CASES.map(({ name }) => stageIn(world, name, true));
  // A few at a time: as many as there are would all wait for one another.
  for (let from = 0; from < stages.length; from += 5) await Promise.all(stages.slice(from, from + 5).map(play));
  await quiet(world);
}, LONG);
afterAll(async () => {
  git.drop();
  await world?.close();
});

it(`most of them are written (seed ${seed})`, () => {
  expect([...ended.values()].filter((end) => end === "written").length).toBeGreaterThan(CASES.length / 2);
});

describe.each(CASES)("$name", ({ name, scenario }) => {
  const isWritten = () => ended.get(name) === "written";

  it("what git makes of the shown diffs is what was written", () => {
    if (!isWritten()) return;
    const stage = stageIn(world, name, true);
    const ref = stage.view.pulls()[0]?.head.ref ?? "";
    const texts = [
      ...stage.ours(1).map(({ body }) => body),
      ...stage.view.checkRuns().map(({ output }) => output.text ?? ""),
    ];
    const diffs = [...new Set(texts.flatMap(shownDiffs))];
    git.run(["rm", "-r", "-q", "-f", "--cached", "--ignore-unmatch", "."]);
    git.run(["clean", "-f", "-d", "-q", "-x"]);
    for (const [path, { mode }] of stage.view.files())
      git.write(path, stage.view.text(path) ?? "", mode === "100755" ? "100755" : "100644");
    git.run(["add", "-A", "-f"]);
    git.run(["apply", "--index", "--whitespace=nowarn", "-"], diffs.join(""));
    expect(git.run(["write-tree"]).trim()).toBe(stage.view.commit(ref)?.commit.tree.sha);
  });

  it("the tree on GitHub is the approved one, file by file", async () => {
    if (!isWritten()) return;
    const stage = stageIn(world, name, true);
    const ref = stage.view.pulls()[0]?.head.ref ?? "";
    const now = new Map([...stage.view.files(ref).keys()].map((path) => [path, stage.view.text(path, ref)]));
    expect(now).toEqual(new Map([["README.md", "# Case\n"], ...scenario.files]));
    const { id } = await deliveryIn(world, stage, 1);
    const { sql } = world.database.db;
    const [row] = await sql
      .select({ digest: writes.digest, made: writes.treeSha, id: writes.patchSetId })
      .from(writes)
      .where(eq(writes.deliveryId, id));
    const [approved] = await sql
      .select()
      .from(patchSets)
      .where(eq(patchSets.id, row?.id ?? 0));
    expect(row).toMatchObject({ digest: approved?.digest, made: stage.view.commit(ref)?.commit.tree.sha });
    expect(approved?.content).toMatchObject({ tree: row?.made });
  });
});
