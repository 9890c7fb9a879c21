// A database with deliveries on their way, a GitHub beside it, and a clock that only the test moves.
import { eq } from "drizzle-orm";
import { artifactHash } from "../../../src/artifacts/artifact.ts";
import { DEFAULT_CONFIG } from "../../../src/config/schema.ts";
import type { CrashPoint } from "../../../src/crash-points.ts";
import { neverCrash } from "../../../src/crash-points.ts";
import type { Database } from "../../../src/db/database.ts";
import { artifacts, deliveries } from "../../../src/db/schema.ts";
import { advance } from "../../../src/delivery/advance.ts";
import type { Delivery } from "../../../src/delivery/delivery.ts";
import { loadDelivery, stateColumns } from "../../../src/delivery/store.ts";
import { transition } from "../../../src/delivery/transition.ts";
import type { DeliveryId } from "../../../src/ids.ts";
import type { PublishDeps } from "../../../src/thread/publish.ts";
import { storeDelivery } from "../../support/stored-delivery.ts";
import { type FakeGitHub, fakeGitHub } from "./fake-github.ts";
import { PLAN } from "./world.ts";

export const SNAPSHOT = {
  config: { ...DEFAULT_CONFIG, approvers: { users: ["octocat"], teams: [] } },
  from: { path: ".github/countersign.yml", blob: "0".repeat(40) },
};

export interface Stage {
  readonly db: Database;
  readonly github: FakeGitHub;
  readonly clock: { now: Date };
  readonly deps: (crash?: CrashPoint) => PublishDeps;
  /** The whole machine over whatever waits in the inbox. */
  readonly advance: (id: DeliveryId) => Promise<Delivery>;
}

export const openStage = (db: Database): Stage => {
  const clock = { now: new Date("2026-11-21T10:00:00.400Z") };
  const github = fakeGitHub(() => clock.now);
  return {
    db,
    github,
    clock,
    deps: (crash = neverCrash) => ({
      db,
      github,
      clock: () => clock.now,
      sleep: async (milliseconds) => {
        clock.now = new Date(clock.now.getTime() + milliseconds);
      },
      crash,
      markerKey: "a key of the test",
      pace: "github",
      place: { webUrl: "https://github.com" },
    }),
    advance: async (id) => {
      await advance({ db, clock: () => clock.now, crash: neverCrash, transition, deadlines: () => () => null }, id);
      const stored = await loadDelivery(db, id);
      if (stored === null) throw new Error(`no delivery ${id}`);
      return stored.delivery;
    },
  };
};

let issues = 100;

/** Just labeled. */
export const storeLabeled = (db: Database, state: Partial<Delivery> = {}): Promise<DeliveryId> =>
  storeDelivery(db, { issueNumber: ++issues, snapshot: SNAPSHOT, state });

/** A plan was made and is still to be shown. */
export const storeUnshownPlan = async (db: Database): Promise<DeliveryId> => {
  const state = { phase: "plan", runStatus: "running", attempt: 3, version: 4 } as const;
  const id = await storeDelivery(db, { issueNumber: ++issues, snapshot: SNAPSHOT, state });
  await db.transaction(async ({ sql }) => {
    const plan = { kind: "plan", deliveryId: id, version: 1, content: PLAN } as const;
    const digest = artifactHash(plan);
    await sql.insert(artifacts).values({ ...plan, hash: digest, createdAt: new Date("2026-11-21T09:59:00Z") });
    const stored = await loadDelivery({ sql }, id);
    if (stored === null) throw new Error("the delivery was not stored");
    const unshown = { version: 1, digest, shown: null, approvals: [], approved: false };
    const columns = stateColumns({ ...stored.delivery, plan: unshown });
    await sql.update(deliveries).set(columns).where(eq(deliveries.id, id));
  });
  return id;
};
