// The architecture, as rules that fail the build. What each folder is for: docs/architecture.md.
const only = (name, importers, path, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: "^src/", pathNot: importers },
  to: { path },
});

export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "src-stands-alone",
      severity: "error",
      comment: "What ships knows nothing of the demo, the tests and the benchmarks.",
      from: { path: "^src/" },
      to: { path: "^(demo|test|bench|scripts)/" },
    },
    {
      name: "demo-talks-http",
      severity: "error",
      comment: "The demo replaces nothing of src/: it may read schemas of artifacts, the rest goes over HTTP.",
      from: { path: "^demo/" },
      to: { path: "^src/", pathNot: "^src/artifacts/" },
    },
    {
      name: "one-write-gate",
      severity: "error",
      comment: "Invariant 2: the write client never leaves its folder.",
      from: { path: "^src/", pathNot: "^src/write-gate/" },
      to: { path: "^src/write-gate/", pathNot: "^src/write-gate/index\\.ts$" },
    },
    {
      name: "tokens-minted-in-one-place",
      severity: "error",
      comment: "The token lock: a token that can write is minted by one file of the WriteGate and by nothing else.",
      from: { path: "^src/", pathNot: "^src/(github/|write-gate/write-token\\.ts$)" },
      to: { path: "^src/github/tokens\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pure-core",
      severity: "error",
      comment: "The functional core imports no shell: no database, no network, no queue, no clock of the system.",
      from: {
        path: [
          "^src/(artifacts|policy|patches)/",
          "^src/admission/(admit|participants|taking-part)",
          "^src/agent/(budget/(amounts|forecast|rules)|breaker/(breaker|endpoint))",
          "^src/agent/(briefing|untrusted|unseen|roles|injection|step|look/tools|engines/openai/dialect)",
          "^src/context/(candidates|choose|doctrine|look|never-send|packet|retrieval|secret-lines|showable|shown-text|visible|withheld)",
          "^src/webhooks/(domain-event|events|event-mapper|review-event-mapper|source-event-mappers|payloads)",
          "^src/commands/(amount|authority|button|catalogue|contradiction|gate-facts|grammar|intricate|judge|open-html|parse|quoted-mail|raising|refusal|resolve|review-words|shown-now|spoken-lines)",
          "^src/config/(?!read)",
          "^src/owners/(groups|parse|pattern)",
          "^src/delivery/(transition|transitions|gates|needs|outcome|shortage|code|work|applies|birth|to-parent|replay|docs|subjects|account|deadline|explore)",
          "^src/thread/(render|defuse|words|audience|proposals|wanted|publications|marker|key|patch-set-words|revert-words|delivery-view|proposal-view)",
          "^src/rollback/(briefing|file-changes|order|three-way|touched|undo)",
          "^src/secrets/",
          "^src/hidden-characters",
          "^src/verify/decide",
          "^src/shipping/(content|readiness)\\.",
          "^src/provenance/(changes|facts|foreign|judge\\.ts|verdict)",
          "^src/ledger/(canonical|entry|storable|verify)",
        ],
        pathNot: ["^src/patches/store\\.ts$"],
      },
      to: {
        path: [
          "^src/(db|jobs|webhooks/(?!domain-event|event-mapper|review-event-mapper|source-event-mappers|payloads)|write-gate|ops|app|main|env)",
          "^src/github/(rest|client|tokens|github)",
          "node_modules/(drizzle-orm|postgres|pg-boss|probot|octokit|@octokit/(?!webhooks-types)|openai|pino|@electric-sql)",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    only(
      "probot-in-webhooks",
      "^src/webhooks/",
      "node_modules/probot/",
      "Probot receives webhooks and does nothing else.",
    ),
    only("openai-in-agent", "^src/agent/", "node_modules/openai/", "One folder talks to the model."),
    only("pg-boss-in-queue", "^src/jobs/", "node_modules/pg-boss/", "One folder talks to the queue."),
    only(
      "octokit-in-github",
      "^src/(github|write-gate)/",
      "node_modules/@octokit/(core|rest|plugin-|request-error)",
      "Clients are made where tokens are.",
    ),
    only(
      "drivers-in-db",
      "^src/(db/|jobs/install\\.ts$)",
      "node_modules/(postgres|@electric-sql)/",
      "One place opens connections.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    parser: "swc",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
