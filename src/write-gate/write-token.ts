// The one place where a token that can write contents comes to be: one repository, one job, revoked when that ends.
import { setTimeout as pause } from "node:timers/promises";
import type { CrashPoint } from "../crash-points.ts";
import type { Connection } from "../github/connection.ts";
import { mint, type Permissions, revoke, type Token } from "../github/tokens.ts";
import { orRefuse } from "./outcome.ts";
import type { PermitFacts } from "./permit-facts.ts";

/** Just what each use needs: GitHub asks for contents to merge, and a deployment is nobody's content. */
const PERMISSIONS: Readonly<Record<PermitFacts["subjectKind"], Permissions>> = {
  patchset: { contents: "write", metadata: "read", pull_requests: "write" },
  merge: { contents: "write", metadata: "read", pull_requests: "read" },
  deployment: { deployments: "write", metadata: "read" },
};

const REVOCATIONS = 3;
const BETWEEN_MS = 500;

export type WriteTokenDeps = Readonly<{
  connection: Connection;
  crash: CrashPoint;
  /** A token could not be revoked: GitHub ends it within the hour by itself. Told without the token. */
  onLeftOver: (where: Pick<PermitFacts, "deliveryId" | "repoId">, error: unknown) => void;
}>;

const end = async (
  { connection, onLeftOver }: WriteTokenDeps,
  { deliveryId, repoId }: PermitFacts,
  token: Token,
): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await revoke(connection, token);
    } catch (error) {
      if (tries >= REVOCATIONS) return onLeftOver({ deliveryId, repoId }, error);
      await pause(BETWEEN_MS);
    }
  }
};

/**
 * Lends a token for each permit to `work` and revokes all of them afterwards, whatever happened. Throws WriteStop when
 * GitHub gives too much or too little.
 */
export const withWriteTokens = async <T>(
  deps: WriteTokenDeps,
  permits: readonly PermitFacts[],
  signal: AbortSignal | undefined,
  work: (tokens: readonly Token[]) => Promise<T>,
): Promise<T> => {
  const lent: { facts: PermitFacts; token: Token }[] = [];
  try {
    for (const facts of permits) {
      const { installationId: installation, repoId } = facts;
      await deps.crash("write.before.mint");
      const asked = { installation, permissions: PERMISSIONS[facts.subjectKind], repos: [repoId] };
      const token = await orRefuse("not_writable", repoId, mint(deps.connection, asked, signal));
      lent.push({ facts, token });
      await deps.crash("write.after.mint");
    }
    return await work(lent.map(({ token }) => token));
  } finally {
    await Promise.all(lent.map(({ facts, token }) => end(deps, facts, token)));
  }
};
