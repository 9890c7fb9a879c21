// The operator freezes by a name: which repository bears it now, what is said of it, and what stands in the list.
import { asc, eq, isNull } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freezes, installations, sources } from "../../src/db/schema.ts";
import { RepoId } from "../../src/ids.ts";
import { freezeCommand, listFreezes, unfreezeCommand } from "../../src/ops/cli/freezes.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { INSTALLATION, REPO, START, storeDelivery, storeSource } from "../support/stored-delivery.ts";

const ANEW = RepoId.parse(999);

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
  await storeDelivery(t.db, { state: { phase: "plan", runStatus: "pending", attempt: 2 } });
});
afterEach(() => t.close());

const freeze = (name: string, reason: string | null = null) => freezeCommand(t.db, name, reason, START);
const unfreeze = (name: string) => unfreezeCommand(t.db, name, START);
const standing = async () =>
  (
    await t.db.sql
      .select({ repo: freezes.repoId, installation: freezes.installationId })
      .from(freezes)
      .where(isNull(freezes.liftedAt))
      .orderBy(asc(freezes.id))
  ).map(({ repo, installation }) => repo ?? `all of ${installation}`);
/** Deleted there, or no longer installed on. */
const leave = (repoId: RepoId) =>
  t.db.transaction(({ sql }) => sql.update(sources).set({ active: false }).where(eq(sources.repoId, repoId)));

describe("freeze and unfreeze", () => {
  it("stop a repository by its name, in whatever letters, say which it is, and let it go on", async () => {
    expect(await freeze("Acme/SHOP", "an incident")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Acme\/SHOP \(repository:4711\) is frozen: .* Held: D-1\.\n/),
    });
    expect(await standing()).toEqual([REPO]);
    expect(await freeze("acme/shop")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^acme\/shop \(repository:4711\) is frozen .*: "an incident"\. Unchanged\.\n/),
    });
    expect(await unfreeze("acme/shop")).toMatchObject({
      exitCode: 0,
      stdout: "The operator's freeze of acme/shop (repository:4711) is lifted. Going on: D-1.\n",
    });
    expect(await standing()).toEqual([]);
    expect(await unfreeze("acme/shop")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("(repository:4711)"),
    });
  });

  it("stop all of an account that is installed now", async () => {
    const gone = { id: 5, accountId: 1, accountLogin: "acme", removedAt: START, updatedAt: START };
    await t.db.transaction(({ sql }) => sql.insert(installations).values(gone));
    expect(await freeze("acme")).toMatchObject({
      stdout: expect.stringContaining("acme (installation:777) is frozen"),
    });
    expect(await standing()).toEqual([`all of ${INSTALLATION}`]);
  });

  it("mean the repository that bears the name now, where one was deleted and made anew", async () => {
    await leave(REPO);
    await storeSource(t.db, ANEW);
    expect(await freeze("acme/shop")).toMatchObject({ stdout: expect.stringContaining("(repository:999)") });
    expect(await standing()).toEqual([ANEW]);
    expect(await unfreeze("acme/shop")).toMatchObject({ exitCode: 0 });
    expect(await standing()).toEqual([]);
  });

  it("still reach one that is no longer installed on, and say that", async () => {
    await leave(REPO);
    expect(await freeze("acme/shop")).toMatchObject({
      stdout: expect.stringContaining("(repository:4711, not installed on now) is frozen"),
    });
    expect(await standing()).toEqual([REPO]);
  });

  it("change nothing where two bear the name, list both, and take either by its number", async () => {
    await storeSource(t.db, ANEW);
    for (const asked of [await freeze("acme/shop"), await unfreeze("acme/shop")])
      expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/repository:4711, repository:999/) });
    expect(await standing()).toEqual([]);
    expect(await freeze("repository:999")).toMatchObject({ exitCode: 0 });
    expect(await freeze("installation:777")).toMatchObject({ exitCode: 0 });
    expect(await standing()).toEqual([ANEW, `all of ${INSTALLATION}`]);
    expect(await unfreeze("repository:999")).toMatchObject({ exitCode: 0 });
    expect(await standing()).toEqual([`all of ${INSTALLATION}`]);
  });

  it.each(["acme/till", "nobody", "repository:1", "installation:1", "repository:", "acme/shop/x", ""])(
    "know nothing that is called %j",
    async (name) => {
      for (const asked of [await freeze(name), await unfreeze(name)])
        expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("nothing that Countersign knows") });
      expect(await standing()).toEqual([]);
    },
  );
});

describe("freezes", () => {
  it("lists what stands, with the numbers by which it is lifted, and lets no reason take hold of the terminal", async () => {
    expect(await listFreezes(t.db.sql, "text")).toMatchObject({ stdout: "Nothing is frozen.\n" });
    await freeze("acme/shop", "\u001b[2Jkeys leaked");
    await freeze("acme");
    const lines = [
      'acme/shop  repository:4711  by operator  2026-11-21T10:00:00.000Z  "\\u001b[2Jkeys leaked"',
      "acme  installation:777  by operator  2026-11-21T10:00:00.000Z",
    ];
    expect(await listFreezes(t.db.sql, "text")).toMatchObject({ exitCode: 0, stdout: `${lines.join("\n")}\n` });
    const { stdout } = await listFreezes(t.db.sql, "json");
    expect(JSON.parse(stdout)).toMatchObject([
      { of: "acme/shop", target: "repository:4711", by: "operator", reason: "\u001b[2Jkeys leaked" },
      { of: "acme", target: "installation:777", by: "operator", reason: null },
    ]);
  });
});
