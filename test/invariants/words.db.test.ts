// Every word that an attacker may write goes the whole way, from the issue to the pull request, and does nothing on it.
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { phaseRuns } from "../../src/db/schema.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { DeliveryId } from "../../src/ids.ts";
import { PATCHES, PLAN } from "../support/on-the-way.ts";
import { quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";
import { deliveryIn } from "./delivery-in.ts";
import { type Allowed, harmsOf } from "./detectors.ts";
import { ANSWERED, FILE, hostileAnswers } from "./hostile-answers.ts";
import { expectOnlyApprovedWrites, leaksOf } from "./judged.ts";
import { outboundOf } from "./outbound.ts";
import { GROUPS as ALL } from "./payloads/all.ts";
import type { Group } from "./payloads/payload.ts";
import { shareOf } from "./share.ts";
import { shownDiffs } from "./shown-diffs.ts";
import { type Stage, stageIn } from "./stage.ts";

const GROUPS = shareOf(ALL);

const LONG = 900_000;
const QUESTIONS = /^\*\*[^*]*question/i;

/** Names that mean something where they are written bare. */
const NAMES = ["www.evil.example", "fixes-9001", "approve", "GH-9001", "victim", "deadbee4cafe", "README.md"];
const BRANCHES = ["main", "fix/#9001", "approve", "@victim", "GH-9001"];

const placeOf = (index: number) => ({
  repository: `acme/${NAMES[index] ?? `place-${index}`}`,
  branch: BRANCHES[index % BRANCHES.length] ?? "main",
});

const everything = ({ words }: Group): string =>
  words
    .map(({ text }) => text)
    .join("\n\n")
    .toWellFormed();

let world: World;
const stages = new Map<string, Stage>();
const stageOf = ({ name }: Group): Stage => {
  const stage = stages.get(name);
  if (stage === undefined) throw new Error(`no stage for ${name}`);
  return stage;
};

/** A third of the plans ask first: what they ask is drawn by one function. */
const asksFirst = (index: number): boolean => index % 3 === 0;

const find = (prompt: string) => {
  const index = GROUPS.findIndex(({ words }) => words.some(({ mark }) => prompt.includes(mark)));
  const group = GROUPS[index];
  if (group === undefined) throw new Error("a prompt of no group");
  return { group, repository: placeOf(index).repository, asks: asksFirst(index) };
};

/** Tells a check of another app on a commit. */
const report = async ({ world: { github }, name }: Stage, sha: string, checkName: string, conclusion: string) => {
  const answer = await fetch(`${github.url}/repos/${name}/check-runs`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${github.tokenFor("github-actions", { checks: "write" })}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ name: checkName, head_sha: sha, status: "completed", conclusion }),
  });
  if (answer.status !== 201) throw new Error(`a check was not taken: ${answer.status} ${await answer.text()}`);
};

/** Everything that a delivery can come by, with the group's words in each place that others may fill. */
const wholeWay = async (group: Group): Promise<void> => {
  const stage = stageOf(group);
  const { say, reads, gate } = stage;
  const body = everything(group);
  const issue = stage.begin({ title: `${group.words[0]?.mark} ${group.words[0]?.text}`, body });
  const others = stage.isPublic ? [PEOPLE.outsider, PEOPLE.reporter] : [PEOPLE.reporter];
  for (const login of others) world.github.as(login).in(stage.name).comment(issue, body);
  await reads(issue, /^\*\*Triage would wait/);
  await say(issue, PEOPLE.approver, "/plan");
  if (asksFirst(GROUPS.indexOf(group))) {
    await reads(issue, QUESTIONS);
    await say(issue, PEOPLE.approver, `/revise plan ${ANSWERED}`);
  }
  const plan = await gate(issue, PLAN);
  await say(issue, PEOPLE.approver, `/approve ${plan}`);
  const patches = await gate(issue, PATCHES, plan);
  await say(issue, PEOPLE.approver, `/approve ${patches}`);
  const pull = await world.until(() => stage.view.pulls()[0], `the pull request of ${group.name}`);
  const isGreen = group.words.length % 2 === 0;
  for (const { text } of group.words.slice(0, 3)) {
    await report(stage, pull.head.sha, text.slice(0, 200).toWellFormed(), isGreen ? "success" : "failure");
  }
  if (!isGreen) {
    await reads(issue, /^\*\*Checks failed/);
    return;
  }
  // What an attacker calls a check is none: but for those that bear a check's very name, no criterion is proven.
  const { body: note } = await reads(issue, /^\*\*(?:Ready to merge|Not every criterion is proven)/);
  if (!note.startsWith("**Ready")) {
    const { id } = await deliveryIn(world, stage, 1);
    const unproven = (await loadDelivery(world.database.db, DeliveryId.parse(id)))?.delivery.unproven ?? [];
    await say(issue, PEOPLE.approver, unproven.map((criterion) => `/accept ${criterion}`).join("\n"));
  }
  await reads(issue, /^\*\*Ready to merge/);
};

