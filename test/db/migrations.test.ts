// The migrations bring a database to exactly what the schema says: nothing is left to generate.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { MIGRATIONS } from "../../src/db/migrate.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

it("are what drizzle-kit would generate from the schema", async () => {
  const folder = await mkdtemp(join(tmpdir(), "countersign-migrations-"));
  try {
    await cp(MIGRATIONS, folder, { recursive: true });
    const kit = join(root, "node_modules/drizzle-kit/bin.cjs");
    const options = ["--dialect=postgresql", "--schema=src/db/schema.ts", "--casing=snake_case"];
    await run(process.execPath, [kit, "generate", ...options, `--out=${relative(root, folder)}`], { cwd: root });
    expect((await readdir(folder)).sort()).toEqual((await readdir(MIGRATIONS)).sort());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
