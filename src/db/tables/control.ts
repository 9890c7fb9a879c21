// Control issues: one for each repository that wants one, and the answers that are owed to commands given there.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, uniqueIndex } from "drizzle-orm/pg-core";
import type { Digest } from "../../ids.ts";
import { at, github, oneOf, text } from "./columns.ts";
import { commands } from "./people.ts";
import { sources } from "./sources.ts";

export const controlIssues = pgTable(
  "control_issues",
  {
    repoId: github()
      .primaryKey()
      .references(() => sources.repoId),
    /** As the configuration said when it was last read. */
    wanted: text().$type<"on" | "off">().notNull(),
    /** Both null between the intent and the receipt, and after the issue was deleted. */
    issueNumber: integer(),
    issueId: github(),
    /** Of the text that we last put there; null where that is not known. */
    bodyHash: text().$type<Digest>(),
    drawnAt: at(),
    createdAt: at().notNull(),
  },
  (t) => [
    uniqueIndex("control_issues_issue").on(t.repoId, t.issueNumber),
    index("control_issues_drawn").on(t.drawnAt),
    check("control_issues_wanted", oneOf("wanted", ["on", "off"])),
    check("control_issues_receipt", sql`(issue_number is null) = (issue_id is null)`),
  ],
);

/** One row a comment that gave commands to a control issue. */
export const controlReplies = pgTable(
  "control_replies",
  {
    /** The first command of the comment. */
    commandId: integer()
      .primaryKey()
      .references(() => commands.id),
    repoId: github().notNull(),
    /** Null: a reaction says it all, or it is still to be posted. */
    replyId: github(),
    answeredAt: at(),
  },
  (t) => [index("control_replies_owed").on(t.repoId).where(sql`answered_at is null`)],
);
