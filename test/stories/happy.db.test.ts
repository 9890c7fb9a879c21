// The spine, told as the people in it see it: a label, a plan, an approval, diffs, an approval, a pull request, green checks.
import { afterEach, expect, it } from "vitest";
import { verifyStored } from "../../src/ledger/read.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

it("a labeled issue becomes a green pull request, and nothing is written before it was approved", async () => {
  world = await openWorld();
  const { github, shop } = world;
  const before = shop.head();
  const issue = world.begin();

  const plan = await world.gate(issue, /^\*\*Plan ready/);
  expect(github.contentWrites("countersign")).toEqual([]);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${plan}`)).toBe("+1");

  const patches = await world.gate(issue, /^\*\*Patches ready/, plan);
  expect(github.contentWrites("countersign")).toEqual([]);
  expect(github.tokens.filter(({ permissions }) => permissions["contents"] === "write")).toEqual([]);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${patches}`)).toBe("+1");

  const pull = await world.until(() => shop.pulls()[0], "the pull request");
  expect(pull.head.ref).toBe("countersign/d-1");
  await world.report(pull.head.sha, "success");
  await world.until(() => world?.ours(issue).some(({ body }) => /^\*\*Ready to merge\*\*/.test(body)), "the result");

  expect(shop.head()).toBe(before);
  expect([...shop.refs().keys()].sort()).toEqual(["refs/heads/countersign/d-1", "refs/heads/main"]);
  expect(shop.issue(issue).state).toBe("open");
  // Four comments: status, plan, patches, result.
  expect(world.ours(issue)).toHaveLength(4);
  const writers = github.tokens.filter(({ permissions }) => permissions["contents"] === "write");
  expect(writers).toHaveLength(1);
  expect(writers[0]?.revokedAt).not.toBeNull();
  expect(await verifyStored(world.database.db.sql, "D-1")).toMatchObject({ ok: true });
  expect(github.unknownRequests()).toEqual([]);

  // What an operator finds in the log: every job by delivery, repository and trace, and no secret, prompt or payload.
  const lines = world.log.map((line) => JSON.parse(line));
  const propose = lines.find(({ job }) => job === "propose");
  expect(propose).toMatchObject({ msg: "job ended", end: "done", delivery: "D-1", repository: "acme/shop" });
  expect(propose.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(lines.find(({ job }) => job === "intake")?.guid).toBeDefined();
  expect(world.log.join("")).not.toMatch(/canary|Accented letters|ghs_|PRIVATE KEY/);
});
