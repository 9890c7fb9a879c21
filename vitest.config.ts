// Three projects: what needs no database, and what does, on each of the two engines.
import { defineConfig } from "vitest/config";

const database = ["test/**/*.db.test.ts"];
const postgres = process.env["TEST_DATABASE_URL"];
const setupFiles = process.env["FC_SEED"] === undefined ? [] : ["test/support/fixed-seed.ts"];

/** Libraries as they run in production: the builds for development of some are several times slower. */
const ssr = { resolve: { conditions: ["module", "node", "production"], externalConditions: ["node", "production"] } };

export default defineConfig({
  test: {
    // One more than a small machine has cores: stories wait for timers of their own.
    maxWorkers: 3,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    projects: [
      { ssr, test: { name: "pure", setupFiles, include: ["test/**/*.test.ts"], exclude: database } },
      { ssr, test: { name: "embedded", setupFiles, include: database, env: { TEST_ENGINE: "pglite" } } },
      ...(postgres === undefined
        ? []
        : [
            {
              ssr,
              test: {
                name: "postgres",
                setupFiles,
                include: database,
                env: { TEST_ENGINE: "postgres", TEST_DATABASE_URL: postgres },
              },
            },
          ]),
    ],
  },
});
