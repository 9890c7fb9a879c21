// Files that say whose review a change needs.
import { listed } from "../path-list.ts";

export const codeOwners = listed(
  ["**/codeowners", "**/owners", "**/owners_aliases"],
  "This file says who must review changes.",
);
