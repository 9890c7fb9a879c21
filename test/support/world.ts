// A whole world for a story: the local GitHub, a scripted model and the real app on a real database, in one process.

import type { BreakerRules } from "../../src/agent/breaker/breaker.ts";
import { type App, startApp } from "../../src/app.ts";
import { NO_CEILING } from "../../src/config/ceiling.ts";
import { type CrashPoint, neverCrash } from "../../src/crash-points.ts";
import type { Opened } from "../../src/db/open.ts";
import { parseEnv, secretValues } from "../../src/env.ts";
import { createLog } from "../../src/ops/log.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { openScene, type Scene, type SceneOptions } from "./scene.ts";

export { PEOPLE } from "./scene.ts";

export type WorldOptions = SceneOptions &
  Readonly<{
    /** Tries again at once, whatever the queue's pauses are. */
    impatient?: boolean;
    crash?: CrashPoint;
    clock?: () => Date;
    /** On top of the scene's. */
    env?: Readonly<Record<string, string>>;
    /** One model call, in milliseconds; the app's own where it is not given. */
    modelTimeoutMs?: number;
    /** Instead of the circuit breaker's own rules. */
    breaker?: Partial<BreakerRules>;
    /** Puts something between the app and its database. */
    between?: (opened: Opened) => Opened;
  }>;

export interface World extends Omit<Scene, "closeScene"> {
  readonly database: TestDatabase;
  readonly log: readonly string[];
  /** Where the app listens now. */
  readonly url: () => string;
  /** Stops the app as a deploy would, and starts it again on the same database. */
  readonly restart: (crash?: CrashPoint) => Promise<void>;
  readonly stopApp: () => Promise<void>;
  readonly startApp: (crash?: CrashPoint) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const database = await testDatabase();
  const log: string[] = [];
  const { closeScene, ...scene } = await openScene(options, () => log.slice(-25).join(""));
  const { github } = scene;
  const clock = options.clock ?? (() => new Date());
  let app: App | null = null;

  const start = async (crash: CrashPoint = neverCrash): Promise<void> => {
    const env = parseEnv({ ...scene.env, ...options.env, PORT: "0", LOG_LEVEL: "debug" });
    if (!env.ok || env.value.app === null) throw new Error(env.ok ? "no credentials" : env.error.join("\n"));
    const redactor = createRedactor(secretValues(env.value));
    app = await startApp({
      env: { ...env.value, app: env.value.app },
      opened: options.between?.(database.opened) ?? database.opened,
      role: "both",
      ceiling: NO_CEILING,
      clock,
      crash,
      log: createLog("debug", redactor, (line) => log.push(line)),
      redactor,
      pollSeconds: 0.2,
      ...(options.breaker === undefined ? {} : { breaker: options.breaker }),
      ...(options.modelTimeoutMs === undefined ? {} : { modelTimeoutMs: options.modelTimeoutMs }),
    });
    github.setWebhookUrl(`http://127.0.0.1:${app.port}/api/github/webhooks`, "countersign");
  };
  const stop = async (): Promise<void> => {
    const running = app;
    app = null;
    await running?.stop(5);
  };

  await start(options.crash);
  const calm = options.impatient === true ? hurry(database) : async () => {};

  return {
    ...scene,
    database,
    log,
    url: () => `http://127.0.0.1:${app?.port ?? 0}`,
    restart: async (crash) => {
      await stop();
      await start(crash);
    },
    stopApp: stop,
    startApp: start,
    close: async () => {
      await github.idle();
      await calm();
      await stop();
      await closeScene();
      await database.close();
    },
  };
}

/**
 * Dies at every `every`th new crash point that it comes to, from the `first` on. `met` has all names in order, `died` those it
 * died at. Tries of a job are counted, so not every point of one job can be died at in one story.
 */
export function dieOnce(
  first: number,
  every: number,
): Readonly<{ crash: CrashPoint; met: readonly string[]; died: readonly string[] }> {
  const met: string[] = [];
  const died: string[] = [];
  return {
    met,
    died,
    crash: (name) => {
      if (met.includes(name)) return;
      met.push(name);
      if ((met.length - 1 - first) % every !== 0) return;
      died.push(name);
      throw new Error(`died at ${name}`);
    },
  };
}

/** Retries wait for nobody here: the pauses between tries are the queue's own matter, and tested there. */
export function hurry(database: TestDatabase): () => Promise<void> {
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(() =>
      database.db.sql
        .execute("update pgboss.job set start_after = now() where state = 'retry' and start_after > now()")
        .then(
          () => {},
          () => {},
        ),
    );
  }, 250);
  return async () => {
    clearInterval(timer);
    await last;
  };
}
