// `npm run bench [-- NAME [ARGUMENT …]]`: one JSON line each. Times are of this machine at this moment; the ratios are what can be compared.
import { contextRecall } from "./context/recall.ts";
import { ingest } from "./ingest.ts";
import { ledger } from "./ledger.ts";
import { machine } from "./machine.ts";

export type Measured = Readonly<{ name: string; value: number; unit: string }> & Readonly<Record<string, unknown>>;

type Benchmark = (args: readonly string[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** `context` takes folders with git repositories; the others take nothing. */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = { machine, ledger, ingest, context: contextRecall };

const [wanted, ...args] = process.argv.slice(2);
if (wanted !== undefined && !Object.hasOwn(BENCHMARKS, wanted)) {
  process.stderr.write(`no benchmark ${wanted}; there are ${Object.keys(BENCHMARKS).join(", ")}\n`);
  process.exitCode = 2;
} else {
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (wanted !== undefined && wanted !== name) continue;
    for (const line of await run(args)) process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
