// Who may approve: by the gate, not alone, with the owners of the paths, and only as long as they may.
import { afterEach, describe, expect, it } from "vitest";
import { nextSecond, PATCHES, PLAN, pullOf, toPatches, toPlan, toPull } from "../support/on-the-way.ts";
import { approvalsOf, mustChangeNothing, quiet, rowOf, somebody, stateOf } from "../support/reading-back.ts";
import { API, patchesOf, SHOP, TWO, toReview } from "../support/several-repositories.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World, type WorldOptions } from "../support/world.ts";

let world: World;
afterEach(() => world.close());

const CONFIG = ".github/countersign.yml";
const owner = () => world.github.as(PEOPLE.owner);
const configure = (files: Readonly<Record<string, string>>) => owner().push("main", files);

const open = async (files: Readonly<Record<string, string>> = {}, options: WorldOptions = {}): Promise<void> => {
  world = await openWorld({ impatient: true, ...options });
  if (Object.keys(files).length > 0) configure(files);
};

const gateOf = (issue: number, words: RegExp): string =>
  world.ours(issue).findLast(({ body, minimized }) => minimized === null && words.test(body))?.body ?? "";

/** Nobody's branch, pull request or call that would make one. */
const untouched = () => {
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect([...world.shop.refs().keys()].filter((ref) => ref.includes("countersign"))).toEqual([]);
};

/** Approves, and lets `meanwhile` happen when the command was heard and nothing was written. */
const approveThen = async (issue: number, login: string, text: string, meanwhile: () => void): Promise<void> => {
  world.github.webhooks.pause();
  const { id } = world.github.as(login).comment(issue, text);
  // The last thing that is read of a command.
  const heard = stopBefore(world, "GET", new RegExp(`/issues/comments/${id}$`));
  world.github.webhooks.resume();
  await heard.reached;
  meanwhile();
  heard.go();
  await quiet(world);
  // What was shown again is approved by what is written after that.
  await nextSecond();
};

describe("each gate has its approvers", () => {
  it("plans one's, patch sets another's; every other command any of them may give", async () => {
    await open({ [CONFIG]: "approvers: [octocat]\ngate_approvers:\n  review: [lisa]\n" });
    somebody(world, "lisa", "write");
    const { issue, code: plan } = await toPlan(world);
    const early = await mustChangeNothing(world, issue, () => world.say(issue, "lisa", `/approve ${plan}`));
    expect(early.replies).toEqual([
      "Not applied. `lisa` is not an approver of this repository (`approvers` in `.github/countersign.yml`). `octocat` is.",
    ]);

    const { code } = await toPatches(world, { issue, code: plan });
    expect(gateOf(issue, PATCHES)).toContain("@lisa");
    expect(world.status(issue)).toContain("Waiting for `lisa` since");
    const wrong = await mustChangeNothing(world, issue, () => world.say(issue, PEOPLE.approver, `/approve ${code}`));
    expect(wrong.ledger).toEqual(["command_received: refused: not_approver"]);
    expect(wrong.replies).toEqual([
      "Not applied. `octocat` is not an approver of patch sets (`gate_approvers.review` in `.github/countersign.yml`). `lisa` is.",
    ]);
    // Sending back is a no, and any approver may say no.
    expect(await world.say(issue, PEOPLE.approver, "/revise Shorter, please.")).toBe("+1");
    await quiet(world);
    const next = await world.gate(issue, PATCHES);
    expect(await world.say(issue, "lisa", `/approve ${next}`)).toBe("+1");
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });

  it("also at the write: who is taken off the gate's list meanwhile writes nothing", async () => {
    await open({ [CONFIG]: "approvers: [octocat, mona]\n" });
    const { issue, code } = await toPatches(world);
    await approveThen(issue, PEOPLE.approver, `/approve ${code}`, () =>
      configure({ [CONFIG]: "approvers: [octocat, mona]\ngate_approvers: {review: [mona]}\n" }),
    );
    untouched();
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    expect(gateOf(issue, PATCHES)).toContain("approval of `octocat`: may not approve any more");
    const again = await world.gate(issue, PATCHES);
    expect(await world.say(issue, PEOPLE.owner, `/approve ${again}`)).toBe("+1");
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });
});

describe("whoever put the label on is not alone", () => {
  it("they count, and somebody else must approve too: the plan, the patches, and at the write", async () => {
    await open({ [CONFIG]: "approvals:\n  requester: not_alone\n" });
    const { issue, code: plan } = await toPlan(world);
    expect(gateOf(issue, PLAN)).toContain("`octocat` asked for this, so somebody else must approve it too.");
    expect(await world.say(issue, PEOPLE.approver, `/approve ${plan}`)).toBe("+1");
    await quiet(world);
    expect(await stateOf(world, issue)).toBe("plan/succeeded");
    const told = "The approval of `octocat`, who asked for this, is not enough: somebody else must approve it too.";
    expect(gateOf(issue, PLAN)).toContain(`Approved by \`octocat\`. ${told}`);
    expect(world.status(issue)).toContain(told);
    expect(await world.say(issue, PEOPLE.owner, `/approve ${plan}`)).toBe("+1");

    const code = await world.gate(issue, PATCHES, plan);
    await quiet(world);
    expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });

  it("a rule that came in after the approval counts at the write", async () => {
    await open();
    const { issue, code } = await toPatches(world);
    await approveThen(issue, PEOPLE.approver, `/approve ${code}`, () =>
      configure({ [CONFIG]: "approvals:\n  requester: not_alone\n" }),
    );
    untouched();
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    expect(gateOf(issue, PATCHES)).toContain("somebody else than `octocat` must approve too");
  });
});

