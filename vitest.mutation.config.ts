// The tests that judge mutants of one folder: those that mirror it and need no database.
import { defineConfig } from "vitest/config";

const folder = process.env["MUTATION_FOLDER"] ?? "policy";

export default defineConfig({
  test: {
    include: [`test/${folder}/**/*.test.ts`],
    // Floods of text prove an end, not a behaviour, and each mutant would wait for them.
    exclude: ["test/**/*.db.test.ts", "test/policy/hostile-lines.test.ts"],
    testTimeout: 60_000,
    // Without a process for each file a mutant is judged several times faster; nothing here keeps a state.
    isolate: false,
  },
});
