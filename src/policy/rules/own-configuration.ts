// Our own configuration: what is proposed may not change the rules by which it is judged and approved.
import { listed } from "../path-list.ts";

export const ownConfiguration = listed(
  ["**/.github/countersign*", "**/.github/countersign/**", "**/countersign.{yml,yaml}", "**/.countersign.{yml,yaml}"],
  "This file governs what may be proposed here and who approves it; only a person changes it.",
);
