// Begins the delivery that undoes another's merge. Short: it reads and writes the database alone.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { DeadlineOf } from "../delivery/deadline.ts";
import type { Clock } from "../instant.ts";
import { beginRollback } from "../rollback/begin.ts";
import type { Handler } from "./handler.ts";

export type RollbackJobDeps = Readonly<{
  db: Database;
  clock: Clock;
  crash: CrashPoint;
  deadlines: (snapshot: unknown) => DeadlineOf;
}>;

export const rollbackJob =
  ({ db, clock, crash, deadlines }: RollbackJobDeps): Handler<"rollback"> =>
  async ({ deliveryId, commandId }) => {
    await crash("rollback.before.begin");
    await db.transaction((tx) => beginRollback(tx, deliveryId, commandId, deadlines, clock()));
    await crash("rollback.after.begin");
  };
