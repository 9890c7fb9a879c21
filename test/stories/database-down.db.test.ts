// The database is away when GitHub calls: the answer is never 2xx, and the same webhook sent again is heard once.
import postgres from "postgres";
import { afterEach, expect, it } from "vitest";
import type { WebhookMatcher } from "../../demo/github/webhooks.ts";
import type { Opened } from "../../src/db/open.ts";
import { connectPostgres } from "../../src/db/postgres.ts";
import { quiet } from "../support/reading-back.ts";
import { expectOneOfEach, expectVerifiedLedger } from "../support/whole-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const LABEL: WebhookMatcher = { app: "countersign", event: "issues", action: "labeled" };
const COMMENT: WebhookMatcher = { app: "countersign", event: "issue_comment", action: "created" };

/** A database that can be cut off and come back, for statements, transactions and the queue alike. */
function breakable() {
  let isDown = false;
  // Nobody listens there.
  const away = connectPostgres("postgres://nobody@127.0.0.1:9/none");
  const refused = () => new Error("connect ECONNREFUSED 127.0.0.1:9");
  const guarded = <T extends object>(whole: T): T =>
    new Proxy(whole, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => (isDown ? Promise.reject(refused()) : Reflect.apply(value, target, args));
      },
    });
  return {
    between: (opened: Opened): Opened => ({
      ...opened,
      queue: guarded(opened.queue),
      db: {
        get sql() {
          return isDown ? away.drizzle : opened.db.sql;
        },
        transaction: (work) => (isDown ? Promise.reject(refused()) : opened.db.transaction(work)),
      },
    }),
    cut: () => {
      isDown = true;
    },
    /** Jobs that could not be put back are taken for lost when their lease ends: here at once. */
    mend: async ({ database: { db } }: World): Promise<void> => {
      isDown = false;
      await db.sql.execute("update pgboss.job set heartbeat_on = now() - interval '1 hour' where state = 'active'");
    },
  };
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

/** The answers to the newest webhook of a kind, oldest first. */
const answers = (at: World, kind: WebhookMatcher) =>
  at.github.webhooks
    .find(kind)
    .at(-1)
    ?.attempts.map(({ status }) => status);

const sendAgain = (at: World, kind: WebhookMatcher): void => {
  const hook = at.github.webhooks.find(kind).at(-1);
  if (hook === undefined) throw new Error("there was no such webhook");
  at.github.webhooks.replay(hook, "same");
};

it("the label and both approvals come while it is away: 503 each, and each counts once when it is sent again", async () => {
  const database = breakable();
  world = await openWorld({ impatient: true, between: database.between });
  const at = world;
  const { github, shop } = at;

  // It looked for missed webhooks when it started.
  await quiet(at);
  const atFirst = github.requests.length;
  database.cut();
  const issue = at.begin();
  await github.idle();
  expect(answers(at, LABEL)).toEqual([503]);
  expect(await statusOf(`${at.url()}/health`)).toBe(200);
  expect(await statusOf(`${at.url()}/ready`)).toBe(503);
  expect(github.requests.slice(atFirst)).toEqual([]);
  await database.mend(at);
  expect(await statusOf(`${at.url()}/ready`)).toBe(200);
  sendAgain(at, LABEL);
  sendAgain(at, LABEL);
  const plan = await at.gate(issue, /^\*\*Plan ready/);
  expect(answers(at, LABEL)).toEqual([503, 202, 202]);

  let last = plan;
  for (const words of [/^\*\*Patches ready/, null]) {
    await quiet(at);
    database.cut();
    github.as(PEOPLE.approver).comment(issue, `/approve ${last}`);
    await github.idle();
    expect(answers(at, COMMENT)).toEqual([503]);
    expect(github.contentWrites("countersign")).toEqual([]);
    await database.mend(at);
    sendAgain(at, COMMENT);
    sendAgain(at, COMMENT);
    if (words !== null) last = await at.gate(issue, words, last);
    else await at.until(() => shop.pulls()[0], "the pull request");
  }
  const pull = await at.until(() => shop.pulls()[0], "the pull request");
  await at.report(pull.head.sha, "success");
  await at.until(() => /It is over/.test(at.status(issue)), "the end");
  expectOneOfEach(at, issue);
  await expectVerifiedLedger(at.database.db.sql);
});

it("it goes away while GitHub carries out a call, and the work goes on when it is back", async () => {
  const database = breakable();
  world = await openWorld({ impatient: true, between: database.between });
  const at = world;
  const { github, shop } = at;
  const cut = (path: RegExp, after: number) =>
    github.faults.add(
      { app: "countersign", method: "POST", path },
      { kind: "meanwhile", run: database.cut },
      { after },
    );
  const planComment = cut(/\/issues\/\d+\/comments$/, 1);
  const pullRequest = cut(/\/pulls$/, 0);

  const issue = at.begin();
  await at.until(() => planComment.hits === 1, "the plan's comment");
  await github.idle();
  await database.mend(at);
  const plan = await at.gate(issue, /^\*\*Plan ready/);
  await at.say(issue, PEOPLE.approver, `/approve ${plan}`);
  const patches = await at.gate(issue, /^\*\*Patches ready/, plan);
  await at.say(issue, PEOPLE.approver, `/approve ${patches}`);
  const pull = await at.until(() => pullRequest.hits === 1 && shop.pulls()[0], "the pull request");
  await github.idle();
  await database.mend(at);
  await at.until(() => /its checks are watched/.test(at.status(issue)), "the watch");
  await at.report(pull.head.sha, "success");
  await at.until(() => /It is over/.test(at.status(issue)), "the end");
  expectOneOfEach(at, issue);
  await expectVerifiedLedger(at.database.db.sql);
});

it.runIf(process.env["TEST_ENGINE"] === "postgres")(
  "Postgres closes every connection and takes no new ones for a while",
  async () => {
    world = await openWorld();
    const at = world;
    const { github } = at;
    const url = new URL(at.database.url ?? "");
    const name = url.pathname.slice(1);
    const server = postgres(Object.assign(new URL(url), { pathname: "/postgres" }).href, {
      max: 1,
      onnotice: () => {},
    });
    try {
      await server.unsafe(`alter database ${name} allow_connections false`);
      await server`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
      const issue = at.begin();
      await github.idle();
      expect(answers(at, LABEL)?.[0]).toBeGreaterThanOrEqual(500);
      expect(await statusOf(`${at.url()}/ready`)).toBe(503);
      await server.unsafe(`alter database ${name} allow_connections true`);
      sendAgain(at, LABEL);
      await github.idle();
      expect(answers(at, LABEL)?.at(-1)).toBe(202);
      // The same process goes on: it listens, takes jobs and writes again.
      await at.gate(issue, /^\*\*Plan ready/);
    } finally {
      await server.unsafe(`alter database ${name} allow_connections true`);
      await server.end();
    }
  },
);
