// Every table. Constraints here and triggers in migrations hold the invariants when the code above them is wrong.

export * from "./tables/budget.ts";
export * from "./tables/control.ts";
export * from "./tables/deliveries.ts";
export * from "./tables/freezes.ts";
export * from "./tables/ledger.ts";
export * from "./tables/looks.ts";
export * from "./tables/outside.ts";
export * from "./tables/patch-sets.ts";
export * from "./tables/people.ts";
export * from "./tables/provenance.ts";
export * from "./tables/runs.ts";
export * from "./tables/ships.ts";
export * from "./tables/sources.ts";
export * from "./tables/stores.ts";
export * from "./tables/webhooks.ts";
