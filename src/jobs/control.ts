// Keeps the control issue of one repository; comes back later where GitHub's pace does not let it open one.
import { type ControlDeps, keepControlIssue } from "../control/keep.ts";
import type { Handler } from "./handler.ts";

export const controlJob =
  (deps: ControlDeps): Handler<"control"> =>
  async ({ repoId }, { signal }) => {
    const kept = await keepControlIssue(deps, repoId, signal);
    if (typeof kept === "string") return;
    await deps.db.transaction((tx) => tx.enqueue("control", { repoId }, { startAfterSeconds: kept.later }));
  };
