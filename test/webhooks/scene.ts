// Intake as it runs: webhooks are stored as the listener stores them, then the jobs run over a real database.
import { randomUUID } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { sayRefusal } from "../../src/admission/say-refusal.ts";
import type { ButtonClicked, CommentSpoken } from "../../src/commands/handle.ts";
import type { ReviewSubmitted } from "../../src/commands/read-review.ts";
import { NO_CEILING } from "../../src/config/ceiling.ts";
import type { CrashPoint } from "../../src/crash-points.ts";
import { deliveries, deliveryRepos, inbox, installations, ledger, sources, webhooks } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { report } from "../../src/delivery/inbox.ts";
import { loadDelivery, lockDelivery, saveDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { DeliveryId, Digest, type Sha, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { type IntakeJobDeps, intakeJob } from "../../src/jobs/intake.ts";
import { storeWebhook } from "../../src/webhooks/store.ts";
import type { TestDatabase } from "../support/database.ts";
import { type Json, labeled } from "./samples.ts";
import { createWorld, shaOf, type World } from "./world.ts";

const DIGEST = Digest.parse("d".repeat(64));

export class Killed extends Error {}

export type Scene = ReturnType<typeof createScene>;

/** `database` may be shared: issues, repositories and installations of different numbers do not meet. */
export function createScene(database: TestDatabase, world: World = createWorld()) {
  const { db, jobs } = database;
  const clock = () => new Date("2026-11-21T10:00:03.000Z");
  const comments: CommentSpoken[] = [];
  const buttons: ButtonClicked[] = [];
  const reviews: ReviewSubmitted[] = [];
  const errors: unknown[] = [];
  const scene = {
    world,
    comments,
    buttons,
    reviews,
    errors,
    crash: (() => {}) as CrashPoint,
    installationLimit: 100,

    /** As the listener leaves it. A GUID of its own unless one is given. */
    receive: async (event: string, payload: Json, guid: string = randomUUID()): Promise<WebhookGuid> => {
      const action = typeof payload["action"] === "string" ? payload["action"] : null;
      const parsed = WebhookGuid.parse(guid);
      await storeWebhook({ db, clock, crash: () => {} }, { guid: parsed, event, action, payload });
      return parsed;
    },

    deps: (): IntakeJobDeps => ({
      db,
      clock,
      crash: (name) => scene.crash(name),
      github: world,
      ceiling: NO_CEILING,
      installationLimit: scene.installationLimit,
      judgePull: async (_port, { target }, pull) => {
        world.calls.push("judge");
        const about = { commits: [], complete: true, people: [] };
        const compared = { base: shaOf("base"), tree: shaOf("tree") };
        const by = { kind: "patchset", digest: DIGEST, head: target.written?.head ?? null } as const;
        const isOurs = pull.headSha === target.written?.head;
        const kind = pull.merged ? "merge" : "head";
        return isOurs
          ? { kind, commit: pull.headSha, verdict: { kind: "approved", by, ...compared }, ...about }
          : {
              kind,
              commit: pull.headSha,
              verdict: { kind: "unapproved", differences: [], count: 1, ...compared },
              ...about,
            };
      },
      ownStatusNames: [],
      sayRefusal: sayRefusal({
        speaking: world.speaking,
        render: (refusal, key) => ({ body: `${refusal.code}\n<!-- ${key} -->`, marker: `<!-- ${key} -->` }),
        pace: () => Promise.resolve(),
        crash: (name) => scene.crash(name),
      }),
      handleComment: async (input) => void comments.push(input),
      handleButton: async (input) => void buttons.push(input),
      handleReview: async (input) => void reviews.push(input),
      log: { error: (fields: unknown) => void errors.push(fields) },
    }),

    /** One run of the job; throws what it throws. */
    run: (guid: WebhookGuid, lastTry = false) =>
      intakeJob(scene.deps())({ guid }, { tries: 1, lastTry, signal: new AbortController().signal }),

    /** Drains every inbox that waits. */
    settle: () =>
      jobs.run("advance", ({ deliveryId }) =>
        advance({ db, clock, crash: () => {}, transition, deadlines: () => () => null }, deliveryId),
      ),

    /** An admitted delivery of an issue that exists in the world, moved to the state that is given. */
    admit: async (number: number, change: Partial<Delivery> = {}, written?: Readonly<{ pull: number; head: Sha }>) => {
      const { id: issueId } = world.issue(number);
      const outcome = await scene.tell("issues", labeled({}, { id: issueId, number }));
      const id = DeliveryId.parse(Number(/^admitted D-(\d+)$/.exec(outcome ?? "")?.[1]));
      await db.transaction(async (tx) => {
        const stored = await lockDelivery(tx, id);
        if (stored === null) throw new Error("not there");
        const { delivery, deadline } = stored;
        await saveDelivery(
          tx,
          { ...delivery, ...change, version: delivery.version + 1 },
          delivery.version,
          deadline,
          clock(),
        );
        if (written === undefined) return;
        await tx.sql
          .update(deliveryRepos)
          .set({ pullNumber: written.pull, headSha: written.head })
          .where(eq(deliveryRepos.deliveryId, id));
      });
      return id;
    },

    /** Types of the events that a delivery was told, in order. */
    told: async (id: DeliveryId): Promise<string[]> =>
      (await scene.inboxOf(id)).map(({ recorded }) => String(Object(recorded).event.type)),

    /** Ends a delivery, as the machine ends it. */
    end: async (id: DeliveryId): Promise<void> => {
      await db.transaction((tx) =>
        report(tx, id, {
          event: { type: "source_gone", note: "" },
          actor: { kind: "system", id: "test" },
          at: instant(clock()),
          dedupeKey: "end",
        }),
      );
      await scene.settle();
    },

    /** A webhook from its arrival to the state that it leads to; answers what it was processed as. */
    tell: async (event: string, payload: Json, guid?: string): Promise<string | null> => {
      const stored = await scene.receive(event, payload, guid);
      await scene.run(stored);
      await scene.settle();
      return scene.outcome(stored);
    },

    outcome: async (guid: WebhookGuid): Promise<string | null> =>
      (await db.sql.select().from(webhooks).where(eq(webhooks.guid, guid)))[0]?.outcome ?? null,

    deliveriesOf: (issueNumber: number) =>
      db.sql.select().from(deliveries).where(eq(deliveries.issueNumber, issueNumber)).orderBy(asc(deliveries.id)),

    delivery: async (id: DeliveryId): Promise<Delivery> => {
      const stored = await loadDelivery(db, id);
      if (stored === null) throw new Error(`no delivery ${id}`);
      return stored.delivery;
    },

    inboxOf: (id: DeliveryId) => db.sql.select().from(inbox).where(eq(inbox.deliveryId, id)).orderBy(asc(inbox.id)),
    chain: (chain: string) => db.sql.select().from(ledger).where(eq(ledger.chain, chain)).orderBy(asc(ledger.seq)),
    source: async (repoId: number) => (await db.sql.select().from(sources).where(eq(sources.repoId, repoId)))[0],
    installation: async (id: number) => (await db.sql.select().from(installations).where(eq(installations.id, id)))[0],
  };
  return scene;
}

/** Names of the crash points that `work` passes, in order, each with how often it was passed before. */
export async function crashPointsOf(scene: Scene, work: () => Promise<unknown>): Promise<number> {
  let passed = 0;
  scene.crash = () => void passed++;
  await work();
  scene.crash = () => {};
  return passed;
}

/** Dies at the nth crash point from now on, and at no other. */
export function dieAt(scene: Scene, nth: number): void {
  let passed = 0;
  scene.crash = (name) => {
    if (passed++ === nth) throw new Killed(name);
  };
}
