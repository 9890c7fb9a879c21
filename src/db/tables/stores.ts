// Working stores: nothing here is evidence, and all of it can be had again.
import { index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import type { Sha } from "../../ids.ts";
import { at, bytes, github, text } from "./columns.ts";

/** File contents by git blob SHA: content-addressed, so never stale. */
export const blobs = pgTable(
  "blobs",
  {
    sha: text().$type<Sha>().primaryKey(),
    content: bytes().notNull(),
    /** To the day. */
    usedAt: at().notNull(),
  },
  (t) => [index().on(t.usedAt)],
);

/** Per installation, when the next content-creating call may go out, over all processes (GCRA). */
export const contentPace = pgTable(
  "content_pace",
  {
    installationId: github().notNull(),
    /** minute or hour */
    window: text().notNull(),
    /** Theoretical arrival time. */
    nextAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.installationId, t.window] })],
);
