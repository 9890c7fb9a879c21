// The first delivery of a repository of several hundred files: read in few requests, and shown in part.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asc } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { FILES } from "../../demo/repository/demo-repository.ts";
import { ContextPacket } from "../../src/context/packet.ts";
import { contextPackets } from "../../src/db/schema.ts";
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
    .map((entry) => [
      join(entry.parentPath, entry.name).slice(FILES.length).replace(/^\//, ""),
      readFileSync(join(entry.parentPath, entry.name), "utf8"),
    ]),
);
const others = Object.fromEntries(
  Array.from({ length: 400 }, (_, at) => [
    `src/area${at % 9}/thing${at}.js`,
    Array.from({ length: 60 }, (_, line) => `export const thing${at}of${line} = ${line} * ${at};\n`).join(""),
  ]),
);

const asked = ({ github }: World) =>
  github.requests.filter(({ app, path }) => app === "countersign" || path.startsWith("/codeload/"));

it("is read in one archive: its first plan stands after less than forty requests to GitHub", async () => {
  world = await openWorld({ files: { ...demo, ...others } });
  const way = await toPlan(world);
  expect(asked(world).length).toBeLessThan(40);
  await toPatches(world, way);
  // From the second briefing on everything is at hand.
  const read = asked(world).filter(({ path }) => /\/(?:git\/blobs|tarball|codeload)\//.test(path));
  expect(read.map(({ path }) => path.split("/")[4])).toEqual(["tarball", "legacy.tar.gz"]);

  const rows = await world.database.db.sql.select().from(contextPackets).orderBy(asc(contextPackets.version));
  const packets = rows.map(({ content }) => ContextPacket.parse(content));
  const shown = packets.flatMap(({ repositories }) => repositories).map(({ files }) => files);
  // The plan's, and one for each of its two tasks.
  expect(shown.length).toBe(3);
  for (const files of shown) {
    expect(files.map(({ path }) => path)).toContain("src/slug.js");
    expect(files.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(40_000);
    expect(files.length).toBeLessThan(400);
  }
  // The files of the plan's tasks come first, and whole.
  expect(shown[1]?.find(({ path }) => path === "src/slug.js")).toMatchObject({ reason: "task", whole: true });
});
