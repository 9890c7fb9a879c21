// An export holds all the evidence of a delivery, and proves itself where there is no database.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DeliveryId, Digest } from "../../src/ids.ts";
import { collectBundle } from "../../src/ledger/bundle/collect.ts";
import { type Files, LEDGER, MANIFEST, Manifest } from "../../src/ledger/bundle/files.ts";
import { readFolder, writeFolder } from "../../src/ledger/bundle/folder.ts";
import { verifyBundle } from "../../src/ledger/bundle/verify-bundle.ts";
import { exportCommand, verifyBundleCommand, verifyCommand } from "../../src/ledger/cli.ts";
import { printed, unusable } from "../../src/ops/cli/outcome.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { tellDelivery } from "./told-delivery.ts";

let t: TestDatabase;
let deliveryId: DeliveryId;
let bundle: Files;
let folder: string;
beforeAll(async () => {
  t = await testDatabase();
  deliveryId = await tellDelivery(t.db);
  const files = await collectBundle(t.db, deliveryId);
  if (files === null) throw new Error("no bundle");
  bundle = files;
});
afterAll(() => t.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-bundle-"));
  return () => rm(folder, { recursive: true, force: true });
});

const problems = (files: Files, head: Digest | null = null) => verifyBundle(files, head).problems;
const textOf = (path: string) => {
  const text = bundle.get(path);
  if (text === undefined) throw new Error(`no ${path}`);
  return text;
};
const manifest = () => Manifest.parse(JSON.parse(textOf(MANIFEST)));
const pathOf = (pattern: RegExp) => {
  const path = [...bundle.keys()].find((each) => pattern.test(each));
  if (path === undefined) throw new Error(`nothing like ${pattern}`);
  return path;
};
/** For the tests that need no database; written anew where the format is a new one. */
const KEPT = join(import.meta.dirname, "bundle/evidence");
it.runIf(process.env["WRITE_EVIDENCE"] === "1")("is taken down", async () => {
  if (existsSync(KEPT)) await rm(KEPT, { recursive: true });
  await writeFolder(KEPT, bundle);
});

describe("an export", () => {
  it("verifies, also against the head of now and of then, and has everything in it", () => {
    expect(verifyBundle(bundle, null)).toEqual({
      delivery: `D-${deliveryId}`,
      head: manifest().ledger,
      problems: [],
    });
    expect(problems(bundle, manifest().ledger.hash)).toEqual([]);
    const first: { hash: string } = JSON.parse(textOf(LEDGER).split("\n")[0] ?? "");
    expect(problems(bundle, Digest.parse(first.hash))).toEqual([]);
    expect(problems(bundle, Digest.parse("f".repeat(64)))).toMatchObject([
      { what: "does not lead to the head that was given" },
    ]);
    expect([...bundle.keys()]).toEqual([
      MANIFEST,
      "accepted-criteria.json",
      "approvals.json",
      "artifacts/1-decision-1.json",
      "artifacts/2-plan-1.json",
      "artifacts/3-plan-2.json",
      "commands.json",
      "constraint-snapshots/1.json",
      "context-packets/1.json",
      "delivery.json",
      "feedback.json",
      "gates.json",
      "inbox.json",
      "ledger.ndjson",
      "patch-sets/1/changes.diff",
      "patch-sets/1/patch-set.json",
      "policy-violations.json",
      "provenance.json",
      "publications.json",
      "readiness.json",
      "receipts/1.json",
      "receipts/2.json",
      "receipts/3.json",
      "receipts/4.json",
      "receipts/5.json",
      "runs/1-triage/input.json",
      "runs/1-triage/log.json",
      "runs/1-triage/output.json",
      "runs/2-planner/input.json",
      "runs/2-planner/log.json",
      "runs/2-planner/output.json",
      "runs/3-planner/input.json",
      "runs/3-planner/log.json",
      "runs/3-planner/output.json",
      "ships.json",
      "writes.json",
    ]);
    expect(textOf(pathOf(/changes\.diff$/))).toContain("+two");
  });

  it("of the same state is the same text", async () => {
    expect(await collectBundle(t.db, deliveryId)).toEqual(bundle);
  });

  it("of a delivery that is not there is none", async () => {
    expect(await collectBundle(t.db, DeliveryId.parse(9_999))).toBeNull();
  });
});

