import { sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveries, installations, ledger, patches, patchSets, sources, webhooks } from "../../src/db/schema.ts";
import { DeliveryId, PatchSetId, TraceId, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { renderDiff } from "../../src/patches/diff.ts";
import { patchSetDigest } from "../../src/patches/digest.ts";
import type { PatchSetContent } from "../../src/patches/patch-set.ts";
import { loadPatchSet, savePatchSet } from "../../src/patches/store.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { contentOf } from "./contents.ts";
import { fileChange } from "./file-changes.ts";

let test: TestDatabase;
let deliveryId: DeliveryId;
const at = new Date("2026-11-21T10:00:00Z");
const traceId = TraceId.parse("a".repeat(32));

const content = contentOf([
  fileChange("src/a b.ts", { before: "one\r\ntwo ä \u{1f389}", after: "one\r\n2" }),
  fileChange("src/new.ts", { after: "new \\u0000 text\n" }),
  fileChange("src/to.ts", { previousPath: "src/from.ts", before: "x\n", after: "y\n" }),
]);

beforeAll(async () => {
  test = await testDatabase();
  deliveryId = await test.db.transaction(async ({ sql }) => {
    const guid = WebhookGuid.parse("guid-1");
    await sql.insert(installations).values({ id: 7, accountId: 1, accountLogin: "acme", updatedAt: at });
    await sql.insert(sources).values({
      repoId: 99,
      installationId: 7,
      owner: "acme",
      name: "shop",
      visibility: "private",
      active: true,
      updatedAt: at,
    });
    await sql.insert(webhooks).values({ guid, event: "issues", payload: {}, receivedAt: at });
    const [row] = await sql
      .insert(deliveries)
      .values({
        repoId: 99,
        issueNumber: 7,
        issueId: 1007,
        issueTitle: "Slugs",
        triggerGuid: guid,
        requesterId: 5,
        requesterLogin: "mona",
        phase: "implement",
        runStatus: "running",
        holds: [],
        exitPhase: "verify",
        version: 3,
        attempt: 3,
        revisionsLeft: 3,
        fixesLeft: 2,
        gates: {},
        tokenBudget: 1000,
        traceId,
        createdAt: at,
        changedAt: at,
      })
      .returning({ id: deliveries.id });
    return DeliveryId.parse(row?.id);
  });
});
afterAll(() => test.close());

const save = (saved: PatchSetContent = content) =>
  test.db.transaction((tx) =>
    savePatchSet(tx, {
      deliveryId,
      content: saved,
      artifactId: null,
      at: instant(at),
      actor: { kind: "system", id: "propose" },
      traceId,
    }),
  );

/** What somebody with the keys of the database could do: the triggers that refuse it are switched off for it. */
const tamper = async (statement: ReturnType<typeof raw>) => {
  await test.db.transaction(async ({ sql }) => {
    const triggers = async (change: "disable" | "enable") => {
      for (const table of ["patches", "patch_sets"])
        await sql.execute(raw.raw(`alter table ${table} ${change} trigger user`));
    };
    await triggers("disable");
    await sql.execute(statement);
    await triggers("enable");
  });
};

describe("a patch set", () => {
  it("comes back as it was saved, with its diffs and its digest", async () => {
    const saved = await save();
    expect(saved).toMatchObject({ version: 1, digest: patchSetDigest(content) });
    expect(await loadPatchSet(test.db.sql, saved.id)).toEqual({
      ok: true,
      value: { ...saved, deliveryId, content, diffs: content.changes.map(renderDiff), createdAt: instant(at) },
    });
  });

  it("gets the next version of its repository, and a ledger entry", async () => {
    const second = await save({ ...content, pullBody: "another" });
    const third = await save({ ...content, pullBody: "a third" });
    expect(third.version).toBe(second.version + 1);
    const entries = await test.db.sql.select().from(ledger);
    expect(entries.at(-1)).toMatchObject({
      chain: `D-${deliveryId}`,
      action: "patch_set_made",
      entityId: String(third.id),
      after: { version: third.version, digest: third.digest, tree: content.tree },
    });
  });

  it("that is not sound is not saved", async () => {
    const [first, ...rest] = content.changes;
    if (first === undefined) throw new Error("no change");
    const before = await test.db.sql.select().from(patchSets);
    await expect(save({ ...content, changes: [{ ...first, after: "other" }, ...rest] })).rejects.toThrow(/not sound/);
    expect(await test.db.sql.select().from(patchSets)).toEqual(before);
  });

  it("that is not there is not found", async () => {
    expect(await loadPatchSet(test.db.sql, PatchSetId.parse(4711))).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("an altered row is found out", () => {
  const set = raw`update patches set `;
  it.each<[string, (id: number) => ReturnType<typeof raw>, string]>([
    [
      "the new text",
      (id) => raw`${set} change = jsonb_set(change, '{after}', '"evil"') where patch_set_id = ${id} and position = 0`,
      "unsound",
    ],
    [
      "the blob",
      (id) =>
        raw`${set} change = jsonb_set(change, '{newBlob}', to_jsonb(repeat('0', 40))) where patch_set_id = ${id} and position = 0`,
      "unsound",
    ],
    [
      "a count",
      (id) => raw`${set} change = jsonb_set(change, '{additions}', '0') where patch_set_id = ${id} and position = 0`,
      "unsound",
    ],
    [
      "the mode",
      (id) =>
        raw`${set} change = jsonb_set(change, '{newMode}', '"100755"') where patch_set_id = ${id} and position = 0`,
      "diff_differs",
    ],
    [
      "the diff shown",
      (id) => raw`${set} diff = replace(diff, '+2', '+3') where patch_set_id = ${id} and position = 0`,
      "diff_differs",
    ],
    [
      "the path of the row",
      (id) => raw`${set} path = 'other' where patch_set_id = ${id} and position = 0`,
      "diff_differs",
    ],
    [
      "the task",
      (id) => raw`${set} change = jsonb_set(change, '{tasks}', '["T9"]') where patch_set_id = ${id} and position = 0`,
      "digest_differs",
    ],
    [
      "the shape of a change",
      (id) => raw`${set} change = '{}' where patch_set_id = ${id} and position = 0`,
      "malformed",
    ],
    [
      "a missing change",
      (id) => raw`delete from patches where patch_set_id = ${id} and position = 2`,
      "digest_differs",
    ],
    [
      "a gap in the order",
      (id) => raw`${set} position = 9 where patch_set_id = ${id} and position = 2`,
      "diff_differs",
    ],
    ["no change left", (id) => raw`delete from patches where patch_set_id = ${id}`, "malformed"],
    [
      "the branch",
      (id) => raw`update patch_sets set content = jsonb_set(content, '{branch}', '"main"') where id = ${id}`,
      "digest_differs",
    ],
    [
      "the pull request's text",
      (id) => raw`update patch_sets set content = jsonb_set(content, '{pullBody}', '"hi"') where id = ${id}`,
      "digest_differs",
    ],
    ["the repository", (id) => raw`update patch_sets set repo_id = 98 where id = ${id}`, "malformed"],
    [
      "the repository in both places",
      (id) =>
        raw`update patch_sets set repo_id = 98, version = 77, content = jsonb_set(content, '{repoId}', '98') where id = ${id}`,
      "digest_differs",
    ],
    ["the digest", (id) => raw`update patch_sets set digest = repeat('0', 64) where id = ${id}`, "digest_differs"],
    ["the content's shape", (id) => raw`update patch_sets set content = '"text"' where id = ${id}`, "malformed"],
  ])("%s", async (_, statement, code) => {
    const { id } = await save();
    await tamper(statement(id));
    expect(await loadPatchSet(test.db.sql, id)).toMatchObject({ ok: false, error: { code } });
  });

  it("and cannot be altered in the ordinary way at all", async () => {
    const { id } = await save();
    await expect(test.db.sql.update(patches).set({ diff: "x" })).rejects.toThrow();
    expect(await loadPatchSet(test.db.sql, id)).toMatchObject({ ok: true });
  });
});
