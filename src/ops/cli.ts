// The operator's tool: looks at what is, proves it, checks files; freezes and lifts that again. It changes nothing on GitHub.
import { parseArgs } from "node:util";
import type { Database } from "../db/database.ts";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { exportCommand, verifyBundleCommand, verifyCommand } from "../ledger/cli.ts";
import { showContext } from "./cli/context.ts";
import { listDeliveries } from "./cli/deliveries.ts";
import { configCheck, policyCheck } from "./cli/files.ts";
import { freezeCommand, listFreezes, unfreezeCommand } from "./cli/freezes.ts";
import { type CliOutcome, printed, unusable } from "./cli/outcome.ts";
import { replayCommand } from "./cli/replay.ts";

const HELP = `countersign: looks at what Countersign did, and checks files against its rules

  deliveries [--json]                       what there is, newest first
  ledger verify D-1 | --all [--json]        proves that no entry was altered, removed, inserted or moved
  ledger verify --bundle DIR [--head HASH]  the same for an export, without a database
  ledger export D-1 [--out DIR]             everything about a delivery, in a folder that verifies by itself
  freeze NAME [--reason TEXT]               stops all writing, beginning and paying in owner/name, or in all of an account;
                                            where several bear the name: repository:ID or installation:ID
  unfreeze NAME                             lifts that; what was held goes on by itself
  freezes [--json]                          what is frozen, by whom, since when and why
  replay RUN [--json]                       replays a run from its transcript, offline: does the same come of it?
  config check FILE [--ceiling FILE]        what is wrong with a .github/countersign.yml, line by line
  policy check --diff FILE [--config FILE] [--ceiling FILE] [--json]
                                            the policy's verdict on any unified diff (- reads standard input)
  context show --repo DIR --issue FILE [--budget TOKENS] [--ceiling FILE] [--json]
                                            what a model would be shown of a checkout, and why

The database is that of DATABASE_URL, else the embedded one in COUNTERSIGN_DATA_DIR (.data), which has one owner:
stop the app first. Exit codes: 0 well, 1 not well, 2 not understood.
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  all: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
  bundle: { type: "string" },
  head: { type: "string" },
  out: { type: "string" },
  diff: { type: "string" },
  config: { type: "string" },
  ceiling: { type: "string" },
  repo: { type: "string" },
  issue: { type: "string" },
  budget: { type: "string" },
  reason: { type: "string" },
  environment: { type: "string" },
} as const;

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });

async function withDatabase(
  envFile: string | undefined,
  use: (db: Database) => Promise<CliOutcome>,
): Promise<CliOutcome> {
  const env = readEnv(envFile ?? null);
  if (!env.ok) return unusable(env.error.join("\n"));
  const opened = await openDatabase({
    databaseUrl: env.value.DATABASE_URL ?? null,
    dataDir: env.value.COUNTERSIGN_DATA_DIR,
    fault: () => {},
  }).catch((error: unknown) =>
    unusable(`the database cannot be used: ${error instanceof Error ? error.message : error}`),
  );
  if ("exitCode" in opened) return opened;
  try {
    return await use(opened.db);
  } finally {
    await opened.close();
  }
}

async function run(args: readonly string[]): Promise<CliOutcome> {
  const { values, positionals } = parse(args);
  const [group = "help", verb, name, ...rest] = positionals;
  const format = values.json ? "json" : "text";
  const asked = [group, verb].filter((word) => word !== undefined).join(" ");
  const tooMany = (most: number): boolean => positionals.length > most;

  if (values.help || group === "help") return printed(HELP);
  if (group === "deliveries" && !tooMany(1))
    return withDatabase(values.environment, ({ sql }) => listDeliveries(sql, format));
  if (group === "freezes" && !tooMany(1))
    return withDatabase(values.environment, ({ sql }) => listFreezes(sql, format));
  if (group === "freeze" && verb !== undefined && !tooMany(2)) {
    const { reason = null } = values;
    return withDatabase(values.environment, (db) => freezeCommand(db, verb, reason, new Date()));
  }
  if (group === "unfreeze" && verb !== undefined && !tooMany(2))
    return withDatabase(values.environment, (db) => unfreezeCommand(db, verb, new Date()));
  if (asked === "ledger verify" && !tooMany(3)) {
    if (values.bundle !== undefined) return verifyBundleCommand(values.bundle, values.head ?? null, format);
    if (name === undefined && !values.all)
      return unusable("ledger verify needs the name of a delivery, such as D-1, or --all");
    return withDatabase(values.environment, (db) => verifyCommand(db, name ?? null, format));
  }
  if (asked === "ledger export" && name !== undefined && !tooMany(3)) {
    return withDatabase(values.environment, (db) => exportCommand(db, name, values.out ?? null));
  }
  if (group === "replay" && verb !== undefined && !tooMany(2)) {
    return withDatabase(values.environment, (db) => replayCommand(db, verb, format));
  }
  if (asked === "config check" && name !== undefined && !tooMany(3)) return configCheck(name, values.ceiling ?? null);
  if (asked === "policy check" && values.diff !== undefined && name === undefined && rest.length === 0) {
    return policyCheck(
      values.diff,
      { config: values.config ?? null, ceiling: values.ceiling ?? null },
      format,
      process.stdin,
    );
  }
  if (asked === "context show" && values.repo !== undefined && values.issue !== undefined && name === undefined) {
    const { repo, issue, budget = null, ceiling = null } = values;
    return showContext({ repo, issue, budget, ceiling, format });
  }
  return unusable(`not a command, or not all of one: ${JSON.stringify(positionals.join(" "))}\n\n${HELP}`);
}

const outcome = await run(process.argv.slice(2)).catch((error: unknown) =>
  unusable(`${error instanceof Error ? error.message : error}\n\n${HELP}`),
);
process.stdout.write(outcome.stdout);
process.stderr.write(outcome.stderr);
process.exitCode = outcome.exitCode;
