// How many examples a property tries: small in CI, large on demand (FC_RUNS=100 runs a hundred times as many).
const factor = Number(process.env["FC_RUNS"] ?? "1");

export const runs = (base: number): { numRuns: number } => ({ numRuns: Math.max(1, Math.round(base * factor)) });