describe("owners of the paths", () => {
  const rules = (text: string, more = "") => ({ [CONFIG]: `require_code_owners: on\n${more}`, CODEOWNERS: text });

  it("must approve too, may be no approvers, and speak for nothing else", async () => {
    await open(rules("* @octocat\n/test/ @acme/testers\n", "approvers: [octocat]\n"), {
      teams: { testers: [PEOPLE.reporter] },
    });
    owner().setRole(PEOPLE.reporter, "write");
    somebody(world, "lisa", "write");
    const { issue, code } = await toPatches(world);
    const gate = gateOf(issue, PATCHES);
    expect(gate).toContain("An owner of these paths must approve too (CODEOWNERS of the default branch):");
    expect(gate).toContain("- `src/letters.js` and 1 other path: `@octocat`");
    expect(gate).toContain("- `test/slug.test.js`: `@acme/testers`");
    expect(gate).not.toContain("@acme/testers must");

    const nobody = await mustChangeNothing(world, issue, () => world.say(issue, "lisa", `/approve ${code}`));
    expect(nobody.ledger).toEqual(["command_received: refused: not_approver"]);

    expect(await world.say(issue, PEOPLE.reporter, `/approve ${code}`)).toBe("+1");
    await quiet(world);
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    expect(gateOf(issue, PATCHES)).toContain("Approved by `hubot`: 0 of 1.");
    const no = await mustChangeNothing(world, issue, () => world.say(issue, PEOPLE.reporter, "/reject No."));
    expect(no.ledger).toEqual(["command_received: refused: not_approver"]);

    expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
    const { id } = await rowOf(world, issue);
    const pull = await world.until(() => pullOf(world, id), "the pull request");
    const message = world.shop.commit(pull.head.sha)?.commit.message ?? "";
    expect(message.match(/^Countersign-Approved-By: \w+/gm)).toEqual([
      "Countersign-Approved-By: hubot",
      "Countersign-Approved-By: octocat",
    ]);
  });

  it("are missed by name, in the gate and in the status, until one of them approves", async () => {
    await open(rules("/src/ @lisa\n"));
    somebody(world, "lisa", "write");
    const { issue, code } = await toPatches(world);
    expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
    await quiet(world);
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    expect(gateOf(issue, PATCHES)).toContain("- `src/letters.js` and 1 other path: `@lisa`");
    expect(world.status(issue)).toContain("An owner of `src/letters.js` and 1 other path must approve too.");
    expect(await world.say(issue, "lisa", `/approve ${code}`)).toBe("+1");
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });

  it("who cannot be told stop every approval, in a sentence, until the file is mended", async () => {
    await open(rules("* octocat\n"));
    const { issue, code } = await toPatches(world);
    const left = await mustChangeNothing(world, issue, () => world.say(issue, PEOPLE.approver, `/approve ${code}`));
    expect(left.ledger).toEqual(["command_received: refused: code_owners_unusable"]);
    expect(left.replies).toEqual([
      "Not applied, `octocat`. Nobody can tell whose approval is needed, because `CODEOWNERS` of `acme/shop` cannot be used: line 1 cannot be understood. Mend it on the default branch, then give the command again.",
    ]);
    await nextSecond();
    configure({ CODEOWNERS: "* @octocat\n" });
    expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });

  it("are those of today at the write", async () => {
    await open(rules("* @octocat\n"));
    const { issue, code } = await toPatches(world);
    await approveThen(issue, PEOPLE.approver, `/approve ${code}`, () => configure({ CODEOWNERS: "* @mona\n" }));
    untouched();
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    expect(gateOf(issue, PATCHES)).toContain("no owner of `src/letters.js` and 2 more approved: `@mona`");
  });

  it("cannot be told at the write: it is held, and says why", async () => {
    await open(rules("* @octocat\n"));
    const { issue, code } = await toPatches(world);
    await approveThen(issue, PEOPLE.approver, `/approve ${code}`, () => configure({ CODEOWNERS: "* octocat\n" }));
    untouched();
    expect(await stateOf(world, issue)).toBe("verify/blocked(write_refused)");
    const note = world.ours(issue).findLast(({ body }) => body.startsWith("**Not written"));
    expect(note?.body).toMatch(/CODEOWNERS line 1 cannot be understood/i);
    configure({ CODEOWNERS: "* @octocat\n" });
    expect(await world.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });
});

describe("somebody who lost access", () => {
  it("counts no more when the next one approves", async () => {
    await open({ [CONFIG]: "approvals:\n  review: 2\n" });
    for (const login of ["lisa", "paul"]) somebody(world, login, "maintain");
    const { issue, code } = await toPatches(world);
    expect(await world.say(issue, "lisa", `/approve ${code}`)).toBe("+1");
    await quiet(world);
    expect(gateOf(issue, PATCHES)).toContain("Approved by `lisa`: 1 of 2.");
    owner().setRole("lisa", "read");
    expect(await world.say(issue, "paul", `/approve ${code}`)).toBe("+1");
    await quiet(world);
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    const gate = gateOf(issue, PATCHES);
    expect(gate).toContain("Approved by `paul`: 1 of 2.");
    expect(gate).toContain("the approval of `lisa` no longer counts (may not approve any more)");
    untouched();
    const { id } = await rowOf(world, issue);
    expect((await approvalsOf(world, id)).filter(({ subjectKind }) => subjectKind === "patchset")).toMatchObject([
      { personLogin: "lisa", voidReason: "may not approve any more" },
      { personLogin: "paul", voidReason: null },
    ]);
    expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
    await world.until(() => pullOf(world, id), "the pull request");
  });

  it("of a repository counts no more there, however many are needed of each", async () => {
    await open({}, { ...TWO, impatient: true });
    configure({ [CONFIG]: "repos: [acme/api]\napprovals:\n  review: 2\n" });
    for (const login of ["lisa", "paul"]) {
      somebody(world, login, "maintain");
      owner().in(API).setRole(login, "write");
    }
    const { issue } = await toReview(world, [SHOP, API]);
    expect(await world.say(issue, "lisa", "/approve all")).toBe("+1");
    await quiet(world);
    owner().in(API).setRole("lisa", "read");
    expect(await world.say(issue, "paul", "/approve all")).toBe("+1");
    await quiet(world);
    expect(await stateOf(world, issue)).toBe("review/succeeded");
    expect(gateOf(issue, patchesOf(API))).toContain("Approved by `paul`: 1 of 2.");
    const done = world.ours(issue).find(({ body }) => /^\*\*Approved[\s\S]*This was patch set 1/.test(body))?.body;
    expect(done).toContain("`acme/shop`");
    expect(done?.split("\n")[0]).toContain("`lisa`");
    untouched();
    expect(await world.say(issue, PEOPLE.approver, `/approve ${API}`)).toBe("+1");
    await world.until(() => world.repo(API).pulls()[0], "the pull request of the second repository");
    await world.until(() => world.shop.pulls()[0], "the pull request of the first repository");
  });
});

describe("a login that changed hands", () => {
  it("gives its new bearer nothing; an id stays the person", async () => {
    await open({ [CONFIG]: "approvers: [lisa, octocat]\n" });
    somebody(world, "lisa", "write");
    const { issue, code } = await toPlan(world);
    world.github.renameUser("lisa", "lisa-was");
    somebody(world, "lisa", "write");
    const left = await mustChangeNothing(world, issue, () => world.say(issue, "lisa", `/approve ${code}`));
    expect(left.ledger).toEqual(["command_received: refused: login_taken"]);
    expect(left.replies.join()).toContain("was the login of another account when this delivery began");

    const id = world.github.as("lisa-was").id;
    await nextSecond();
    configure({ [CONFIG]: `approvers: [${id}]\n` });
    expect(await world.say(issue, "lisa-was", `/approve ${code}`)).toBe("+1");
    await world.gate(issue, PATCHES, code);
  });

  it("an approver who is renamed between approval and write has approved all the same", async () => {
    await open();
    const lisa = somebody(world, "lisa", "maintain");
    configure({ [CONFIG]: `approvers: {users: [${world.github.as(lisa).id}, octocat]}\n` });
    const { issue, code } = await toPatches(world);
    await approveThen(issue, "lisa", `/approve ${code}`, () => world.github.renameUser("lisa", "lisa-new"));
    const { id } = await rowOf(world, issue);
    await world.until(() => pullOf(world, id), "the pull request");
  });
});

it("a number of approvals is asked of the plan and of each patch set", async () => {
  await open({ [CONFIG]: "approvals: {plan: 2, review: 2}\n" });
  const { issue, code: plan } = await toPlan(world);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${plan}`)).toBe("+1");
  await quiet(world);
  expect(gateOf(issue, PLAN)).toContain("Approved by `octocat`: 1 of 2.");
  expect(await world.say(issue, PEOPLE.owner, `/approve ${plan}`)).toBe("+1");
  const code = await world.gate(issue, PATCHES, plan);
  await quiet(world);
  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
  await quiet(world);
  untouched();
  const { pull } = await toPull(world, { issue, code });
  expect(world.shop.commit(pull.head.sha)?.commit.message.match(/^Countersign-Approved-By/gm)).toHaveLength(2);
});
