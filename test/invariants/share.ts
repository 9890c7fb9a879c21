// How much of a table is tried on which engine: what a payload does on the way has nothing to do with the database below.

/** All on the embedded database; on Postgres every third, so that the whole way is gone there too. */
export const shareOf = <T>(all: readonly T[]): readonly T[] =>
  process.env["TEST_ENGINE"] === "postgres" ? all.filter((_, index) => index % 3 === 0) : all;
