// Puts the provenance check on a head that no delivery brought, where the repository asks for it; once a commit.
import type { Ceiling } from "../config/ceiling.ts";
import { CONFIG_PATH } from "../config/schema.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import type { CheckRunDraft, Speaking } from "../github/speaking.ts";
import { PullNumber, TraceId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { repositoryChain } from "../ledger/entry.ts";
import { isRequired, queuedPull } from "../provenance/foreign.ts";
import { hasJudged } from "../provenance/store.ts";
import { claimSlot } from "../thread/limiter.ts";
import { foreignCheck } from "../thread/render/foreign-check.ts";
import { openedBy } from "../webhooks/live-deliveries.ts";
import type { JobData } from "./catalogue.ts";
import type { Handler } from "./handler.ts";

export type VouchDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading" | "speaking">;
  ceiling: Ceiling;
  clock: Clock;
  crash: CrashPoint;
  /** `none` for a server whose limits are off. */
  pace: "github" | "none";
}>;

type Head = JobData<"vouch">;

/** The head is gone, or the permission is: nothing can be said there, and nobody is to be told. */
const isFinal = (error: unknown): boolean =>
  error instanceof GitHubError && !error.transient && error.code !== "unauthorized";

export const vouchJob =
  (deps: VouchDeps): Handler<"vouch"> =>
  async (head, { signal }) => {
    try {
      await vouch(deps, head, signal);
    } catch (error) {
      if (!isFinal(error)) throw error;
    }
  };

async function vouch(deps: VouchDeps, head: Head, signal: AbortSignal): Promise<void> {
  const { installationId, repoId } = head;
  await deps.crash("vouch.before.read_config");
  const reading = await deps.github.reading(installationId, [repoId], signal);
  const file = await reading.file(repoId, CONFIG_PATH, head.defaultBranch);
  if (!isRequired(file?.text ?? null, deps.ceiling)) return;
  // What a delivery's pull request holds was judged: another one from the same commit gets no second word.
  if (await hasJudged(deps.db.sql, repoId, head.head)) return;

  const draft = foreignCheck({ ...head, deliveries: await queued(deps, head) });
  const speaking = await deps.github.speaking(installationId, [repoId], signal);
  await deps.crash("vouch.before.find");
  const found = await speaking.findCheckRun(repoId, head.head, draft.externalId);
  // Red stays red: another pull request from the same commit makes the borrowed name no better.
  if (found !== null && head.as !== "imitation") return;
  if (found !== null) {
    await speaking.updateCheckRun(repoId, found.id, draft);
    return;
  }
  await create(deps, speaking, head, draft);
}

const queued = async ({ db }: VouchDeps, { as, repoId, branch }: Head) => {
  const number = as === "queue" ? queuedPull(branch) : null;
  return number === null ? [] : openedBy(db.sql, repoId, PullNumber.parse(number));
};

async function create(deps: VouchDeps, speaking: Speaking, head: Head, draft: CheckRunDraft): Promise<void> {
  const { installationId, repoId } = head;
  const now = deps.clock();
  const slot =
    deps.pace === "none"
      ? ({ kind: "go" } as const)
      : await deps.db.transaction((tx) => claimSlot(tx, installationId, now, 0));
  if (slot.kind === "later") {
    const startAfterSeconds = Math.ceil(slot.seconds);
    await deps.db.transaction((tx) => tx.enqueue("vouch", head, { startAfterSeconds }));
    return;
  }
  if (head.as === "imitation") await record(deps, head, now);
  await deps.crash("vouch.before.create");
  await speaking.createCheckRun(repoId, draft);
  await deps.crash("vouch.after.create");
}

/** A verdict stands in the ledger before anybody sees it; of a repository's own chain, because no delivery is concerned. */
const record = (deps: VouchDeps, { repoId, head, branch }: Head, at: Date): Promise<unknown> =>
  deps.db.transaction((tx) =>
    append(tx, repositoryChain(repoId), [
      {
        deliveryId: null,
        at: instant(at),
        actor: { kind: "system", id: "provenance" },
        action: "imitation_found",
        entity: { kind: "commit", id: head },
        before: null,
        after: { head, branch },
        note: null,
        traceId: TraceId.parse(digestOf({ repoId, head }).slice(0, 32)),
      },
    ]),
  );
