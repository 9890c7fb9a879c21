// What was merged is undone: computed, approved like any patch set, merged, and both deliveries say what became of it.
import { afterEach, describe, expect, it } from "vitest";
import { PATCHES, PLAN, pullOf } from "../support/on-the-way.ts";
import {
  approvalsOf,
  ledgerOf,
  mustChangeNothing,
  quiet,
  somebody,
  stateOf,
  wordsOf,
} from "../support/reading-back.ts";
import { ended, expectLedgers, statesOf, toMerged, toUndoing, toUndoingPull } from "../support/rolling-back.ts";
import { configure, deployed, MERGE, toMerge } from "../support/to-merge.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
const open = async (...options: Parameters<typeof openWorld>): Promise<World> => {
  world = await openWorld(...options);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const one = (here: World, issue: number, words: RegExp) => here.ours(issue).findLast(({ body }) => words.test(body));
const askedOf = ({ model }: World): number => model.requests.length;

/** Merged by the app, deployed, watched, over. */
const toTheEnd = async (here: World) => {
  configure(here);
  const before = here.shop.files();
  const { issue, code } = await toMerge(here);
  await here.say(issue, PEOPLE.approver, `/approve ${code}`);
  await deployed(here);
  await here.report(here.shop.head() ?? "", "success");
  await ended(here, issue, "D-1");
  await quiet(here);
  return { issue, before };
};

it("undoes what a delivery merged and deployed, byte for byte, after approvals of its own", async () => {
  const here = await open();
  const { shop, github } = here;
  const { issue, before } = await toTheEnd(here);
  expect(shop.issue(issue).state).toBe("closed");
  const [merge, asked] = [shop.head(), askedOf(here)];

  const code = await toUndoing(here, issue);
  const gate = wordsOf(one(here, issue, PATCHES) ?? { body: "" });
  expect(gate).toContain("(patch set 1 of D-2)");
  expect(gate).toContain("Nothing has been written to the repository.");
  expect(gate).toMatch(/Undoes \[D-1\].*acme\/shop#2.*merged as/);
  expect(gate).toContain("Computed from the history, without a model");
  expect(gate).toContain("to have the agent plan it instead");
  expect(here.status(issue)).toContain("✅ implement / 🟡 **review (waiting)** / verify / deploy / observe / close");
  expect(here.status(issue)).toContain("`/rollback` by `octocat`");
  expect(shop.head()).toBe(merge);
  expect(shop.issue(issue).state).toBe("open");

  const pull = await toUndoingPull(here, issue, code);
  expect(pull.title).toBe(`Undo #2: ${shop.pulls()[0]?.title}`);
  expect(pull.body).toContain("Undoes #2 of D-1");
  expect(pull.body).not.toMatch(/(closes|fixes|resolves) #/i);
  expect(shop.commit(pull.head.sha)?.commit.message).toMatch(/^Countersign-Delivery: D-2$/m);
  await here.report(pull.head.sha, "success");
  const second = await here.gate(issue, MERGE);
  expect(shop.head()).toBe(merge);
  await quiet(here);
  await here.say(issue, PEOPLE.approver, `/approve ${second}`);
  await here.until(() => shop.deployments().length === 2, "its deployment");
  await deployed(here);
  await here.report(shop.head() ?? "", "success");
  await ended(here, issue, "D-2");
  await quiet(here);

  expect(shop.files()).toEqual(before);
  expect(await statesOf(here, issue)).toEqual(["close/succeeded(rolled_back)", "close/succeeded"]);
  expect(shop.issue(issue).state).toBe("open");
  expect(one(here, issue, /^\*\*Rolled back\.\*\*/)?.body).toMatch(
    /acme\/shop#2.*was taken back\. It was undone by \[D-2\]/,
  );
  expect(one(here, issue, /^\*\*Done\*\*/)?.body).toMatch(/Undoes \[D-1\]/);
  const [status] = here.ours(issue);
  expect(status?.body).toContain("### Countersign D-1: rolled back");
  expect(status?.body).toContain("✅ close");
  // No model was asked for it.
  expect(askedOf(here)).toBe(asked);
  expect((await approvalsOf(here, 2)).map(({ subjectKind }) => subjectKind)).toEqual(["patchset", "ship"]);
  expect(await ledgerOf(here, "D-1")).toContain("rolled_back: by D-2");
  await expectLedgers(here, issue);
  expect(github.unknownRequests()).toEqual([]);
});

describe("later commits", () => {
  it("to other lines and other files stay", async () => {
    const here = await open();
    const { issue, before } = await toMerged(here, "merge");
    const { shop, github } = here;
    const text = shop.text("src/slug.js") ?? "";
    github.as(PEOPLE.owner).push("main", { "src/slug.js": `${text}\n// The end.\n`, "NEWS.md": "Umlauts.\n" });
    const code = await toUndoing(here, issue);
    const pull = await toUndoingPull(here, issue, code);
    expect(shop.text("src/slug.js", pull.head.sha)).toBe(`${shop.text("src/slug.js", before)}\n// The end.\n`);
    expect(shop.text("NEWS.md", pull.head.sha)).toBe("Umlauts.\n");
    expect(shop.text("src/letters.js", pull.head.sha)).toBeNull();
    await here.report(pull.head.sha, "success");
    await ended(here, issue, "D-2");
    await quiet(here);
    // Written, green, and not merged: nothing is taken back yet.
    expect(await statesOf(here, issue)).toEqual(["close/succeeded", "close/succeeded"]);
    expect(one(here, issue, /^\*\*Ready to merge\*\*/)?.body).toMatch(/merging is yours\. Undoes \[D-1\]/);
    github.as(PEOPLE.approver).mergePull(pull.number, "squash");
    await here.until(() => one(here, issue, /^\*\*Rolled back\.\*\*/), "the news of it");
    await quiet(here);
    expect(await statesOf(here, issue)).toEqual(["close/succeeded(rolled_back)", "close/succeeded"]);
    await expectLedgers(here, issue);
  });

  it("to the same lines are named, and the agent is asked for a plan", async () => {
    const here = await open();
    const { issue } = await toMerged(here);
    const { shop, github, model } = here;
    const text = shop.text("src/slug.js") ?? "";
    const changed = text.replace("return plainLetters(name.toLowerCase())", "return plainLetters(name).toLowerCase()");
    expect(changed).not.toBe(text);
    const later = github.as(PEOPLE.owner).push("main", { "src/slug.js": changed });
    expect(await here.say(issue, PEOPLE.approver, "/rollback")).toBe("+1");
    const code = await here.gate(issue, PLAN);
    await quiet(here);
    for (const body of [here.status(issue), one(here, issue, PLAN)?.body ?? ""]) {
      expect(body).toContain("**No rule can undo 1 file of it**, so the agent was asked to plan it.");
      expect(body).toMatch(
        new RegExp(
          `- \`src/slug.js\`: changed on the same lines since \\(line \\d+( to \\d+)?\\) by .*${later.slice(0, 7)}.* of \`mona\``,
        ),
      );
    }
    const prompt = model.requests.findLast(({ role }) => role === "plan")?.prompt ?? "";
    expect(prompt).toContain("Undo what D-1 changed.");
    expect(prompt).toContain(later.slice(0, 7));
    expect(await statesOf(here, issue)).toEqual(["close/succeeded", "plan/succeeded"]);
    // From here on it is a delivery like any other.
    expect(await here.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
    await expectLedgers(here, issue);
  });
});

describe("who asks, and when", () => {
  it("a second one while one lives, and one by somebody who may not, are refused in words", async () => {
    const here = await open();
    const { issue } = await toMerged(here);
    const writer = somebody(here, "paula", "write");
    const refused = await mustChangeNothing(here, issue, () => here.say(issue, writer, "/rollback"));
    expect(refused.replies.join()).toContain("`paula` is not an approver");
    await toUndoing(here, issue);
    const again = await mustChangeNothing(here, issue, () => here.say(issue, PEOPLE.approver, "/rollback"));
    expect(again.replies.join()).toContain("D-2 is itself a rollback, of D-1, and cannot be rolled back");
    expect(await statesOf(here, issue)).toEqual(["close/succeeded", "review/succeeded"]);
  });

  it("before anything is merged it does not apply", async () => {
    const here = await open();
    configure(here);
    const { issue } = await toMerge(here);
    const refused = await mustChangeNothing(here, issue, () => here.say(issue, PEOPLE.approver, "/rollback"));
    expect(refused.replies.join()).toContain("Not applied");
    expect(await stateOf(here, issue)).toBe("deploy/succeeded");
  });
});

describe("a rollback that people do not want", () => {
  it("rejected it waits, computed again it is the same; canceled it leaves the merge, and another can be asked for", async () => {
    const here = await open();
    const { issue, merge } = await toMerged(here);
    const { shop } = here;
    const code = await toUndoing(here, issue);
    expect(await here.say(issue, PEOPLE.approver, "/reject not today")).toBe("+1");
    await quiet(here);
    expect(await statesOf(here, issue)).toEqual(["close/succeeded", "implement/failed(rejected)"]);
    expect(await here.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
    expect(await here.gate(issue, PATCHES)).toBe(code);
    await quiet(here);
    expect(await here.say(issue, PEOPLE.approver, "/cancel")).toBe("+1");
    await ended(here, issue, "D-2");
    await quiet(here);
    expect(await statesOf(here, issue)).toEqual(["close/succeeded", "review/canceled(by_command)"]);
    expect(here.ours(issue)[0]?.body).toContain("was to undo it and was canceled, so it stands");
    expect(shop.head()).toBe(merge);
    expect(shop.pulls()).toHaveLength(1);
    expect(await here.say(issue, PEOPLE.approver, "/rollback")).toBe("+1");
    await here.until(() => here.status(issue).includes("Countersign D-3:"), "the second rollback");
    await here.gate(issue, PATCHES, code);
    expect((await statesOf(here, issue)).at(-1)).toBe("review/succeeded");
    await expectLedgers(here, issue);
  });
});

describe("while the merge is watched", () => {
  it("a regression is rolled back: the parent waits for it, and ends as rolled back", async () => {
    const here = await open();
    configure(here);
    const before = here.shop.files();
    const { issue, code } = await toMerge(here);
    await here.say(issue, PEOPLE.approver, `/approve ${code}`);
    await deployed(here, "failure");
    const note = await here.until(() => one(here, issue, /Something broke after the merge/), "the note");
    expect(note.body).toContain("`/rollback`");
    expect(note.body).toContain("`/cancel` ends the delivery, and what was merged stays");
    const patches = await toUndoing(here, issue);
    expect(await statesOf(here, issue)).toEqual(["observe/blocked(rolling_back)", "review/succeeded"]);
    expect(here.ours(issue)[0]?.body).toContain("is to undo it, and waits for its own approval");
    const pull = await toUndoingPull(here, issue, patches);
    await here.report(pull.head.sha, "success");
    const merge = await here.gate(issue, MERGE);
    await quiet(here);
    await here.say(issue, PEOPLE.approver, `/approve ${merge}`);
    await here.until(() => here.shop.deployments().length === 2, "its deployment");
    await deployed(here);
    await here.report(here.shop.head() ?? "", "success");
    await ended(here, issue, "D-2");
    await quiet(here);
    expect(here.shop.files()).toEqual(before);
    expect(await statesOf(here, issue)).toEqual(["close/succeeded(rolled_back)", "close/succeeded"]);
    expect(here.shop.issue(issue)).toMatchObject({ state: "closed", state_reason: "not_planned" });
    await expectLedgers(here, issue);
  });

  it("one that is canceled leaves people to decide again", async () => {
    const here = await open();
    configure(here);
    const { issue, code } = await toMerge(here);
    await here.say(issue, PEOPLE.approver, `/approve ${code}`);
    await deployed(here, "failure");
    await here.until(() => one(here, issue, /Something broke after the merge/), "the note");
    await toUndoing(here, issue);
    expect(await here.say(issue, PEOPLE.approver, "/cancel")).toBe("+1");
    await here.until(() => one(here, issue, /^\*\*What was merged stands/), "the note to people");
    await quiet(here);
    expect(await statesOf(here, issue)).toEqual(["observe/failed(rollback_ended)", "review/canceled(by_command)"]);
    await toUndoing(here, issue);
    expect((await statesOf(here, issue)).at(-1)).toBe("review/succeeded");
    expect(pullOf(here, 2)).toBeUndefined();
    await expectLedgers(here, issue);
  });
});
