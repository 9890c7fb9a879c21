// What a run of any role was asked and how it was judged, once it is put together again.
import type { z } from "zod";
import type { Message } from "../engine.ts";
import type { Check } from "./edits-check.ts";

export type Rebuilt = Readonly<{
  schema: z.ZodType;
  /** null where the prompt cannot be put together again; `why` says so. */
  messages: readonly Message[] | null;
  why: string | null;
  /** null where the judgement stands in the transcript alone. */
  check: Check | null;
  /** What is kept of an answer. */
  kept: (output: unknown) => unknown;
}>;

export type RebuiltRole = Rebuilt & Readonly<{ version: string }>;

export const nothing = "its context packet, or the text of a file in it, is no longer stored";
