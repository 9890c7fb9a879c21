// Takes the present head of a branch as the base where the old base is no longer part of it: nobody could write onto that.
import { and, eq } from "drizzle-orm";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { deliveryRepos } from "../db/schema.ts";
import type { GitHub } from "../github/github.ts";
import { type DeliveryId, deliveryName, type InstallationId, type RepoId, type Sha, type TraceId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";

export type RenewBaseDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading">;
  clock: Clock;
  crash: CrashPoint;
}>;

export type BasedOn = Readonly<{
  deliveryId: DeliveryId;
  traceId: TraceId;
  repo: Readonly<{ repoId: RepoId; installationId: InstallationId; baseBranch: string; baseSha: Sha }>;
}>;

/**
 * For patches that are still to be made. A base that only moved on stays: what is written onto it merges. Throws
 * GitHubError.
 */
export async function renewBase(deps: RenewBaseDeps, based: BasedOn, signal: AbortSignal): Promise<void> {
  const { deliveryId, traceId, repo } = based;
  const { repoId, installationId, baseBranch, baseSha } = repo;
  await deps.crash("base.before.read");
  const reading = await deps.github.reading(installationId, [repoId], signal);
  const head = await reading.branchHead(repoId, baseBranch);
  if (head === null || head === baseSha) return;
  const relation = await reading.compare(repoId, baseSha, head);
  if (relation === "ahead" || relation === "identical") return;

  await deps.crash("base.before.commit");
  await deps.db.transaction(async (tx) => {
    const taken = await tx.sql
      .update(deliveryRepos)
      .set({ baseSha: head })
      .where(
        and(
          eq(deliveryRepos.deliveryId, deliveryId),
          eq(deliveryRepos.repoId, repoId),
          eq(deliveryRepos.baseSha, baseSha),
        ),
      )
      .returning({ repoId: deliveryRepos.repoId });
    if (taken.length === 0) return;
    await append(tx, deliveryName(deliveryId), [
      {
        deliveryId,
        at: instant(deps.clock()),
        actor: { kind: "system", id: "context" },
        action: "base_taken",
        entity: { kind: "repository", id: String(repoId) },
        before: { branch: baseBranch, sha: baseSha },
        after: { branch: baseBranch, sha: head },
        note: null,
        traceId,
      },
    ]);
  });
}
