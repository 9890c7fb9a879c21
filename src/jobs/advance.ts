// The job that moves one delivery. Short, and the only one that does.
import { type AdvanceDeps, type Advanced, advance } from "../delivery/advance.ts";
import type { Handler } from "./handler.ts";

export type AdvanceJobDeps = AdvanceDeps & Readonly<{ observe?: (advanced: Advanced) => void }>;

export const advanceJob =
  (deps: AdvanceJobDeps): Handler<"advance"> =>
  async ({ deliveryId }) => {
    // Not inside the call: an optional call that is not made does not evaluate its arguments either.
    const advanced = await advance(deps, deliveryId);
    deps.observe?.(advanced);
  };
