// Who and where: the installations of the App, and the repositories that may start deliveries.
import { boolean, check, index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { at, EXITS, github, oneOf, text, VISIBILITIES } from "./columns.ts";

export const installations = pgTable("installations", {
  id: github().primaryKey(),
  accountId: github().notNull(),
  accountLogin: text().notNull(),
  suspendedAt: at(),
  removedAt: at(),
  updatedAt: at().notNull(),
});

/** A repository that may start deliveries. */
export const sources = pgTable(
  "sources",
  {
    repoId: github().primaryKey(),
    installationId: github()
      .notNull()
      .references(() => installations.id),
    owner: text().notNull(),
    name: text().notNull(),
    visibility: text().notNull(),
    active: boolean().notNull(),
    archived: boolean().notNull().default(false),
    defaultExitPhase: text(),
    updatedAt: at().notNull(),
  },
  (t) => [
    index().on(t.installationId),
    check("sources_visibility", oneOf("visibility", VISIBILITIES)),
    check("sources_exit", oneOf("default_exit_phase", EXITS)),
  ],
);

/** What a name in the configuration of a repository stood for when it first let another one in. */
export const repositoryPins = pgTable(
  "repository_pins",
  {
    /** Whose configuration it is. */
    holderId: github().notNull(),
    key: text().notNull(),
    /** owner/name, in lower case. */
    name: text().notNull(),
    repoId: github().notNull(),
    pinnedAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.holderId, t.key, t.name] }),
    check("repository_pins_key", oneOf("key", ["repos", "accept_from"])),
  ],
);