beforeAll(async () => {
  world = await openWorld({
    impatient: true,
    answers: hostileAnswers(find),
    beside: GROUPS.map((group, index) => {
      const { repository, branch } = placeOf(index);
      const [owner = "", name = ""] = repository.split("/");
      const text = everything(group);
      return {
        owner,
        name,
        defaultBranch: branch,
        visibility: index % 2 === 0 ? "public" : "private",
        files: {
          "README.md": text,
          "AGENTS.md": text,
          "CONTRIBUTING.md": text,
          ".github/pull_request_template.md": `## Summary\n\n${text}\n\n## ${group.words[1]?.text}\n`,
        },
      };
    }),
  });
  for (const [index, group] of GROUPS.entries())
    stages.set(group.name, stageIn(world, placeOf(index).repository, index % 2 === 0));
  await Promise.all(GROUPS.map(wholeWay));
  await quiet(world);
}, LONG);
afterAll(() => world?.close());

const allowed = (): Allowed => ({
  people: [PEOPLE.approver, PEOPLE.owner],
  origins: ["https://github.com/", world.github.url],
  closes: ["Closes #1"],
});

describe.each(GROUPS)("$name", (group) => {
  it("came through in every place that it attacks", () => {
    const { view, ours } = stageOf(group);
    const ref = view.pulls()[0]?.head.ref ?? "";
    const thread = view.issues().flatMap(({ number }) => ours(number).map(({ body }) => body));
    const places: Readonly<Record<string, string>> = {
      thread: thread.join("\n"),
      pull: view.pulls()[0]?.body ?? "",
      commit: view.commit(ref)?.commit.message ?? "",
      file: view.text(FILE, ref) ?? "",
    };
    for (const [place, text] of Object.entries(places)) {
      const missing = group.words.filter(({ mark }) => !text.includes(mark)).map(({ id }) => id);
      expect(missing, place).toEqual([]);
    }
  });

  it("went the way of any delivery, and ended as its checks say", async () => {
    const { world: here, view } = stageOf(group);
    const row = await deliveryIn(here, stageOf(group), 1);
    const isGreen = group.words.length % 2 === 0;
    expect([row.phase, row.runStatus, row.reason]).toEqual(
      isGreen ? ["close", "succeeded", null] : ["verify", "failed", "ci_red"],
    );
    const stays = await here.database.db.sql
      .select({ phase: phaseRuns.phase })
      .from(phaseRuns)
      .where(eq(phaseRuns.deliveryId, row.id))
      .orderBy(asc(phaseRuns.id));
    const all = ["intake", "plan", "implement", "review", "verify", ...(isGreen ? ["close"] : [])];
    expect([...new Set(stays.map(({ phase }) => phase))]).toEqual(all);
    // Nobody touched the issue: whatever it holds is taken for what it was.
    for (const { body } of stageOf(group).ours(1)) expect(body).not.toContain("was edited");
    expect(view.pulls()).toHaveLength(1);
  });

  it("writes what was shown, and nothing else", () => {
    const { view, ours } = stageOf(group);
    const checks = view.checkRuns().map(({ output }) => output.text ?? "");
    const shown = [...ours(1).map(({ body }) => body), ...checks]
      .flatMap(shownDiffs)
      .filter((diff) => diff.includes(FILE));
    const ref = view.pulls()[0]?.head.ref ?? "";
    const added = [...new Set(shown)].map((diff) =>
      diff
        .slice(diff.indexOf("\n@@ ") + 1)
        .split("\n")
        .slice(1, -1)
        .filter((line) => line.startsWith("+")),
    );
    expect(added).toEqual([
      view
        .text(FILE, ref)
        ?.split("\n")
        .slice(0, -1)
        .map((line) => `+${line}`),
    ]);
    const changed = [...view.files(ref)].filter(([path, { sha }]) => view.files().get(path)?.sha !== sha);
    expect(changed.map(([path]) => path)).toEqual([FILE]);
  });

  it("mentions nobody, closes nothing, loads nothing, hides nothing and commands nothing", () => {
    const prefix = `/repositories/${stageOf(group).view.id}/`;
    const own = `/repos/${stageOf(group).name}/`;
    const outbound = outboundOf(world.github.requests).filter(
      ({ where }) => where.includes(prefix) || where.includes(own),
    );
    expect(outbound.length).toBeGreaterThan(10);
    const harms = outbound.flatMap((one) => harmsOf(one, allowed()).map((harm) => `${harm} (${one.where})`));
    expect([...new Set(harms)]).toEqual([]);
  });
});

it("each write had its approval, and nothing secret left", async () => {
  await expectOnlyApprovedWrites(world, GROUPS.length);
  expect(leaksOf(world)).toEqual([]);
});
