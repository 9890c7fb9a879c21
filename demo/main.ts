// `npm run demo`: plays a scenario with the real app against a local GitHub and a scripted model, and checks what came of it.
// Exits with 0 only if every claim held.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { REPOSITORY } from "./repository/demo-repository.ts";
import { attack } from "./scenarios/attack.ts";
import { ciRed } from "./scenarios/ci-red.ts";
import { full } from "./scenarios/full.ts";
import { happy } from "./scenarios/happy.ts";
import { missedWebhooks } from "./scenarios/missed-webhooks.ts";
import { multiRepo } from "./scenarios/multi-repo.ts";
import { planOnly } from "./scenarios/plan-only.ts";
import { refusals } from "./scenarios/refusals.ts";
import { rollback } from "./scenarios/rollback.ts";
import { type Claim, claim, type Play, type Scenario } from "./scenarios/scenario.ts";
import { type Entries, setStage } from "./stage.ts";
import { commonClaims, readBooks, type Summary, summarize } from "./summary.ts";

export const SCENARIOS: readonly Scenario[] = [
  happy,
  refusals,
  multiRepo,
  attack,
  missedWebhooks,
  planOnly,
  ciRed,
  full,
  rollback,
];

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENTRIES: Entries = { app: [join(ROOT, "src/main.ts")], operator: [join(ROOT, "src/ops/cli.ts")] };

export type DemoOptions = Readonly<{
  scenario: Scenario;
  entries: Entries;
  folder: string;
  write: (text: string) => void;
  canRewrite: boolean;
}>;

export type DemoResult = Readonly<{ summary: Summary; claims: readonly Claim[]; dataDir: string }>;

/** Plays one scenario from an empty folder to the last claim. Throws when the app does not even start. */
export const runDemo = async (options: DemoOptions): Promise<DemoResult> => {
  const started = performance.now();
  const { scenario } = options;
  const beside = scenario.beside ?? [];
  const stage = await setStage({ ...options, answers: scenario.answers, beside });
  let play: Play | null = null;
  const claims: Claim[] = [];
  try {
    play = await scenario.play(stage);
    claims.push(...play.claims);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    claims.push(claim("the scenario came to its end", false, seen));
    options.write(`\n${seen}\n\nThe app's log ends:\n${await stage.app().logTail()}\n`);
  }
  const clean = await stage.end();
  claims.push(claim("the app ended when it was asked to", clean, clean ? "exit code 0" : "it did not"));
  const books = await readBooks(options.entries, stage.dataDir);
  const ms = Math.round(performance.now() - started);
  const repositories = [REPOSITORY, ...beside.map(({ name }) => name)];
  const facts = { github: stage.github, model: stage.model, repositories, play, books, ms };
  const summary = summarize(facts);
  claims.push(...commonClaims(scenario, summary, facts));
  return { summary, claims, dataDir: stage.dataDir };
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Empties the folder of this scenario, unless another demo is at work in it. */
const takeFolder = async (folder: string): Promise<string | null> => {
  const pidFile = join(folder, "demo.pid");
  const other = Number(await readFile(pidFile, "utf8").catch(() => ""));
  if (other > 0 && isAlive(other)) return `another demo of this scenario is running (process ${other})`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(pidFile, String(process.pid));
  return null;
};

const report = (result: DemoResult): string => {
  const lines = result.claims.map(
    ({ claim: text, holds, seen }) => `  ${holds ? "holds " : "BROKEN"}  ${text} (${seen})`,
  );
  const broken = result.claims.filter(({ holds }) => !holds).length;
  const verdict = broken === 0 ? `All ${lines.length} claims held` : `${broken} of ${lines.length} claims are broken`;
  const { summary } = result;
  return [
    "",
    "What was checked:",
    ...lines,
    "",
    `${verdict}, in ${(summary.ms / 1000).toFixed(1)} s, with ${summary.githubRequests} requests to GitHub.`,
    `Look for yourself: COUNTERSIGN_DATA_DIR=${relative(process.cwd(), result.dataDir)} npm run countersign -- deliveries`,
    "",
  ].join("\n");
};

const main = async (): Promise<number> => {
  const names = SCENARIOS.map(({ name }) => name).join(", ");
  const usage = `usage: npm run demo -- [--scenario NAME] [--json]\nscenarios: ${names}\n`;
  const options = {
    scenario: { type: "string", default: "happy" },
    json: { type: "boolean", default: false },
  } as const;
  let values: { scenario: string; json: boolean };
  try {
    values = parseArgs({ options, strict: true }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    return 2;
  }
  const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
  if (scenario === undefined) {
    process.stderr.write(`there is no scenario ${JSON.stringify(values.scenario)}\n${usage}`);
    return 2;
  }
  const folder = join(ROOT, ".demo", scenario.name);
  const busy = await takeFolder(folder);
  if (busy !== null) {
    process.stderr.write(`${busy}\n`);
    return 2;
  }
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  write(
    `Countersign, scenario "${scenario.name}": ${scenario.title}.\nStarting a local GitHub, a scripted model and the app.\n`,
  );
  const canRewrite = process.stdout.isTTY === true;
  const result = await runDemo({ scenario, entries: ENTRIES, folder, write, canRewrite }).finally(() =>
    rm(join(folder, "demo.pid"), { force: true }),
  );
  write(report(result));
  if (values.json) write(`${JSON.stringify(result.summary)}\n`);
  return result.claims.every(({ holds }) => holds) ? 0 : 1;
};

if (import.meta.main) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
      process.exitCode = 1;
    },
  );
}
