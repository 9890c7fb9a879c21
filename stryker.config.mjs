// Mutation testing of one folder of src/: `npm run mutation -- policy [FILE…]`. What it says is read in reports/mutation/.
const folder = process.env.MUTATION_FOLDER ?? "policy";
const files = (process.env.MUTATION_FILES ?? "").split(" ").filter(Boolean);
/** What the quick tests leave is judged by all of them, on a database too: a second run, over those mutants alone. */
const isRest = process.env.MUTATION_STAGE === "rest";
const report = isRest ? `${folder}.rest` : folder;

/** Those that judge the whole folder at once, in the order in which the rest is asked. */
const slow = ["matrix", "replay", "evasions", "foreign-diff", "hostile-lines", "properties", "liveness", "sequences"];

export default {
  testRunner: "in-process",
  plugins: ["./scripts/mutation/in-process.mjs", "./scripts/mutation/as-they-come.mjs"],
  inProcess: {
    include: [`test/${folder}/**/*.test.ts`],
    exclude: [
      // Counts the calls of a library by taking its place, which is vitest's art.
      "test/commands/intricate.test.ts",
      ...(isRest ? [] : ["test/**/*.db.test.ts", ...slow.map((name) => `test/${folder}/**/${name}.test.ts`)]),
    ],
    late: slow,
    // Texts that are only long prove an end, and what random stories come to proves the stories: each mutant would wait for them.
    skip: ["flood", "more lines than anybody", "comes to an end", "come everywhere", "come to all that matters"],
  },
  coverageAnalysis: "perTest",
  // What runs once, when a module is loaded, needs a new process for each mutant: only on demand.
  ignoreStatic: process.env.MUTATION_STATIC !== "1",
  mutate: files.length > 0 ? files : [`src/${folder}/**/*.ts`],
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? "1"),
  tempDirName: ".stryker-tmp",
  ignorePatterns: ["/reports", "/bench", "/.data", "/.demo"],
  incremental: !isRest,
  incrementalFile: `reports/mutation/${folder}.incremental.json`,
  reporters: ["json", "as-they-come", "progress-append-only"],
  jsonReporter: { fileName: `reports/mutation/${report}.json` },
  // TypeScript 7 has no interface by which Stryker could rewrite a tsconfig, and nothing here needs it rewritten.
  tsconfigFile: "none",
  disableTypeChecks: false,
  timeoutMS: 30_000,
  thresholds: { high: 95, low: 90, break: null },
  allowConsoleColors: false,
};
