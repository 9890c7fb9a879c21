// Mutation testing of one folder of src/: `npm run mutation -- policy [FILE…]`. What it says is read in reports/mutation/.
const folder = process.env.MUTATION_FOLDER ?? "policy";
const files = (process.env.MUTATION_FILES ?? "").split(" ").filter(Boolean);

export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  coverageAnalysis: "perTest",
  // What runs once, when a module is loaded, is judged by every test of the folder: only on demand.
  ignoreStatic: process.env.MUTATION_STATIC !== "1",
  mutate: files.length > 0 ? files : [`src/${folder}/**/*.ts`],
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? "1"),
  tempDirName: ".stryker-tmp",
  ignorePatterns: ["/reports", "/bench", "/.data", "/.demo"],
  incremental: true,
  incrementalFile: `reports/mutation/${folder}.incremental.json`,
  reporters: ["clear-text", "json", "progress-append-only"],
  jsonReporter: { fileName: `reports/mutation/${folder}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // TypeScript 7 has no interface by which Stryker could rewrite a tsconfig, and nothing here needs it rewritten.
  tsconfigFile: "none",
  disableTypeChecks: false,
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 90, break: null },
  allowConsoleColors: false,
};
