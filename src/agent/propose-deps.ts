// What everybody is handed who has a part in carrying out a plan.
import type { Ceiling } from "../config/ceiling.ts";
import type { GitHub } from "../github/github.ts";
import type { PatchSetWords } from "./make-patch-set.ts";
import type { RunDeps } from "./run-role.ts";
import type { SettleDeps } from "./settle.ts";

export type ProposeDeps = SettleDeps &
  RunDeps &
  Readonly<{ model: string; github: Pick<GitHub, "reading">; ceiling: Ceiling; words: PatchSetWords }>;
