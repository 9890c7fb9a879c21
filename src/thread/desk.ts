// What putting one thing on GitHub needs: the doors, our memory of what is there, and the pace.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { GitHub } from "../github/github.ts";
import type { Speaking } from "../github/speaking.ts";
import { type CommentId, type DeliveryId, deliveryName, type IssueNumber, type RepoId } from "../ids.ts";
import { type Clock, type Instant, instant } from "../instant.ts";
import type { DeliveryView, Place } from "./delivery-view.ts";
import { claimSlot } from "./limiter.ts";
import { markerOf } from "./marker.ts";
import {
  forget,
  intend,
  keepReceipt,
  loadRows,
  type PublicationKind,
  type PublicationRow,
  type Receipt,
} from "./publication-rows.ts";
import { issueUrl } from "./words/links.ts";

export type PublishDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "speaking">;
  clock: Clock;
  /** Resolves after so many milliseconds, rejects when the signal is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  crash: CrashPoint;
  /** Keys the hidden markers; the same for all processes. With another one, comments without a receipt are not found again. */
  markerKey: string;
  /** `none` for a server whose limits are off. */
  pace: "github" | "none";
  place: Place;
}>;

/** A wait for the pace that is worth keeping a worker for, in seconds; longer ones are waited for in the queue. */
const PATIENCE = 5;

/**
 * What became of putting something: it stands there as it should (`fresh`: as a comment that is new and was never edited); the
 * pace does not allow it before so many seconds; or GitHub does not let us.
 */
export type Put =
  | Readonly<{ kind: "stands"; id: number; at: Instant; fresh: boolean }>
  | Readonly<{ kind: "later"; seconds: number }>
  | Readonly<{ kind: "forbidden" }>;

export interface Desk {
  readonly deliveryId: DeliveryId;
  readonly deps: PublishDeps;
  readonly rows: ReadonlyMap<string, PublicationRow>;
  readonly speaking: (repo: RepoId) => Promise<Speaking>;
  readonly marker: (key: string) => string;
  /** Where a comment is that was found by its marker. */
  readonly commentUrl: (repo: RepoId, issue: IssueNumber, id: CommentId) => string;
  /** `made`: nothing can be on GitHub under this key yet. */
  readonly intend: (key: string, kind: PublicationKind, repoId: RepoId) => Promise<"made" | "there">;
  readonly receive: (key: string, receipt: Receipt) => Promise<void>;
  /** Any other change of our memory, and the rows read again after it. */
  readonly remember: Database["transaction"];
  /** Null when the call may go out now, else the seconds to wait in the queue. Waits short times itself. */
  readonly slot: (repo: RepoId) => Promise<number | null>;
  /** A crash point, and the end when the job is not ours any more. */
  readonly step: (name: string) => Promise<void>;
}

export const openDesk = async (deps: PublishDeps, view: DeliveryView, signal: AbortSignal): Promise<Desk> => {
  const { db } = deps;
  const deliveryId = view.id;
  const rows = new Map<string, PublicationRow>();
  const reload = async () => {
    rows.clear();
    for (const row of await loadRows(db, deliveryId)) rows.set(row.key, row);
  };
  await reload();

  const repository = (repo: RepoId) => {
    const found = view.repositories.find(({ repoId }) => repoId === repo);
    if (found === undefined) throw new Error(`repository ${repo} takes no part in ${deliveryName(deliveryId)}`);
    return found;
  };
  const doors = new Map<RepoId, Promise<Speaking>>();
  // One for each repository: GitHub gives no token for several where it gives none for one of them.
  const speaking = (repo: RepoId): Promise<Speaking> => {
    const door = doors.get(repo) ?? deps.github.speaking(repository(repo).installationId, [repo], signal);
    doors.set(repo, door);
    return door;
  };
  const step = async (name: string) => {
    await deps.crash(`publish.${name}`);
    signal.throwIfAborted();
  };
  const remember: Desk["remember"] = async (change) => {
    const answer = await db.transaction(change);
    await reload();
    return answer;
  };

  return {
    deliveryId,
    deps,
    rows,
    speaking,
    step,
    remember,
    commentUrl: (repo, issue, id) => `${issueUrl(deps.place, repository(repo).name, issue)}#issuecomment-${id}`,
    marker: (key) => markerOf(deps.markerKey, view.traceId, key),
    intend: async (key, kind, repoId) => {
      await step("before.intent");
      const made = await db.transaction((tx) => intend(tx, deliveryId, { key, kind, repoId }));
      await reload();
      await step("after.intent");
      return made;
    },
    receive: async (key, receipt) => {
      await step("before.receipt");
      await db.transaction((tx) => keepReceipt(tx, deliveryId, key, receipt));
      await reload();
      await step("after.receipt");
    },
    slot: async (repo) => {
      if (deps.pace === "none") return null;
      const at = deps.clock();
      await step("before.slot");
      const slot = await db.transaction((tx) => claimSlot(tx, repository(repo).installationId, at, PATIENCE));
      if (slot.kind === "later") return Math.ceil(slot.seconds);
      if (slot.seconds > 0) await deps.sleep(slot.seconds * 1000, signal);
      return null;
    },
  };
};

export const now = ({ deps }: Desk): Instant => instant(deps.clock());

/** It is not there, and its time is over. */
export const giveUp = async (desk: Desk, key: string): Promise<Put> => {
  await desk.remember((tx) => forget(tx, desk.deliveryId, key));
  return { kind: "stands", id: 0, at: now(desk), fresh: false };
};
