// The boundary: what GitHub answered is parsed for the fields that we use, and nothing else of it goes further in.
import type { z } from "zod";
import { GitHubError } from "./errors.ts";
import { MAX_PAGES, PAGE_SIZE } from "./limits.ts";
import type { Listed } from "./reading.ts";

type Answered = Readonly<{ data: unknown }>;
type AnsweredPage = Answered & Readonly<{ headers: Readonly<{ link?: string | undefined }> }>;

export const parsed = <T>(schema: z.ZodType<T>, data: unknown): T => {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
  throw new GitHubError("unexpected_answer", `GitHub's answer was not understood at ${where}: ${issue?.message ?? ""}`);
};

/** Throws GitHubError `unexpected_answer` when the fields are not there. */
export const answer = async <T>(schema: z.ZodType<T>, call: Promise<Answered>): Promise<T> =>
  parsed(schema, (await call).data);

/** Null where GitHub says that there is no such thing. */
export const orNull = async <T>(call: Promise<T>): Promise<T | null> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof GitHubError && error.code === "not_found") return null;
    throw error;
  }
};

export type Page<T> = Readonly<{ items: readonly T[]; total: number | null }>;

/**
 * All pages up to `maxPages`. `complete` is false when GitHub had more, or counted more than it gave: callers must not
 * take such a list for whole.
 */
export const listed = async <T>(
  schema: z.ZodType<Page<T>>,
  page: (at: Readonly<{ page: number; per_page: number }>) => Promise<AnsweredPage>,
  maxPages: number = MAX_PAGES,
): Promise<Listed<T>> => {
  const items: T[] = [];
  for (let number = 1; number <= maxPages; number += 1) {
    const { data, headers } = await page({ page: number, per_page: PAGE_SIZE });
    const read = parsed(schema, data);
    items.push(...read.items);
    // A page may be short and yet not the last, so the link decides; servers without links are asked for one page more.
    const more = headers.link?.includes('rel="next"') ?? read.items.length >= PAGE_SIZE;
    if (!more) return { items, complete: read.total === null || items.length >= read.total };
  }
  return { items, complete: false };
};
