// A delivery whose pull requests people merged, with what admission and a `/rollback` leave beside it.
import { ContextPacket } from "../../src/context/packet.ts";
import { savePacket } from "../../src/context/save-packet.ts";
import type { Database } from "../../src/db/database.ts";
import { deliveryRepos } from "../../src/db/schema.ts";
import type { Delivery, Target } from "../../src/delivery/delivery.ts";
import { type CommandId, type DeliveryId, PullNumber, RepoId } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { beginRollback } from "../../src/rollback/begin.ts";
import { REPO, START, shaOf, storeCommand, storeDelivery, storeSource, TRACE } from "../support/stored-delivery.ts";

export const API = RepoId.parse(4712);

/** What a birth and a job read of it. */
const SNAPSHOT = {
  config: {
    max_revisions: 2,
    budget: { tokens: 0, per: {} },
    agent: { max_tokens: 150_000 },
  },
};

const ISSUE = ContextPacket.shape.issue.parse({
  repoId: REPO,
  number: 12,
  title: "The slug loses its last character",
  body: "It does.",
  written: digestOf("It does."),
  author: { id: 9, login: "hubot", role: "triage" },
  labels: [],
  comments: [],
  takenAt: START.toISOString(),
});

export const mergedTarget = (repoId: RepoId, role: Target["role"], pull: number): Target => ({
  repoId,
  role,
  patchSet: null,
  written: { head: shaOf(`head ${pull}`), tree: shaOf(`tree ${pull}`), pullRequest: PullNumber.parse(pull) },
  strayHead: null,
  landed: "merged",
});

export const OVER: Partial<Delivery> = {
  phase: "close",
  runStatus: "succeeded",
  targets: [mergedTarget(REPO, "primary", 40), mergedTarget(API, "secondary", 50)],
};

export const WATCHED: Partial<Delivery> = { ...OVER, phase: "observe", runStatus: "blocked", reason: "rolling_back" };

/** In two repositories. */
export async function storeMerged(
  db: Database,
  state: Partial<Delivery> = OVER,
  issueNumber = 12,
): Promise<DeliveryId> {
  await storeSource(db, API, "api");
  const id = await storeDelivery(db, { state, issueNumber, snapshot: SNAPSHOT });
  await db.transaction(async (tx) => {
    await tx.sql.insert(deliveryRepos).values({
      deliveryId: id,
      repoId: API,
      installationId: 777,
      owner: "acme",
      name: "api",
      visibility: "private",
      role: "secondary",
      baseBranch: "main",
      baseSha: shaOf("base of api"),
      position: 1,
      pullNumber: 50,
    });
    const packet = { issue: ISSUE, plan: null, feedback: [], repositories: [] };
    await savePacket(tx, { deliveryId: id, traceId: TRACE, at: START, packet });
  });
  return id;
}

let comments = 9_000;
export const sayRollback = (db: Database, id: DeliveryId): Promise<CommandId> =>
  storeCommand(db, id, "rollback", ++comments);

export const begin = (db: Database, id: DeliveryId, command: CommandId): Promise<DeliveryId | null> =>
  db.transaction((tx) => beginRollback(tx, id, command, () => () => null, START));
