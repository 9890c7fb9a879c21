// How things stood on GitHub when they were last looked at, whatever webhooks said, and what was found that nobody had told.
import { index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { at, github, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";
import { sources } from "./sources.ts";

/** Of a delivery: when it was last compared with GitHub. */
export const deliveryLooks = pgTable("delivery_looks", {
  deliveryId: integer()
    .primaryKey()
    .references(() => deliveries.id),
  lookedAt: at().notNull(),
  /** Comments up to here were compared with the webhooks that came in; null before the first time. */
  heardUntil: at(),
  /** Since when it could not be compared; null while it can. */
  unsettledSince: at(),
});

/** Of a repository: when its labeled issues were last looked for. */
export const labelLooks = pgTable(
  "label_looks",
  {
    repoId: github()
      .primaryKey()
      .references(() => sources.repoId),
    lookedAt: at().notNull(),
    /** Labels that were put on before this are settled. */
    settledUntil: at().notNull(),
  },
  (t) => [index().on(t.lookedAt)],
);

/** Comments with a command of which no webhook came in: without its signature none counts, so people are asked to say it again. */
export const unheardComments = pgTable(
  "unheard_comments",
  {
    repoId: github().notNull(),
    commentId: github().notNull(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    /** Of the issue or the pull request under which it stands. */
    issueNumber: integer().notNull(),
    authorId: github().notNull(),
    authorLogin: text().notNull(),
    saidAt: at().notNull(),
    foundAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repoId, t.commentId] }), index().on(t.deliveryId)],
);
