// What a proposer must bring: edits to files, never diff text. The diff is rendered from the blobs before and after.
import { z } from "zod";

const path = z.string().min(1).max(500);
const task = z.string().regex(/^T[1-9][0-9]?$/);

export const Edit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("create"), task, path, content: z.string() }),
  /** `search` must occur exactly once in the file as it then is. */
  z.object({ kind: z.literal("replace"), task, path, search: z.string().min(1), replace: z.string() }),
  z.object({ kind: z.literal("rewrite"), task, path, content: z.string() }),
  z.object({ kind: z.literal("rename"), task, path, to: path }),
  z.object({ kind: z.literal("delete"), task, path }),
]);
export type Edit = z.infer<typeof Edit>;

export const EditsDocument = z.object({ summary: z.string().min(1).max(1000), edits: z.array(Edit).min(1).max(100) });
export type EditsDocument = z.infer<typeof EditsDocument>;

/** What the proposer says that it did for one task. */
export type TaskSummary = Readonly<{ task: string; text: string }>;
