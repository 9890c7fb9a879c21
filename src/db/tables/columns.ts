// The kinds of columns that the tables are made of, and the closed lists that their checks name.
import { sql } from "drizzle-orm";
import { bigint, customType, timestamp } from "drizzle-orm/pg-core";
import { EXIT_PHASES, PHASES, RUN_STATUSES } from "../../delivery/delivery.ts";
import { storableJson, storableText } from "../../ledger/storable.ts";

/** JSON of unknown shape: every reader parses it with zod. Untrusted text may hold what Postgres refuses: see storable. */
export const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => "jsonb",
  toDriver: (value) => storableJson(value),
});
export const text = customType<{ data: string; driverData: string }>({
  dataType: () => "text",
  toDriver: storableText,
});
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });
/** GitHub's numeric ids outgrow 32 bits. */
export const github = () => bigint({ mode: "number" });
export const at = () => timestamp({ withTimezone: true, mode: "date" });

/** For a check: the column has one of these values, or none. */
export const oneOf = (column: string, values: readonly string[]) =>
  sql.raw(`"${column}" in (${values.map((value) => `'${value}'`).join(", ")})`);

export { EXIT_PHASES as EXITS, PHASES, RUN_STATUSES as STATUSES };
export const VISIBILITIES = ["public", "internal", "private"];
/** What an approval can be about, and which of that the WriteGate writes. */
export const SUBJECTS = ["plan", "patchset", "ship", "merge", "deployment", "revert", "head"];
/** What is approved as parts of one ship. */
export const SHIPPED = ["merge", "deployment"];
export const WRITABLE = ["patchset", "merge", "deployment", "revert"];
