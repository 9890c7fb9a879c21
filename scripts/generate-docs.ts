// Writes docs/machine.md, docs/phases.md and docs/verify.md from the machine and its gates; with --check it writes nothing and fails when a page is stale.
import { readFile, writeFile } from "node:fs/promises";
import { checksPage } from "../src/delivery/docs/checks.ts";
import { phasesPage } from "../src/delivery/docs/phases.ts";
import { graph, machinePage } from "../src/delivery/docs.ts";

const PAGES = [
  { name: "docs/machine.md", page: machinePage() },
  { name: "docs/phases.md", page: phasesPage(graph()) },
  { name: "docs/verify.md", page: checksPage() },
];

for (const { name, page } of PAGES) {
  const path = new URL(`../${name}`, import.meta.url);
  if (!process.argv.includes("--check")) {
    await writeFile(path, page);
    continue;
  }
  const written = await readFile(path, "utf8").catch(() => null);
  if (written !== page) {
    process.stderr.write(`${name} is stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
}
