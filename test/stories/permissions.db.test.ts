// The owner has not granted everything that the App asks for: the thread names what is needed, and it goes on once it is granted.
import { afterEach, expect, it } from "vitest";
import { APP_PERMISSIONS } from "../../demo/github/seed.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const all = Object.entries(APP_PERMISSIONS);
const without = (name: string) => Object.fromEntries(all.filter(([each]) => each !== name));
const reading = (name: string) => ({ ...APP_PERMISSIONS, [name]: "read" as const });

it("checks may not be written: the plan waits for an owner, and opens when the permission is there", async () => {
  world = await openWorld({ impatient: true });
  const at = world;
  const installation = at.github.installation("countersign");
  installation.acceptPermissions(without("checks"));
  const issue = at.begin();
  const waiting = await at.until(
    () => at.ours(issue).find(({ body }) => /^\*\*Waiting for an owner\.\*\*/.test(body)),
    "who is waited for",
  );
  expect(waiting.body).toContain("*Checks: write*");
  expect(at.status(issue)).not.toContain("Waiting for `octocat`");

  installation.acceptPermissions(APP_PERMISSIONS);
  await at.gate(issue, /^\*\*Plan ready/);
});

it.each([
  ["contents", "The app needs Contents: write here, which an owner has not granted yet."],
  ["pull_requests", "The app needs Pull requests: write here, which an owner has not granted yet."],
])("%s may only be read: nothing is written, and `/retry` writes later", async (name, words) => {
  world = await openWorld({ impatient: true });
  const at = world;
  const installation = at.github.installation("countersign");
  installation.acceptPermissions(reading(name));
  const issue = at.begin();
  const plan = await at.gate(issue, /^\*\*Plan ready/);
  await at.say(issue, PEOPLE.approver, `/approve ${plan}`);
  const patches = await at.gate(issue, /^\*\*Patches ready/, plan);
  await at.say(issue, PEOPLE.approver, `/approve ${patches}`);
  const note = await at.until(() => at.ours(issue).find(({ body }) => /^\*\*Not written/.test(body)), "that it is not");
  expect(note.body).toContain(words);
  expect(note.body).toContain("The approved patches are kept. Nothing has been written to the repository.");
  expect(at.github.contentWrites("countersign")).toEqual([]);
  installation.acceptPermissions(APP_PERMISSIONS);
  expect(await at.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  await at.until(() => at.shop.pulls()[0], "the pull request");
});
