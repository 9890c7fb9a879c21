// A script has the edits of a whole plan; the model is asked for one task after the other, and brings those of the one it is asked for.
import { z } from "zod";
import type { Reply } from "./reply.ts";

/** `summaries`: what is said of each task, where that is not the same of all. */
const Edits = z.looseObject({
  summary: z.string(),
  summaries: z.record(z.string(), z.string()).optional(),
  edits: z.array(z.looseObject({ task: z.string() })),
});

const ASKED = /Your task is (T[0-9]+), and no other/;

/** Null where nobody asks for a task. */
export const taskIn = (prompt: string): string | null => ASKED.exec(prompt)?.[1] ?? null;

const PLANNED = /"id": "(T[0-9]+)"/g;

/** Without what serves other tasks of the plan that the prompt shows. An answer that has nothing for the task is given as it is. */
export const forTask = (reply: Reply, prompt: string): Reply => {
  const task = taskIn(prompt);
  if (reply.kind !== "answer" || task === null) return reply;
  const value = Edits.safeParse(reply.value);
  if (!value.success) return reply;
  const others = new Set([...prompt.matchAll(PLANNED)].map(([, id]) => id).filter((id) => id !== task));
  const edits = value.data.edits.filter((edit) => !others.has(edit.task));
  if (edits.length === 0) return reply;
  const { summaries, ...rest } = value.data;
  const summary = summaries?.[task] ?? rest.summary;
  return { ...reply, value: { ...rest, summary, edits } };
};
