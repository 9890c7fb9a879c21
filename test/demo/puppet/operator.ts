// The operator's tool of the puppet: prints what the puppet wrote down when it ended. As `forged`, it finds the ledger altered.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const words = process.argv.slice(2);
const forged = words[0] === "forged";
const [command] = forged ? words.slice(1) : words;
const folder = process.env["COUNTERSIGN_DATA_DIR"] ?? "";
if (command === "deliveries") process.stdout.write(readFileSync(join(folder, "deliveries.json"), "utf8"));
else if (forged) {
  process.stderr.write("D-1: entry 3 is altered\n");
  process.exitCode = 1;
}
