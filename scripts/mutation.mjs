// Mutation testing of one folder of src/: npm run mutation -- FOLDER [--rest] [FILE…]
// --rest judges what the quick tests left by all of the folder's tests, those on a database among them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { outcomeOf, rangeOf, survivorsOf } from "./mutation/report.mjs";

const [folder = "", ...rest] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(folder) || !existsSync(new URL(`../src/${folder}`, import.meta.url))) {
  process.stderr.write("mutation: name a folder of src/, such as policy, and files in it if not all are meant\n");
  process.exit(2);
}
const isRest = rest.includes("--rest");
const named = rest.filter((each) => each !== "--rest");
const files = isRest && named.length === 0 ? survivorsOf(outcomeOf(folder)).map(rangeOf) : named;
const env = {
  ...process.env,
  MUTATION_FOLDER: folder,
  MUTATION_FILES: files.join(" "),
  ...(isRest ? { MUTATION_STAGE: "rest" } : {}),
};
const { status } = spawnSync("stryker", ["run", "stryker.config.mjs"], { env, stdio: "inherit" });
process.exitCode = status ?? 1;
