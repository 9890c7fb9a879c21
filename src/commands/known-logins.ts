// Whose the logins of the approvers were when a delivery first knew them: a login that changed hands since gives nobody authority.
import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { constraintSnapshots } from "../db/schema.ts";
import { type DeliveryId, UserId } from "../ids.ts";
import type { KnownLogins } from "./authorise.ts";

const InForce = z.object({
  people: z.array(z.object({ id: UserId, login: z.string() })).default([]),
});
const Snapshot = z.object({
  approvers: InForce.prefault({}),
  gateApprovers: z.record(z.string(), InForce).default({}),
});

/** The oldest snapshot that knew a login has the word: those of later work may have met its new bearer. */
export const knownLogins = async (sql: Sql, id: DeliveryId): Promise<KnownLogins> => {
  const rows = await sql
    .select({ content: constraintSnapshots.content })
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, id))
    .orderBy(asc(constraintSnapshots.version));
  const known = new Map<string, UserId>();
  for (const { content } of rows) {
    const { approvers, gateApprovers } = Snapshot.parse(content);
    for (const { people } of [approvers, ...Object.values(gateApprovers)]) {
      for (const person of people) {
        const login = person.login.toLowerCase();
        if (!known.has(login)) known.set(login, person.id);
      }
    }
  }
  return known;
};
