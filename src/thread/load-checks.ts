// What the checks of the pull requests said when they were last judged: the evidence of gate G4.
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { type DeliveryId, RepoId } from "../ids.ts";
import { Reworded } from "../verify/reworded.ts";
import type { CheckView, DeliveryView } from "./delivery-view.ts";

const newestG4 = async (sql: Sql, id: DeliveryId): Promise<Readonly<{ evidence: unknown; attempt: number }> | null> => {
  const [row] = await sql
    .select({ evidence: gates.evidence, attempt: gates.attempt })
    .from(gates)
    .where(and(eq(gates.deliveryId, id), eq(gates.gate, "G4")))
    .orderBy(desc(gates.id))
    .limit(1);
  return row ?? null;
};

/** The evidence of the newest look; undefined before the first. */
export async function judgedG4(sql: Sql, { id, phase, runStatus, attempt }: Delivery): Promise<unknown> {
  const newest = await newestG4(sql, id);
  // What was said of the commit before is not true of the one that was written since.
  const isToLook = phase === "verify" && (runStatus === "pending" || runStatus === "running");
  return isToLook && newest?.attempt !== attempt ? undefined : newest?.evidence;
}

const Check = z.object({
  name: z.string(),
  meaning: z.enum(["passed", "no_opinion", "failed", "waiting", "held"]),
  said: z.string(),
  url: z.string().nullable(),
  reruns: z.number().optional(),
});
const Judged = z.object({
  pulls: z.array(
    z.object({ repoId: RepoId.nullish(), counted: z.array(Check), missing: z.array(z.string()).default([]) }),
  ),
});

const missingCheck = (name: string) => ({ name, meaning: "waiting", said: "missing", url: null }) as const;

const Odds = z.object({
  pulls: z.array(
    z.object({ repoId: RepoId, draft: z.boolean().optional(), reworded: z.array(Reworded).readonly().default([]) }),
  ),
});

/** Repositories whose pull request was a draft when it was last looked at, and what of each one's words was not as approved. */
export async function loadOdds(sql: Sql, id: DeliveryId): Promise<Pick<DeliveryView, "drafts" | "reworded">> {
  const { pulls } = Odds.safeParse((await newestG4(sql, id))?.evidence).data ?? { pulls: [] };
  return {
    drafts: pulls.flatMap(({ repoId, draft }) => (draft === true ? [repoId] : [])),
    reworded: pulls.flatMap(({ repoId, reworded }) => (reworded.length > 0 ? [{ repoId, what: reworded }] : [])),
  };
}

/** Null also where the evidence is of a shape that is not known: then nothing is said about checks. */
export async function loadChecks(sql: Sql, state: Delivery): Promise<readonly CheckView[] | null> {
  const judged = Judged.safeParse(await judgedG4(sql, state));
  return judged.success
    ? judged.data.pulls.flatMap(({ repoId, counted, missing }) =>
        [...counted, ...missing.map(missingCheck)].map((one) => ({ ...one, repoId: repoId ?? null })),
      )
    : null;
}
