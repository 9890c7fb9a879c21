// pg-boss's table of jobs, as far as we read it. The schema is pg-boss's own: no migration of ours touches it.
import { integer, jsonb, pgSchema, text, timestamp, uuid } from "drizzle-orm/pg-core";

export const QUEUE_SCHEMA = "pgboss";

export const jobTable = pgSchema(QUEUE_SCHEMA).table("job", {
  id: uuid().notNull(),
  name: text().notNull(),
  data: jsonb().$type<unknown>(),
  /** created, retry, active, completed, cancelled, failed */
  state: text().notNull(),
  policy: text(),
  singletonKey: text(),
  groupTier: text(),
  retryCount: integer().notNull(),
  startAfter: timestamp({ withTimezone: true }).notNull(),
  createdOn: timestamp({ withTimezone: true }).notNull(),
});
