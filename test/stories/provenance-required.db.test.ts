// `provenance: required`: every pull request and every merge-queue head has the check, so that a ruleset can ask for it.
import { afterAll, beforeAll, expect, it } from "vitest";
import { toPull } from "../support/on-the-way.ts";
import { conclusionOf, provenanceOf } from "../support/provenance.ts";
import { ledgerOf, quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const owner = () => world.github.as(PEOPLE.owner);
const configure = (text: string | null) => owner().push("main", { ".github/countersign.yml": text });
const required = () => configure("provenance: required\n");
const opened = (branch: string) => {
  const sha = owner().push(branch, { "notes.md": `${branch}\n` }, { from: "main" });
  return { sha, number: owner().openPull({ title: branch, head: branch }).number };
};
const creations = () =>
  world.github.requests.filter(
    ({ app, method, path }) => app === "countersign" && method === "POST" && path.endsWith("/check-runs"),
  ).length;

it("says nothing of other people's pull requests where it is only shown", async () => {
  const { sha } = opened("quiet");
  const { sha: imitation } = opened("countersign/d-77");
  await quiet(world);
  expect([conclusionOf(world, sha), conclusionOf(world, imitation)]).toEqual([null, null]);
  expect(creations()).toBe(0);
});

it("is neutral on other people's pull requests, on each head once, whoever tells of it again", async () => {
  required();
  const { sha, number } = opened("topic");
  await quiet(world);
  expect(provenanceOf(world, sha)).toMatchObject({ conclusion: "neutral", status: "completed" });
  const before = creations();
  owner().closeIssue(number);
  owner().reopenIssue(number);
  for (const hook of world.github.webhooks.find({ event: "pull_request", action: "opened" }).slice(-1)) {
    world.github.webhooks.replay(hook, "new");
  }
  await quiet(world);
  expect(creations()).toBe(before);
  const next = owner().push("topic", { "notes.md": "more\n" });
  await quiet(world);
  expect(conclusionOf(world, next)).toBe("neutral");
  expect(creations()).toBe(before + 1);
});

it("is red on a branch that is named like ours, also where the same commit has another pull request", async () => {
  const { sha } = opened("countersign/d-99");
  await quiet(world);
  const check = provenanceOf(world, sha);
  expect(check).toMatchObject({ conclusion: "failure" });
  expect(check?.output.summary).toContain("`countersign/d-99` is how Countersign names its own branches");
  expect(await ledgerOf(world, `R-${world.shop.id}`)).toContain("imitation_found");
  owner().push("innocent", {}, { from: "countersign/d-99" });
  owner().forcePush("innocent", sha);
  owner().openPull({ title: "the same", head: "innocent" });
  await quiet(world);
  expect(conclusionOf(world, sha)).toBe("failure");
});

it("keeps its word where the configuration cannot be used: the pull request that mends it must get through", async () => {
  configure("provenance: required\nnonsense: 1\n");
  const { sha } = opened("mend");
  await quiet(world);
  expect(conclusionOf(world, sha)).toBe("neutral");
  required();
  await quiet(world);
});

it("is neutral on heads of the merge queue, ours among them, and what is merged there is compared", async () => {
  const main = world.shop.head() ?? "";
  const { issue, pull } = await toPull(world);
  expect(conclusionOf(world, pull.head.sha)).toBe("success");
  await world.report(pull.head.sha, "success");
  await world.until(() => world.ours(issue).find(({ body }) => /^\*\*Ready to merge/.test(body)), "the result");
  const queued = owner().enqueuePull(pull.number);
  await quiet(world);
  expect(provenanceOf(world, queued)).toMatchObject({ conclusion: "neutral" });
  expect(provenanceOf(world, queued)?.output.summary).toMatch(/One of them is of D-\d+\./);
  owner().landQueued(pull.number);
  await world.until(() => world.ours(issue).find(({ body }) => /^\*\*Merged\*\*/.test(body)), "the result");
  await quiet(world);
  // The story after this one begins where this one did.
  owner().forcePush("main", main);
  await quiet(world);
});

it("leaves a head alone that was judged for a delivery, whichever pull request comes from it", async () => {
  const { pull } = await toPull(world);
  await quiet(world);
  owner().push("release", { "notes.md": "release\n" }, { from: "main" });
  owner().openPull({ title: "elsewhere", head: pull.head.ref, base: "release" });
  await quiet(world);
  expect(conclusionOf(world, pull.head.sha)).toBe("success");
});
