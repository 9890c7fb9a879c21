// Money in words, and where it may be shown.
import type { DeliveryView } from "../delivery-view.ts";

/** Rule 6: on public repositories cost and models are shown only where the configuration says so. */
export const showsCost = (view: DeliveryView): boolean => view.settings.showCost || view.issue.visibility !== "public";

/** `$0.09`; unknown prices make the whole unknown, never zero. */
export const dollars = (micros: number | null): string => {
  if (micros === null) return "cost unknown";
  if (micros > 0 && micros < 5_000) return "under $0.01";
  return `$${(micros / 1_000_000).toFixed(2)}`;
};
