// What a whole delivery asks of GitHub, from the label to its end, as a table: the limits of an installation are everybody's.
import { afterEach, expect, it } from "vitest";
import { toTheEnd } from "../support/whole-way.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Without what is counted apart: names, numbers and hashes. */
const shapeOf = (path: string): string =>
  path
    .split("?")[0]
    ?.replace(/\/repos\/[^/]+\/[^/]+/, "/repos/…")
    .replace(/\/repositories\/\d+/, "/repos/…")
    .replace(/\/(?:[0-9a-f]{40}|\d+)(?=\/|$)/g, "/…")
    .replace(/\/(heads|branches|collaborators|contents|users)\/.+?(?=\/permission|$)/, "/$1/…") ?? "";

/** Above what it takes, by no more than what a look too many costs: whoever adds requests meets it here. */
const MOST = 130;
const MOST_WRITES = 50;

it("needs a bounded number of requests, and none of them twice where once would do", async () => {
  const at = await openWorld();
  world = at;
  await toTheEnd(at);
  const mine = at.github.requests.filter(({ app, path }) => app === "countersign" || path.startsWith("/codeload/"));
  const counts = new Map<string, number>();
  for (const { method, path } of mine) {
    const key = `${method} ${shapeOf(path)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const table = [...counts].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const lines = table.map(([what, count]) => `${String(count).padStart(4)}  ${what}`);
  process.stdout.write(`\n${lines.join("\n")}\n${String(mine.length).padStart(4)}  in all\n`);

  expect(mine.length).toBeLessThan(MOST);
  expect(mine.filter(({ method }) => method !== "GET").length).toBeLessThan(MOST_WRITES);
  // The tree of the base is read by the plan's job and by the job of the patches, each once, however many tasks there are.
  const trees = mine.filter(
    ({ method, path }) => method === "GET" && /\/git\/trees\/[0-9a-f]{40}\?recursive/.test(path),
  );
  expect(trees.length).toBeLessThanOrEqual(3);
});
