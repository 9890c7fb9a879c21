// A freeze at the WriteGate: put before, between any two calls, or unreadable, no further call is made; lifted, it goes on.
import { eq, sql as raw } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { violationOf } from "../../src/db/errors.ts";
import { approvals, freezes, writes } from "../../src/db/schema.ts";
import { freeze, lift } from "../../src/freeze/change.ts";
import { InstallationId, RepoId, TraceId } from "../../src/ids.ts";
import { NOW, theOnly, type World, writeRows } from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

const changing = (world: World) => {
  const { id, repos } = world;
  const repoId = RepoId.parse(theOnly(repos).id);
  const frozen = { kind: "repository", repoId, installationId: InstallationId.parse(77) } as const;
  return { frozen, word: { by: "operator" } as const, at: NOW, traceId: TraceId.parse(`${id}`.padStart(32, "0")) };
};
const put = (world: World) => world.db.transaction((tx) => freeze(tx, changing(world), null));
const free = (world: World) => world.db.transaction((tx) => lift(tx, changing(world)));
const FROZEN = { kind: "not_wanted", why: "frozen" } as const;

describe("the WriteGate", () => {
  it("makes no call while the repository is frozen, and writes once it is lifted", async () => {
    const world = await delivery();
    await put(world);
    expect((await world.write()).end).toEqual(FROZEN);
    expect(world.github.writes).toEqual([]);
    expect(world.github.tokens).toEqual([]);
    expect(await writeRows(world)).toEqual([]);
    await free(world);
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("stops before the next call wherever a freeze is put, keeps what was done, and goes on from there", async () => {
    const calls = async () => {
      const world = await delivery();
      await world.write();
      return world.crashes.filter((point) => point.startsWith("write.before."));
    };
    for (const point of new Set(await calls())) {
      const world = await delivery();
      let before = -1;
      const during = async (at: string) => {
        if (at !== point || before >= 0) return;
        before = world.github.writes.length;
        await put(world);
      };
      const end = await world.write({ during }).then(
        (outcome) => outcome.end,
        // The intent itself: the database refused the row.
        (error: unknown) => ({ kind: "refused_row", code: violationOf(error)?.code }),
      );
      expect(world.github.writes.length, point).toBe(before);
      if (point !== "write.before.record_pull")
        expect([FROZEN, { kind: "refused_row", code: "23001" }]).toContainEqual(end);
      if (point === "write.before.record_pull") expect(end).toEqual({ kind: "written" });
      expect((await world.write()).end).toEqual(FROZEN);
      await free(world);
      expect((await world.write()).end).toEqual({ kind: "written" });
      expect(theOnly(world.repos).pulls, point).toHaveLength(1);
      expect(await writeRows(world)).toHaveLength(1);
    }
  });

  it("makes no call where the freeze cannot be read", async () => {
    const world = await delivery();
    const rename = (from: string, to: string) =>
      world.db.transaction(({ sql }) => sql.execute(raw.raw(`alter table "${from}" rename to "${to}"`)));
    let before = -1;
    const during = async (at: string) => {
      if (at !== "write.before.create_branch") return;
      before = world.github.writes.length;
      await rename("freezes", "freezes_away");
    };
    await expect(world.write({ during })).rejects.toThrow();
    expect(world.github.writes.length).toBe(before);
    expect(world.github.visible).toEqual([]);
    await expect(world.write()).rejects.toThrow();
    expect(world.github.visible).toEqual([]);
    await rename("freezes_away", "freezes");
    expect((await world.write()).end).toEqual({ kind: "written" });
  });
});

it("the database takes no row of a write, by whatever way it comes", async () => {
  const world = await delivery();
  await put(world);
  const [approval] = await world.db.sql
    .select()
    .from(approvals)
    .where(raw`${eq(approvals.deliveryId, world.id)} and ${eq(approvals.subjectKind, "patchset")}`);
  if (approval === undefined) throw new Error("no approval");
  const insert = world.db.transaction(({ sql }) =>
    sql.insert(writes).values({
      id: "00000000-0000-4000-8000-000000000001",
      deliveryId: world.id,
      approvalId: approval.id,
      subjectKind: approval.subjectKind,
      subjectId: approval.subjectId,
      digest: approval.digest,
      repoId: theOnly(world.repos).id,
      branch: "countersign/d-1",
      intendedAt: NOW,
    }),
  );
  const refused = await insert.then(
    () => null,
    (error: unknown) => violationOf(error),
  );
  expect(refused).toMatchObject({ code: "23001" });
  expect(await world.db.sql.$count(freezes)).toBeGreaterThan(0);
});
