// The real process: killed on its way and started again on the same directory, ended in order, and several on one Postgres.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { RequestMatcher } from "../../demo/github/faults.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { openDatabase } from "../../src/db/open.ts";
import { type AppProcess, startProcess } from "../support/app-process.ts";
import { testDatabase } from "../support/database.ts";
import { openScene, type Scene } from "../support/scene.ts";
import { expectOneOfEach, expectVerifiedLedger, sendAgain, toTheEnd } from "../support/whole-way.ts";

const ON_POSTGRES = process.env["TEST_ENGINE"] === "postgres";
/** Six processes start one after the other here: on a busy machine that takes minutes. */
const PATIENCE = 900_000;

const [planAnswer = { kind: "empty" } as const] = [HAPPY_ANSWERS.plan].flat();

const launched: AppProcess[] = [];
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  launched.length = 0;
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function setScene(): Promise<Scene> {
  const scene = await openScene({}, () => launched.map(({ logTail }) => logTail()).join("\n===\n"));
  cleanUps.push(scene.closeScene);
  return scene;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function launch(env: Readonly<Record<string, string>>, args: readonly string[] = []): AppProcess {
  const app = startProcess(env, args);
  cleanUps.push(app.kill);
  launched.push(app);
  return app;
}

/** After its process has ended. */
async function verifyDirectory(dataDir: string): Promise<void> {
  const opened = await openDatabase({ databaseUrl: null, dataDir, fault: () => {} });
  await expectVerifiedLedger(opened.db.sql);
  await opened.close();
}

const app = "countersign";
const post = (path: RegExp): RequestMatcher => ({ app, method: "POST", path });
/** The call is on its way when the process dies, and GitHub carries it out. `after` so many of the same kind. */
const DEATHS: readonly Readonly<{ at: string; when: RequestMatcher; after: number }>[] = [
  { at: "the plan's comment", when: post(/\/issues\/\d+\/comments$/), after: 1 },
  { at: "the patch set's check run", when: post(/\/check-runs$/), after: 1 },
  { at: "the commit", when: post(/\/git\/commits$/), after: 0 },
  { at: "the branch", when: post(/\/git\/refs$/), after: 0 },
  { at: "the pull request", when: post(/\/pulls$/), after: 0 },
];

it.skipIf(ON_POSTGRES)(
  "killed while it plans, publishes and writes, and started again, it leaves one of each",
  { timeout: PATIENCE },
  async () => {
    const scene = await setScene();
    const { github, model } = scene;
    const env = { ...scene.env, COUNTERSIGN_DATA_DIR: join(await newFolder(), "data") };
    const deaths: string[] = [];
    let running = launch(env);
    const arrive = async (): Promise<void> => {
      github.setWebhookUrl(`${await running.url}/api/github/webhooks`, app);
      await sendAgain(scene);
    };
    const die = async (at: string): Promise<void> => {
      await running.kill();
      deaths.push(at);
      running = launch(env);
      // It may die again before it listens; then the next one arrives.
      arrive().catch(() => {});
    };
    for (const { at, when, after } of DEATHS) {
      github.faults.add(when, { kind: "meanwhile", run: () => die(at) }, { after });
    }
    model.say("plan", (_request, nth) => {
      if (nth > 1) return planAnswer;
      void die("the planner's call");
      return { kind: "silence" };
    });

    await arrive();
    const issue = await toTheEnd(scene);
    expect([...deaths].sort()).toEqual([...DEATHS.map(({ at }) => at), "the planner's call"].sort());
    expectOneOfEach(scene, issue);
    expect(await running.terminate()).toBe(0);
    await verifyDirectory(env.COUNTERSIGN_DATA_DIR);
  },
);

it.skipIf(ON_POSTGRES)(
  "asked to end, it finishes what it was doing and exits with 0",
  { timeout: PATIENCE },
  async () => {
    const scene = await setScene();
    const { github, model } = scene;
    const env = { ...scene.env, COUNTERSIGN_DATA_DIR: join(await newFolder(), "data") };
    const ended = Promise.withResolvers<number | null>();
    const first = launch(env);
    github.setWebhookUrl(`${await first.url}/api/github/webhooks`, app);
    const slow = planAnswer.kind === "answer" ? { ...planAnswer, delayMs: 1_500 } : planAnswer;
    model.say("plan", () => {
      ended.resolve(first.terminate());
      return slow;
    });
    const issue = scene.begin();
    expect(await ended.promise).toBe(0);

    const second = launch(env);
    github.setWebhookUrl(`${await second.url}/api/github/webhooks`, app);
    await scene.gate(issue, /^\*\*Plan ready/);
    // The plan that was being made when it was asked to end was kept.
    expect(model.requests.filter(({ role }) => role === "plan")).toHaveLength(1);
    expect(await second.terminate()).toBe(0);
    await verifyDirectory(env.COUNTERSIGN_DATA_DIR);
  },
);

it.runIf(ON_POSTGRES)(
  "two workers and one web process share the work of one delivery",
  { timeout: PATIENCE },
  async () => {
    const scene = await setScene();
    const database = await testDatabase();
    cleanUps.push(database.close);
    const env = { ...scene.env, DATABASE_URL: database.url ?? "" };
    const web = launch(env, ["--role", "web"]);
    const workers = [launch(env, ["--role", "worker"]), launch(env, ["--role", "worker"])];
    scene.github.setWebhookUrl(`${await web.url}/api/github/webhooks`, app);
    await Promise.all(workers.map(({ url }) => url));

    const issue = await toTheEnd(scene);
    expectOneOfEach(scene, issue);
    expect(scene.model.requests.map(({ role }) => role)).toEqual([
      "triage",
      "plan",
      "edits",
      "edits",
      "qa_report",
      "summary",
    ]);
    for (const each of [web, ...workers]) expect(await each.terminate()).toBe(0);
    await expectVerifiedLedger(database.db.sql);
  },
);
