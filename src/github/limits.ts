// Figures of GitHub's API and our own bounds on talking to it, in one place because GitHub changes its own without notice.

/** One call, from sending it to the last byte of its answer. Ours: GitHub itself gives up on a request after 10 s. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** The largest answer that is read. Ours: a recursive tree is cut by GitHub at 7 MB, a blob is larger only where nobody reviews it. */
export const ANSWER_BYTES = 64 * 1024 * 1024;

/** Ours, for the archive of a commit, which is read as it comes in. Larger repositories are read file by file, in part. */
export const ARCHIVE_BOUNDS = {
  compressedBytes: 128 * 1024 * 1024,
  bytes: 1024 * 1024 * 1024,
  entries: 200_000,
  ratio: 200,
} as const;

/** One archive, from sending the request to the last byte. Ours. */
export const ARCHIVE_TIMEOUT_MS = 120_000;

/** Ours, for the log of one job: failures stand at its end. */
export const LOG_BOUNDS = { headBytes: 4 * 1024, tailBytes: 96 * 1024, mostBytes: 64 * 1024 * 1024 } as const;

/** One log, from sending the request to the last byte. Ours. */
export const LOG_TIMEOUT_MS = 60_000;

/** GitHub's largest page. */
export const PAGE_SIZE = 100;

/** Ours: a list that goes on after this many pages is reported as incomplete. */
export const MAX_PAGES = 30;

/** GitHub's limit on the repositories of one narrowed token. */
export const TOKEN_REPOSITORIES = 500;

/** A cached token is renewed this long before GitHub ends it, so that a job that starts with it can finish with it. */
export const TOKEN_MARGIN_MS = 10 * 60_000;

/** Ours: how many tokens a process keeps; the oldest goes first. */
export const CACHED_TOKENS = 500;

/** GitHub's advice for a limited answer that names no time: a minute or more. */
export const UNNAMED_WAIT_SECONDS = 60;
