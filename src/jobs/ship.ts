// Lets the WriteGate merge and deploy what was approved, compares what was merged, and tells the machine how that ended.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import type { GitHub } from "../github/github.ts";
import type { DeliveryId, Sha } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { isApproved, type Judged } from "../provenance/verdict.ts";
import { keepProvenance } from "../verify/keep.ts";
import { loadEverOpened, type OpenedPull } from "../verify/opened.ts";
import type { ShipOutcome, WriteGate } from "../write-gate/index.ts";
import type { Handler } from "./handler.ts";
import { TRIES_FOR_A_WEBHOOK } from "./write.ts";

export type ShipDeps = Readonly<{
  gate: Pick<WriteGate, "merge" | "deploy">;
  db: Database;
  github: Pick<GitHub, "reading">;
  judgePull: JudgePull;
  clock: Clock;
  crash: CrashPoint;
}>;

/** The machine takes no longer notes. */
const NOTE_LENGTH = 2_000;
/** GitHub waits for checks of the merge commit. */
const LOOK_AGAIN_SECONDS = 30;

type Shipped = ShipOutcome["shipped"];

/** Of several repositories people are told what was merged and what was not. */
const standing = (shipped: Shipped): string => {
  const named = (all: Shipped): string => (all.length === 0 ? "none" : all.map(({ pull }) => pull).join(", "));
  const merged = shipped.filter((one) => one.merged !== null);
  const undeployed = merged.filter((one) => one.environment !== null && one.deploymentId === null);
  return [
    shipped.length < 2
      ? ""
      : `Merged: ${named(merged)}. Not merged: ${named(shipped.filter((one) => one.merged === null))}.`,
    undeployed.length === 0 ? "" : `Not deployed: ${named(undeployed)}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
};

const asNote = (what: string, shipped: Shipped): string => {
  const rest = standing(shipped);
  return `${what.slice(0, NOTE_LENGTH - rest.length - 2).replace(/[.\s]+$/, "")}. ${rest}`.trim();
};

/** What was merged cannot be refused any more: people are told what stands. */
const refused = (what: string, { shipped }: ShipOutcome, attempt: number): MachineEvent => {
  const merged = shipped.filter((one) => one.merged !== null).map(({ repoId }) => repoId);
  const note = asNote(what, shipped);
  return merged.length === 0
    ? { type: "merge_refused", attempt, note }
    : { type: "partly_shipped", attempt, merged, note };
};

const done = ({ shipped }: ShipOutcome, attempt: number): MachineEvent => {
  const words = shipped.map(({ pull, merged, environment }) => {
    const where = environment === null ? "" : `, deployment to ${environment} made`;
    return `${pull} is ${merged?.commit.slice(0, 7) ?? "merged"}${where}`;
  });
  return { type: "shipped", attempt, note: words.join("; ").slice(0, NOTE_LENGTH) };
};

type Compared = Readonly<{ pull: OpenedPull; merge: Sha; provenance: Judged | null }>;

const isAmiss = ({ merge, provenance }: Compared): boolean =>
  provenance?.kind !== "merge" || provenance.commit !== merge || !isApproved(provenance);

/**
 * Whatever the method: what the merge changed is held against what people approved, also where an earlier run did it before. Throws
 * while GitHub does not show a merge of which we have the receipt.
 */
const compare = async (
  deps: ShipDeps,
  deliveryId: DeliveryId,
  shipped: Shipped,
  signal: AbortSignal,
): Promise<readonly Compared[]> => {
  const opened = await loadEverOpened(deps.db.sql, deliveryId);
  const compared: Compared[] = [];
  for (const pull of opened?.pulls ?? []) {
    const { installationId, repoId, target, written } = pull;
    const merged = shipped.find((one) => one.repoId === repoId)?.merged ?? null;
    if (merged === null) continue;
    const reading = await deps.github.reading(installationId, [repoId], signal);
    const found = await reading.pull(repoId, written.pullRequest);
    if (found?.merged !== true) throw new Error(`GitHub does not show yet that #${written.pullRequest} is merged`);
    const about = { deliveryId, repoId, target, baseRef: found.baseRef };
    compared.push({ pull, merge: merged.commit, provenance: await deps.judgePull(reading, about, found) });
  }
  if (opened !== null && compared.length > 0) {
    await deps.crash("ship.before.keep_verdict");
    await deps.db.transaction((tx) => keepProvenance(tx, opened, compared, deps.clock()));
    await deps.crash("ship.after.keep_verdict");
  }
  return compared;
};

export const shipJob =
  (deps: ShipDeps): Handler<"ship"> =>
  async ({ deliveryId, attempt }, { tries, signal }) => {
    const tell = async (event: MachineEvent | null): Promise<void> => {
      await deps.crash("ship.before.report");
      await deps.db.transaction(async (tx) => {
        if (event !== null) {
          await report(tx, deliveryId, {
            event,
            actor: { kind: "system", id: "write-gate" },
            at: instant(deps.clock()),
            dedupeKey: `work:ship:${attempt}:${event.type}`,
          });
        }
        // What was merged before a cancel stopped the rest moves nothing, and has to be named all the same.
        await tx.enqueue("publish", { deliveryId });
      });
      await deps.crash("ship.after.report");
    };
    /** Null: it goes on. */
    const stopOf = (outcome: ShipOutcome): "goes_on" | "quiet" | "later" | MachineEvent => {
      const { end } = outcome;
      if (end.kind === "written") return "goes_on";
      if (end.kind === "not_wanted") return "quiet";
      if (end.kind === "later") return "later";
      if (end.kind === "overruled" && tries < TRIES_FOR_A_WEBHOOK) {
        throw new Error(`waiting for the webhook of a command: ${end.note}`);
      }
      return refused(end.note, outcome, attempt);
    };

    const merged = await deps.gate.merge(deliveryId, attempt, signal);
    const stop = stopOf(merged);
    const compared = await compare(deps, deliveryId, merged.shipped, signal);
    if (stop === "quiet") return merged.shipped.length === 0 ? undefined : tell(null);
    const amiss = compared.filter(isAmiss);
    if (amiss.length > 0) {
      const pulls = amiss.map(({ pull }) => `${pull.name}#${pull.written.pullRequest}`).join(", ");
      return tell(refused(`What was merged of ${pulls} is not exactly what was approved`, merged, attempt));
    }
    if (typeof stop === "object") return tell(stop);

    const deployed = await deps.gate.deploy(deliveryId, attempt, signal);
    const after = stopOf(deployed);
    if (after === "quiet") return tell(null);
    if (after === "later") {
      await deps.db.transaction((tx) =>
        tx.enqueue("ship", { deliveryId, attempt }, { startAfterSeconds: LOOK_AGAIN_SECONDS }),
      );
      return;
    }
    return tell(after === "goes_on" ? done(deployed, attempt) : after);
  };