describe("the operator's commands", () => {
  it("export to a folder, and verify it", async () => {
    const out = join(folder, "evidence");
    expect(await exportCommand(t.db, `D-${deliveryId}`, out)).toMatchObject({ exitCode: 0 });
    expect(await readFolder(out)).toEqual(bundle);
    expect(await verifyBundleCommand(out, null, "text")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("verified"),
    });
    expect(await verifyBundleCommand(out, manifest().ledger.hash, "json")).toMatchObject({ exitCode: 0 });
    expect(await exportCommand(t.db, `D-${deliveryId}`, out)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is there already"),
    });

    await writeFile(join(out, "approvals.json"), "[]");
    const broken = await verifyBundleCommand(out, null, "text");
    expect(broken).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("NOT VERIFIED") });
    const asJson: unknown = JSON.parse((await verifyBundleCommand(out, null, "json")).stdout);
    expect(asJson).toMatchObject({
      problems: expect.arrayContaining([{ where: "approvals.json", what: "is not what the manifest says" }]),
    });
  });

  it("say to the letter what they did, and why they did not", async () => {
    const out = join(folder, "evidence");
    const { seq, hash } = manifest().ledger;
    expect(await exportCommand(t.db, `D-${deliveryId}`, out)).toEqual(printed(`${out}: ${bundle.size} files\n`));
    expect(await verifyBundleCommand(out, null, "text")).toEqual(
      printed(
        `${out}: verified, D-${deliveryId}, ${seq} entries, head ${hash}\nPass the head that the issue shows with --head: it must be in this chain, and entries after it are fine.\n`,
      ),
    );
    const older = /"hash": ?"([0-9a-f]{64})"/.exec(String(bundle.get(LEDGER)))?.[1] ?? "";
    expect(older).not.toBe(hash);
    expect(await verifyBundleCommand(out, older, "text")).toEqual(
      printed(
        `${out}: verified, D-${deliveryId}, ${seq} entries, head ${hash}\nThe head that you gave is in this chain.\n`,
      ),
    );
    await rm(join(out, "gates.json"));
    await writeFile(join(out, "b\nc"), "");
    expect(await verifyBundleCommand(out, null, "text")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(
        `${out}: NOT VERIFIED\n  "gates.json": is missing\n  "b\\nc": is not in the manifest\n`,
      ),
    });
    expect(await exportCommand(t.db, "D-12345", null)).toEqual(unusable("there is no delivery D-12345"));
    expect(await exportCommand(t.db, "R-1", null)).toEqual(
      unusable('"R-1" is not the name of a delivery, such as D-1'),
    );
    expect(await exportCommand(t.db, `D-${deliveryId}`, out)).toEqual(
      unusable(`${out} cannot be written: ${out} is there already`),
    );
    const long = "x".repeat(300);
    expect(await verifyCommand(t.db, long, "text")).toEqual(
      unusable(`"${long.slice(0, 200)}" is not the name of a delivery, such as D-1`),
    );
    expect(await verifyCommand(t.db, "D-99999", "text")).toEqual(unusable("there is no ledger of D-99999"));
    expect(await verifyBundleCommand(out, "abc", "text")).toEqual(
      unusable('"abc" is not a head: 64 hexadecimal digits'),
    );
    const empty = await testDatabase();
    expect(await verifyCommand(empty.db, null, "text")).toEqual(printed("No ledger yet.\n"));
    expect(await verifyCommand(empty.db, null, "json")).toEqual(printed("[]\n"));
    await empty.close();
  });

  it("verify one chain, or all, and say where one is broken", async () => {
    expect(await verifyCommand(t.db, `D-${deliveryId}`, "text")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^D-\d+: verified, \d+ entries, head [0-9a-f]{64}\n$/),
    });
    await t.db.transaction(async ({ sql }) => {
      await sql.execute(raw`alter table ledger disable trigger all`);
      await sql.execute(raw`update ledger set note = 'forged' where seq = 2`);
      await sql.execute(raw`alter table ledger enable trigger all`);
      await sql.execute(raw`alter table ledger enable always trigger ledger_append_only`);
    });
    expect(await verifyCommand(t.db, null, "text")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("NOT VERIFIED, entry 2 altered"),
    });
    expect(JSON.parse((await verifyCommand(t.db, null, "json")).stdout)).toMatchObject([
      { ok: false, finding: { seq: 2 } },
    ]);
  });

  it("verify an export where there is no database, no network and nothing to write to", async () => {
    const out = join(folder, "evidence");
    await writeFolder(out, bundle);
    const alone = await askAlone(["ledger", "verify", "--bundle", out]);
    expect(alone).toMatchObject({ code: 0, stderr: "" });
    expect(alone.stdout).toContain(`verified, D-${deliveryId}`);
    await writeFile(join(out, "provenance.json"), "[]");
    expect(await askAlone(["ledger", "verify", "--bundle", out])).toMatchObject({ code: 1 });
    // The walls stand: what needs a database fails between them.
    expect((await askAlone(["ledger", "verify", "--all"])).code).not.toBe(0);
  });

  it("understand nothing else", async () => {
    for (const name of ["D-0", "D-9999", "12", "../D-1", "", "D-1\u001b[31m"]) {
      expect((await verifyCommand(t.db, name, "text")).exitCode).toBe(2);
      const refused = await exportCommand(t.db, name, null);
      expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
      expect(refused.stderr).not.toContain("\u001b");
    }
    expect((await verifyBundleCommand(join(folder, "nothing"), null, "text")).exitCode).toBe(2);
    expect((await verifyBundleCommand(folder, "abc", "text")).exitCode).toBe(2);
    expect((await verifyBundleCommand(folder, null, "text")).exitCode).toBe(1);
  });

  it("follow no link out of the folder", async () => {
    await mkdir(join(folder, "evidence"));
    await symlink("/etc/passwd", join(folder, "evidence", "manifest.json"));
    expect(await verifyBundleCommand(join(folder, "evidence"), null, "text")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is not a plain file"),
    });
  });

  it("leave nothing half written", async () => {
    await writeFile(join(folder, "file"), "x");
    await expect(writeFolder(join(folder, "file", "below"), bundle)).rejects.toThrow();
    expect(await readFile(join(folder, "file"), "utf8")).toBe("x");
  });
});

/** Any connection ends the process, and the runtime lets it read files and nothing else. */
const NO_NETWORK = `data:text/javascript,${encodeURIComponent(`
  import net from "node:net";
  import dgram from "node:dgram";
  import { syncBuiltinESMExports } from "node:module";
  const refuse = () => { process.stderr.write("a connection was tried"); process.exit(97); };
  net.Socket.prototype.connect = refuse;
  net.connect = refuse;
  net.createConnection = refuse;
  net.Server.prototype.listen = refuse;
  dgram.createSocket = refuse;
  globalThis.fetch = refuse;
  syncBuiltinESMExports();
`)}`;

const askAlone = (args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const entry = resolve(import.meta.dirname, "../../src/ops/cli.ts");
    const walls = ["--permission", "--allow-fs-read=*", "--no-warnings", "--import", NO_NETWORK];
    const env = { PATH: process.env["PATH"] };
    const child = execFile(process.execPath, [...walls, entry, ...args], { cwd: folder, env }, (_, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    );
  });
