// Looks whether what is green can be merged, makes of it what the deploy gate asks for, and looks after it while that waits.

import type { Ceiling } from "../config/ceiling.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import { isShowing, workOf } from "../delivery/work.ts";
import type { GitHub } from "../github/github.ts";
import { type Clock, instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { type Assessed, assess } from "../shipping/assess.ts";
import { keepReadiness, lookedSince } from "../shipping/kept-readiness.ts";
import { causeOf, isLost, isReady, noteOf, type Readiness } from "../shipping/readiness.ts";
import { loadShip, saveShip } from "../shipping/store.ts";
import { decide } from "../verify/decide.ts";
import { keepProvenance } from "../verify/keep.ts";
import { loadOpened, type Opened } from "../verify/opened.ts";
import type { Handler } from "./handler.ts";
import { pause } from "./pause.ts";

export type AssessDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading" | "shipping" | "self">;
  judgePull: JudgePull;
  ceiling: Ceiling;
  clock: Clock;
  crash: CrashPoint;
  /** Contexts of commit statuses that are ours. */
  ownStatusNames: readonly string[];
}>;

const ACTOR = { kind: "system", id: "assess" } as const;

/** `guards`: the gate is being shown or waits for people, and what it shows must stay true. */
const taskOf = (delivery: Delivery, attempt: number): "assesses" | "guards" | "waits" | null => {
  if (delivery.phase !== "deploy" || delivery.attempt !== attempt) return null;
  const isOpen = delivery.ship !== null && (isShowing(delivery) || delivery.runStatus === "succeeded");
  if (delivery.holds.length > 0) return isOpen ? "waits" : null;
  if (workOf(delivery) === "assess") return "assesses";
  return isOpen ? "guards" : null;
};

type Found = Readonly<{ opened: Opened; all: readonly Assessed[]; readiness: Readiness }>;

/** Everything of it, so that a ship of another content is another one. */
const contentOf = (all: readonly Assessed[]) => ({
  merges: all.flatMap(({ merge }) => merge ?? []),
  deployments: all.flatMap(({ deployment }) => deployment ?? []),
});

export const assessJob =
  (deps: AssessDeps): Handler<"assess"> =>
  async ({ deliveryId, attempt }, { signal }) => {
    const { db, github, clock, crash } = deps;
    const opened = await loadOpened(db.sql, deliveryId);
    const task = opened === null ? null : taskOf(opened.delivery, attempt);
    if (opened === null || task === null) return;
    const again = (seconds: number) =>
      db.transaction((tx) => tx.enqueue("assess", { deliveryId, attempt }, { startAfterSeconds: seconds }));
    if (task === "waits") return again(pause(Number.POSITIVE_INFINITY));

    const { appId } = await github.self();
    const ours = { appIds: [appId], statusNames: deps.ownStatusNames };
    await crash("assess.before.look");
    const all: Assessed[] = [];
    for (const pull of opened.pulls) {
      const { installationId, repoId } = pull;
      const reading = await github.reading(installationId, [repoId], signal);
      const shipping = await github.shipping(installationId, [repoId], signal);
      const ports = { sql: db.sql, judgePull: deps.judgePull, ceiling: deps.ceiling, reading, shipping, ours };
      all.push(await assess(ports, opened, pull, clock()));
    }
    const found: Found = { opened, all, readiness: { pulls: all.map(({ readiness }) => readiness) } };
    await crash("assess.before.commit");
    await commit(deps, task, attempt, found);
    await crash("assess.after.commit");
  };

const commit = ({ db, clock }: AssessDeps, task: "assesses" | "guards", attempt: number, found: Found): Promise<void> =>
  db.transaction(async (tx) => {
    const { opened, all, readiness } = found;
    const { delivery, traceId } = opened;
    const { id: deliveryId } = delivery;
    const now = clock();
    const tell = (event: MachineEvent, key: string) =>
      report(tx, deliveryId, { event, actor: ACTOR, at: instant(now), dedupeKey: `work:assess:${attempt}:${key}` });
    const making = { deliveryId, attempt, traceId, at: now };
    if (task === "assesses") await tell({ type: "effect_started", attempt }, "started");
    const seen = all.map((each) => each.seen);
    const hasNewVerdict = await keepProvenance(tx, opened, seen, now);
    const isNew = await keepReadiness(tx, making, readiness);
    // What became of the pull requests comes first: their readiness then says nothing.
    const { facts } = decide(delivery, seen);
    for (const { event, key } of facts) await tell(event, key);
    if (facts.length > 0) return;

    const content = contentOf(all);
    const isWhole = isReady(readiness) && content.merges.length === all.length;
    if (task === "assesses" && isWhole) {
      const { version, digest } = await saveShip(tx, making, content);
      await tell({ type: "ready_to_ship", attempt, version, digest }, "ready");
      return;
    }
    if (task === "guards") {
      const ship = delivery.ship === null ? null : await loadShip(tx.sql, deliveryId, delivery.ship);
      const isOther =
        isWhole && ship !== null && digestOf({ ...content, version: ship.version }) !== digestOf(ship.content);
      if (isLost(readiness) || isOther) {
        const note = isOther ? "what would be merged is another thing now" : noteOf(readiness);
        await tell({ type: "readiness_lost", cause: isOther ? "merge" : causeOf(readiness), note }, "lost");
        return;
      }
    } else if (isNew) {
      await tell({ type: "not_ready", attempt, note: noteOf(readiness) }, `not_ready:${digestOf(readiness)}`);
    }
    if (isNew || hasNewVerdict) await tx.enqueue("publish", { deliveryId });
    const since = await lookedSince(tx.sql, deliveryId, attempt);
    const waited = since === null ? 0 : Math.floor((now.getTime() - since.getTime()) / 1000);
    await tx.enqueue("assess", { deliveryId, attempt }, { startAfterSeconds: pause(waited) });
  });
