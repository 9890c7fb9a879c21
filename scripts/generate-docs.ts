// Writes docs/machine.md from the machine; with --check it writes nothing and fails when the page is stale.
import { readFile, writeFile } from "node:fs/promises";
import { machinePage } from "../src/delivery/docs.ts";

const path = new URL("../docs/machine.md", import.meta.url);
const page = machinePage();

if (process.argv.includes("--check")) {
  const written = await readFile(path, "utf8").catch(() => null);
  if (written !== page) {
    process.stderr.write("docs/machine.md is stale: run `npm run generate`\n");
    process.exitCode = 1;
  }
} else {
  await writeFile(path, page);
}
