// Runs mutation testing on one folder of src/: npm run mutation -- FOLDER [FILE…]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const [folder = "", ...files] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(folder) || !existsSync(new URL(`../src/${folder}`, import.meta.url))) {
  process.stderr.write("mutation: name a folder of src/, such as policy, and files in it if not all are meant\n");
  process.exit(2);
}
const env = { ...process.env, MUTATION_FOLDER: folder, MUTATION_FILES: files.join(" ") };
const { status } = spawnSync("stryker", ["run", "stryker.config.mjs"], { env, stdio: "inherit" });
process.exitCode = status ?? 1;
