// Reads what a failed check says of itself: the log of its job, or the output and annotations that its app gave it.
import { z } from "zod";
import { answer, listed, orNull, type Page } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError, NotGranted } from "./errors.ts";
import { LOG_BOUNDS, LOG_TIMEOUT_MS } from "./limits.ts";
import { logAddress } from "./log-address.ts";
import type { CheckOutput, Reading } from "./reading.ts";
import type { ArchiveDoor } from "./reading-archive.ts";
import type { AddressOf } from "./repositories.ts";
import { endsOf } from "./tail.ts";

/** `client` is opened for logs alone: its token has a permission that an owner may decline. */
export type LogDoor = ArchiveDoor;

const OutputAnswer = z.object({
  output: z.object({ title: z.string().nullish(), summary: z.string().nullish(), text: z.string().nullish() }),
});

const AnnotationAnswer = z.object({
  path: z.string().nullish(),
  start_line: z.number().int().nullish(),
  annotation_level: z.string().nullish(),
  title: z.string().nullish(),
  message: z.string().nullish(),
});

const AnnotationsAnswer: z.ZodType<Page<CheckOutput["annotations"]["items"][number]>> = z
  .array(
    AnnotationAnswer.transform(({ path, start_line, annotation_level, title, message }) => ({
      path: path ?? null,
      line: start_line ?? null,
      level: annotation_level ?? "notice",
      text: [title, message].filter((part) => part != null && part !== "").join(": "),
    })),
  )
  .transform((items) => ({ items, total: null }));

/** More annotations than these say nothing more of a cause. */
const ANNOTATION_PAGES = 1;

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Nobody may hand it out, it is not there any more, or it lies where we do not go: then there is none. */
const isAbsent = (error: unknown): boolean =>
  error instanceof NotGranted || (error instanceof GitHubError && ["forbidden", "not_found"].includes(error.code));

export const readFailures = (
  client: Client,
  logs: LogDoor,
  at: AddressOf,
): Pick<Reading, "checkOutput" | "jobLog"> => ({
  checkOutput: async (repo, id) => {
    const { rest } = client;
    const address = { ...at(repo), check_run_id: id };
    const found = await orNull(answer(OutputAnswer, rest.checks.get(address)));
    if (found === null) return null;
    const annotations = await listed(
      AnnotationsAnswer,
      (page) => rest.checks.listAnnotations({ ...address, ...page }),
      ANNOTATION_PAGES,
    );
    const { title, summary, text } = found.output;
    return { title: title ?? null, summary: summary ?? null, text: text ?? null, annotations };
  },

  jobLog: async (repo, id) => {
    const { connection, signal } = logs;
    let location: unknown;
    try {
      const { rest } = await logs.client();
      const { headers } = await rest.actions.downloadJobLogsForWorkflowRun({ ...at(repo), job_id: id });
      location = headers.location;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
    const address = logAddress(connection.apiUrl, location);
    if (address === null || connection.findsSecret(address.href)) return null;
    const timeout = AbortSignal.timeout(LOG_TIMEOUT_MS);
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      const response = await fetch(address, {
        redirect: "error",
        signal: either,
        headers: { "user-agent": "countersign" },
      });
      if (response.status !== 200 || response.body === null) {
        await response.body?.cancel();
        if (response.status < 500) return null;
        throw new GitHubError("server", "GitHub did not hand out the log", { status: response.status });
      }
      const { head, tail, leftOut } = await endsOf(response.body, LOG_BOUNDS);
      return { head: decoded(head), tail: decoded(tail), leftOut };
    } catch (error) {
      if (error instanceof GitHubError) throw error;
      if (either.aborted) throw new GitHubError("timeout", "GitHub's log did not arrive in time", { cause: error });
      throw new GitHubError("network", "GitHub's log could not be read to its end", { cause: error });
    }
  },
});
