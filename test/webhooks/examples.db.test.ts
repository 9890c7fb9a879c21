// Every payload that GitHub's own examples have of the events that reach the app, from its signature to what came of it.
import { createHmac, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { PullNumber, RepoId, WebhookGuid } from "../../src/ids.ts";
import { toDomainEvent } from "../../src/webhooks/events.ts";
import { webhookListener } from "../../src/webhooks/receive.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { addressedTo, DEFINITIONS, type Example, examplesOf, NO_ACTION, SENT } from "./examples/examples.ts";
import { PLACED, type Placed } from "./examples/placed.ts";
import * as sample from "./samples.ts";
import { createScene, type Scene } from "./scene.ts";
import { shaOf } from "./world.ts";

const SECRET = "a secret";
const NUMBER = 12;
const PULL = 57;
const HEAD = shaOf("written");

let database: TestDatabase;
let server: Server;
let url: string;
let scene: Scene;
beforeAll(async () => {
  database = await testDatabase();
  const listener = webhookListener({
    secrets: [SECRET],
    db: database.db,
    clock: () => new Date("2026-11-21T10:00:01Z"),
    onReceived: () => {},
    crash: () => {},
    log: { warn: () => {}, error: () => {} },
  });
  server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;

  // A live delivery at an open deploy gate, which whatever happens to its pull request could concern.
  scene = createScene(database);
  const written = { head: HEAD, tree: shaOf("tree"), pullRequest: PullNumber.parse(PULL) };
  const target = {
    repoId: RepoId.parse(sample.REPO),
    role: "primary",
    patchSet: null,
    written,
    strayHead: null,
    landed: "no",
  } as const;
  await scene.admit(NUMBER, { phase: "deploy", runStatus: "running", targets: [target] }, { pull: PULL, head: HEAD });
  scene.world.pull(PULL, { headSha: HEAD });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});
beforeEach(() => void scene.world.calls.splice(0));

/** As GitHub posts it; answers what intake made of it. */
const deliver = async (event: string, payload: sample.Json): Promise<string | null> => {
  const body = JSON.stringify(payload);
  const guid = WebhookGuid.parse(randomUUID());
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": guid,
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
  });
  expect(answer.status).toBe(202);
  await scene.run(guid);
  return scene.outcome(guid);
};

const Rows = z.array(z.record(z.string(), z.unknown()));
const rows = async (query: string): Promise<z.infer<typeof Rows>> => {
  const result: unknown = await database.db.sql.execute(raw.raw(query));
  return Rows.parse(Array.isArray(result) ? result : Reflect.get(Object(result), "rows"));
};

/** Every row of every table of ours but the receipts, and the jobs that are not intake's. */
const everything = async (): Promise<unknown> => {
  const tables = await rows(
    "select tablename from pg_tables where schemaname = 'public' and tablename <> 'webhooks' order by 1",
  );
  const digests = tables.map(
    ({ tablename }) =>
      `(select '${tablename}' as name, md5(string_agg(t::text, ',' order by t::text)) as state from "${tablename}" t)`,
  );
  const jobs = "(select 'jobs ' || name, count(*)::text from pgboss.job where name <> 'intake' group by name)";
  return rows(`${[...digests, jobs].join(" union all ")} order by 1`);
};

const all = SENT.flatMap(examplesOf);
const title = ({ event, action }: Example): string => `${event}.${action}`;
const placed = ({ event, action }: Example) => PLACED[event]?.[action];

describe("the table", () => {
  it("has every event and action that reaches the app, and no other", () => {
    const known = SENT.flatMap((event) => {
      const actions = DEFINITIONS.find(({ name }) => name === event)?.actions ?? [];
      const names =
        actions.length === 0
          ? [NO_ACTION]
          : [...new Set([...actions, ...examplesOf(event).map(({ action }) => action)])];
      return names.map((action) => `${event}.${action}`);
    });
    const told = Object.entries(PLACED).flatMap(([event, actions]) =>
      Object.keys(actions).map((action) => `${event}.${action}`),
    );
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  it("names stories that are there", () => {
    const stories = Object.values(PLACED).flatMap((actions) =>
      Object.values(actions).flatMap((one) => (one === "inert" ? [] : [one.story])),
    );
    expect(stories.filter((story) => !existsSync(story))).toEqual([]);
  });
});

describe("what matters", () => {
  it.each(all.filter((one) => placed(one) !== "inert").map((one, at) => [`${title(one)}, ${at}`, one] as const))(
    "%s is understood",
    async (_, example) => {
      const place = placed(example);
      if (place === undefined || place === "inert") throw new Error("not placed");
      const { event, action, payload } = example;
      const mapped = toDomainEvent({ event, action: action === NO_ACTION ? null : action, payload }, sample.SELF);
      const isExcepted = place.unless !== undefined && mapped.kind === "ignored" && mapped.reason === "not_of_interest";
      if (!isExcepted) expect(place.kinds).toContain(mapped.kind);
      // Of a repository that we know nothing of: it is looked at, and nobody is concerned.
      const outcome = await deliver(event, payload);
      expect(outcome).not.toBeNull();
      if (!isExcepted) expect(outcome).not.toMatch(/^ignored|^given_up/);
    },
  );
});

describe("what is inert", () => {
  it.each(all.filter((one) => placed(one) === "inert").map((one, at) => [`${title(one)}, ${at}`, one] as const))(
    "%s leaves a receipt and nothing else, also where it is about a live delivery",
    async (_, { event, payload }) => {
      const { id } = scene.world.issue(NUMBER);
      const before = await everything();
      const about = { issue: { id, number: NUMBER }, pull: PULL, head: HEAD };
      expect(await deliver(event, addressedTo(about, payload))).toBe("ignored not_of_interest");
      expect(await everything()).toEqual(before);
      expect(scene.world.calls).toEqual([]);
    },
  );

  it("every event that the app is not sent is nothing to it, should it come all the same", () => {
    const others = DEFINITIONS.filter(({ name }) => !SENT.includes(name));
    const kinds = others.flatMap(({ name, examples }) =>
      examples.map((payload) => {
        const action = typeof payload["action"] === "string" ? payload["action"] : null;
        return JSON.stringify(toDomainEvent({ event: name, action, payload }, sample.SELF));
      }),
    );
    expect(kinds.length).toBeGreaterThan(50);
    expect(new Set(kinds)).toEqual(new Set(['{"kind":"ignored","reason":"not_of_interest"}']));
  });
});

it("what changes whether a pull request can be merged wakes whoever looks after that", async () => {
  const about = { issue: { id: scene.world.issue(NUMBER).id, number: NUMBER }, pull: PULL, head: HEAD };
  const kinds: readonly string[] = ["pull_reviewed", "pull_draft_changed"];
  const wakes = (place: Placed | undefined): boolean =>
    place !== undefined && place !== "inert" && place.kinds.some((kind) => kinds.includes(kind));
  const waking = all.filter((one) => wakes(placed(one)));
  expect(waking.length).toBeGreaterThan(2);
  for (const one of waking) {
    await database.jobs.take("assess");
    expect(await deliver(one.event, addressedTo(about, one.payload))).toMatch(/^woke D-/);
    expect(await database.jobs.take("assess")).toHaveLength(1);
  }
});
