// What a story reads back beside the thread: the delivery's row, its ledger and its commands, once nothing is left to be done.
import { and, asc, desc, eq, lte, or, sql as raw } from "drizzle-orm";
import { expect } from "vitest";
import type { RepositoryView } from "../../demo/github/look.ts";
import { approvals, deliveries, ledger, webhooks, writes } from "../../src/db/schema.ts";
import { jobTable } from "../../src/jobs/job-table.ts";
import type { World } from "./world.ts";

type Comment = ReturnType<RepositoryView["comments"]>[number];
export type Row = typeof deliveries.$inferSelect;

const LOOK_AGAIN_MS = 20;
/** Jobs that are due later than this are polls and deadlines: nobody waits for them. */
const SOON = raw`now() + interval '2 seconds'`;

/** Resolves when no webhook is on its way and no job runs, waits or is to be tried again. */
export async function quiet({ github, database: { db } }: World): Promise<void> {
  for (;;) {
    await github.idle();
    const [busy] = await db.sql
      .select({ id: jobTable.id })
      .from(jobTable)
      .where(
        or(
          eq(jobTable.state, "active"),
          eq(jobTable.state, "retry"),
          and(eq(jobTable.state, "created"), lte(jobTable.startAfter, SOON)),
        ),
      )
      .limit(1);
    if (busy === undefined && !github.webhooks.busy) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** The newest delivery of an issue. */
export async function rowOf({ database: { db } }: World, issue: number): Promise<Row> {
  const [row] = await db.sql
    .select()
    .from(deliveries)
    .where(eq(deliveries.issueNumber, issue))
    .orderBy(desc(deliveries.id))
    .limit(1);
  if (row === undefined) throw new Error(`issue ${issue} has no delivery`);
  return row;
}

export const deliveriesOf = ({ database: { db } }: World, issue: number): Promise<Row[]> =>
  db.sql.select().from(deliveries).where(eq(deliveries.issueNumber, issue)).orderBy(asc(deliveries.id));

/** Where it stands: `plan/succeeded`, `implement/blocked(policy)`. */
export async function stateOf(world: World, issue: number): Promise<string> {
  const { phase, runStatus, reason } = await rowOf(world, issue);
  return `${phase}/${runStatus}${reason === null ? "" : `(${reason})`}`;
}

/** Entries of a chain, as "action" or "action: note". */
export async function ledgerOf({ database: { db } }: World, chain: string): Promise<string[]> {
  const rows = await db.sql
    .select({ action: ledger.action, note: ledger.note })
    .from(ledger)
    .where(eq(ledger.chain, chain))
    .orderBy(asc(ledger.seq));
  return rows.map(({ action, note }) => (note === null ? action : `${action}: ${note}`));
}

export const approvalsOf = ({ database: { db } }: World, deliveryId: number) =>
  db.sql.select().from(approvals).where(eq(approvals.deliveryId, deliveryId)).orderBy(asc(approvals.id));

export const writesOf = ({ database: { db } }: World, deliveryId: number) =>
  db.sql.select().from(writes).where(eq(writes.deliveryId, deliveryId));

/** What became of the webhooks that told of an event, oldest first. */
export async function outcomesOf({ database: { db } }: World, event: string, action: string): Promise<string[]> {
  const rows = await db.sql
    .select({ outcome: webhooks.outcome })
    .from(webhooks)
    .where(and(eq(webhooks.event, event), eq(webhooks.action, action)))
    .orderBy(asc(webhooks.receivedAt));
  return rows.map(({ outcome }) => outcome ?? "unprocessed");
}

const isStatus = ({ body }: Comment): boolean => body.startsWith("### Countersign D-");

/** A comment without its marker. */
export const wordsOf = ({ body }: Pick<Comment, "body">): string => body.replace(/\n*<!-- countersign \w+ -->\s*$/, "");

async function standing(world: World, issue: number) {
  const row = await rowOf(world, issue);
  return {
    row,
    shown: world
      .ours(issue)
      .filter((comment) => !isStatus(comment))
      .map(({ id, body, minimized }) => ({ id, body, minimized })),
    ledger: await ledgerOf(world, `D-${row.id}`),
    approvals: await approvalsOf(world, row.id),
    refs: [...world.shop.refs()],
    asked: world.model.requests.length,
    contentWrites: world.github.contentWrites("countersign").length,
  };
}

export type Refused = Readonly<{
  /** New entries of the delivery's chain. */
  ledger: readonly string[];
  /** New comments of ours, without their markers. */
  replies: readonly string[];
}>;

/** Does what must change nothing, and answers what was left of it. Whatever else changed fails the story. */
export async function mustChangeNothing(world: World, issue: number, act: () => unknown): Promise<Refused> {
  await quiet(world);
  const before = await standing(world, issue);
  await act();
  await quiet(world);
  const after = await standing(world, issue);
  expect(after.row).toEqual(before.row);
  expect(after.shown.slice(0, before.shown.length)).toEqual(before.shown);
  expect(after.ledger.slice(0, before.ledger.length)).toEqual(before.ledger);
  expect(after.approvals).toEqual(before.approvals);
  expect(after.refs).toEqual(before.refs);
  expect(after.asked).toBe(before.asked);
  expect(after.contentWrites).toBe(before.contentWrites);
  return {
    ledger: after.ledger.slice(before.ledger.length),
    replies: after.shown.slice(before.shown.length).map(wordsOf),
  };
}

/** Somebody new, with a role on the repository: each person is answered in words once at a gate. */
export function somebody({ github }: World, login: string, role: "maintain" | "write" | "triage" | "read"): string {
  github.addUser(login);
  github.as("mona").setRole(login, role);
  return login;
}

/** What the app thinks of a comment; null when it thinks nothing of it. */
export const verdictOn = ({ comments }: World, issue: number, id: number): string | null =>
  comments(issue)
    .find((comment) => comment.id === id)
    ?.reactedBy.find(({ login, content }) => login === "countersign[bot]" && content !== "eyes")?.content ?? null;
