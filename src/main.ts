// The process: environment, database, roles, and an orderly end on SIGTERM. What the app is stands in app.ts.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type AppOptions, type Role, startApp } from "./app.ts";
import { type Ceiling, NO_CEILING, parseCeiling } from "./config/ceiling.ts";
import { problemSentence } from "./config/parse.ts";
import { neverCrash } from "./crash-points.ts";
import { openDatabase } from "./db/open.ts";
import { type AppEnv, type Env, type ModelEnv, readEnv, secretValues } from "./env.ts";
import { createLog } from "./ops/log.ts";
import { createRedactor } from "./secrets/redactor.ts";
import { startSetup } from "./webhooks/setup.ts";

const USAGE = `usage: npm start -- [--role web|worker] [--migrate]

  --role     web only receives webhooks, worker only works; without it this process does both
  --migrate  brings the database up to date and ends`;

/** Ends the process: one line for each thing that is wrong, nothing else. */
function stop(lines: readonly string[]): never {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exit(1);
}

function readArguments(): Readonly<{ role: Role; migrate: boolean; envFile: string | null }> {
  try {
    const { values } = parseArgs({
      options: {
        role: { type: "string" },
        migrate: { type: "boolean", default: false },
        environment: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    const { role = "both", migrate } = values;
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    if (role !== "web" && role !== "worker" && role !== "both")
      stop([`--role ${role} is neither web nor worker nor both`, USAGE]);
    return { role, migrate, envFile: values.environment ?? null };
  } catch (error) {
    return stop([error instanceof Error ? error.message : "unusable arguments", USAGE]);
  }
}

async function readCeiling(path: string | undefined): Promise<Ceiling> {
  if (path === undefined) return NO_CEILING;
  const text = await readFile(path, "utf8").catch(() => stop([`COUNTERSIGN_CEILING: ${path} cannot be read`]));
  const ceiling = parseCeiling(text);
  return ceiling.ok
    ? ceiling.value
    : stop(
        ceiling.error.map((problem) => `COUNTERSIGN_CEILING: ${path}:${problem.line ?? 1} ${problemSentence(problem)}`),
      );
}

const { role, migrate, envFile } = readArguments();
const parsed = readEnv(envFile);
const env: Env = parsed.ok ? parsed.value : stop(parsed.error);
const redactor = createRedactor(secretValues(env));
const log = createLog(env.LOG_LEVEL, redactor, (line) => process.stdout.write(line));

const open = () =>
  openDatabase({
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: env.COUNTERSIGN_DATA_DIR,
    fault: (message, fields) => log.error(fields, message),
  }).catch((error: unknown) => stop([`the database cannot be used: ${redactor.apply(messageOf(error))}`]));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));

async function run(app: AppEnv & Readonly<{ model: ModelEnv }>): Promise<void> {
  const ceiling = await readCeiling(env.COUNTERSIGN_CEILING);
  const opened = await open();
  const options: AppOptions = {
    env: { ...env, app },
    opened,
    role,
    ceiling,
    clock: () => new Date(),
    crash: neverCrash,
    log,
    redactor,
  };
  const running = await startApp(options).catch(async (error: unknown) => {
    await opened.close();
    return stop([`the app cannot start: ${redactor.apply(messageOf(error))}`]);
  });
  log.info({ role, port: running.port, engine: opened.engine }, "started");
  endOnSignal(async () => {
    await running.stop();
    await opened.close();
  });
}

/** Asked once it ends in order; asked twice, at once. */
function endOnSignal(end: () => Promise<void>): void {
  let ending = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1);
      ending = true;
      log.info({ signal }, "stopping");
      end().then(
        () => process.exit(0),
        (error: unknown) => stop([`did not stop in order: ${redactor.apply(messageOf(error))}`]),
      );
    });
  }
}

if (migrate) {
  const opened = await open();
  await opened.close();
} else if (env.app !== null) {
  await run(env.app);
} else {
  const setup = await startSetup({ host: env.SETUP_HOST, port: env.PORT, log });
  process.stdout.write(`No credentials yet. Open http://localhost:${setup.port} to make the GitHub App.\n`);
  endOnSignal(() => setup.stop());
}
