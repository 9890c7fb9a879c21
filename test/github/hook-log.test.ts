// GitHub's record of its webhooks, read from the local GitHub over HTTP.
import { afterEach, expect, it } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import { connectionTo } from "../../src/github/connection.ts";
import { openHookLog } from "../../src/github/hook-log.ts";
import { instant } from "../../src/instant.ts";
import { SEED } from "../demo/support.ts";

let github: LocalGitHub;
afterEach(() => github.close());

const ALWAYS = instant("2000-01-01T00:00:00Z");

async function open() {
  github = await startLocalGitHub({ seed: SEED });
  const { id, privateKey } = github.app();
  const connection = connectionTo({
    apiUrl: github.url,
    appId: id,
    privateKey,
    clock: () => new Date(),
    onSecret: () => {},
    findsSecret: () => false,
    pace: "none",
  });
  return openHookLog(connection);
}

it("tells every attempt, newest first, over as many pages as there are", async () => {
  const log = await open();
  // Nobody listens.
  for (let number = 0; number < 205; number++) github.as("alice").openIssue({ title: `T${number}` });
  await github.idle();
  const { items, complete } = await log.attemptsSince(ALWAYS);
  expect(complete).toBe(true);
  expect(items).toHaveLength(205);
  expect(new Set(items.map(({ guid }) => guid)).size).toBe(205);
  expect(items[0]).toMatchObject({
    taken: false,
    event: "issues",
    action: "opened",
    repoId: github.repo("acme/shop").id,
  });
  expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toSorted((a, b) => b - a));
  expect(github.requests.filter(({ path }) => path === "/app/hook/deliveries")).toHaveLength(3);
  expect((await log.attemptsSince(instant("2100-01-01T00:00:00Z"))).items).toEqual([]);
});

it("has one sent again under its GUID, and says where there is none", async () => {
  const log = await open();
  github.as("alice").openIssue({ title: "T" });
  await github.idle();
  const [first] = (await log.attemptsSince(ALWAYS)).items;
  expect(await log.sendAgain(first?.id ?? 0)).toBe(true);
  await github.idle();
  const { items } = await log.attemptsSince(ALWAYS);
  expect(items.map(({ guid }) => guid)).toEqual([first?.guid, first?.guid]);
  expect(await log.sendAgain(999_999)).toBe(false);
});
