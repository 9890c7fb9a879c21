// The newest delivery of an issue in one repository of a world that has many.
import { and, desc, eq } from "drizzle-orm";
import { deliveries } from "../../src/db/schema.ts";
import { RepoId } from "../../src/ids.ts";
import type { World } from "../support/world.ts";
import type { Stage } from "./stage.ts";

export const deliveryIn = async ({ database: { db } }: World, { view, name }: Stage, issue: number) => {
  const [row] = await db.sql
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.repoId, RepoId.parse(view.id)), eq(deliveries.issueNumber, issue)))
    .orderBy(desc(deliveries.id))
    .limit(1);
  if (row === undefined) throw new Error(`no delivery of issue ${issue} in ${name}`);
  return row;
};
