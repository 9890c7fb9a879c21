// How a story looks at provenance: the check that a head has now, and the verdicts that are on record.
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { ledger, provenance } from "../../src/db/schema.ts";
import { rowOf } from "./reading-back.ts";
import type { World } from "./world.ts";

type Run = ReturnType<World["shop"]["checkRuns"]>[number];

/** The one that GitHub shows: the newest of its name on the commit. */
export const provenanceOf = ({ shop }: World, sha: string): Run | undefined =>
  shop.checkRuns(sha).findLast(({ name, app }) => name === "countersign / provenance" && app?.slug === "countersign");

export const conclusionOf = (world: World, sha: string): string | null => provenanceOf(world, sha)?.conclusion ?? null;

/** `head approved`, `merge unapproved`: in the order in which they were found. */
export async function verdictsOf(world: World, issue: number): Promise<string[]> {
  const { id } = await rowOf(world, issue);
  const rows = await world.database.db.sql
    .select({ kind: provenance.kind, verdict: provenance.verdict })
    .from(provenance)
    .where(eq(provenance.deliveryId, id))
    .orderBy(asc(provenance.id));
  return rows.map(({ kind, verdict }) => `${kind} ${verdict}`);
}

/** What the ledger says of each verdict. */
export async function judgedInLedger(world: World, issue: number): Promise<unknown[]> {
  const { id } = await rowOf(world, issue);
  const rows = await world.database.db.sql
    .select({ after: ledger.after })
    .from(ledger)
    .where(and(eq(ledger.chain, `D-${id}`), eq(ledger.action, "provenance_judged")))
    .orderBy(asc(ledger.seq));
  return rows.map(({ after }) => after);
}

const Annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  annotation_level: z.string(),
  title: z.string(),
});

/** What stands on the lines of a check run's commit. */
export async function annotationsOf({ github }: World, run: number): Promise<z.infer<typeof Annotation>[]> {
  const token = github.tokenFor("github-actions", { checks: "read" });
  const answer = await fetch(`${github.url}/repos/acme/shop/check-runs/${run}/annotations`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return z.array(Annotation).parse(await answer.json());
}
