// Whether a delivery has brought changes that people approved, so that its end has something to tell. Pure.
import type { Delivery } from "./delivery.ts";

export const hasApprovedChanges = ({ exitPhase, targets }: Pick<Delivery, "exitPhase" | "targets">): boolean =>
  exitPhase !== "plan" && targets.some(({ patchSet }) => patchSet?.approved === true);
