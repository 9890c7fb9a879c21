// The record of what was asked of the local GitHub, and which of it was meant to change contents.

export type LoggedRequest = {
  readonly seq: number;
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Slug of the app that asked; null when it was nobody known. */
  readonly app: string | null;
  readonly tokenId: number | null;
  /** What the token may; null for an app's JWT. */
  readonly permissions: Readonly<Record<string, string>> | null;
  readonly body: unknown;
  /** False when there is no such route here: then the local GitHub does not know that call, or nobody does. */
  known: boolean;
  /** Null until it is answered, and for good when the connection was closed without an answer. */
  status: number | null;
  /** Whether the request was performed, answered or not. */
  performed: boolean;
};

// What may change below a repository without touching contents, refs or pull requests. Everything else counts as such a write.
const HARMLESS = /^\/(issues|labels|milestones|check-runs|check-suites|statuses|pulls\/comments)(\/|$)/;
const REPOSITORY = /^\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)(\/.*)?$/;

/** Judged by what was asked, not by what came of it; an unknown kind of write counts. */
export const isContentWrite = (request: Pick<LoggedRequest, "method" | "path" | "body">): boolean => {
  if (request.path === "/graphql") {
    const query = JSON.stringify(request.body ?? "");
    return /mutation/.test(query) && !/mutation[^{]*\{\s*(?:\\n\s*)*minimizeComment\b/.test(query);
  }
  if (request.method === "GET" || request.method === "HEAD") return false;
  const below = REPOSITORY.exec(request.path);
  return below !== null && !HARMLESS.test(below[1] ?? "/");
};

const CREATES = /\/(issues\/\d+\/comments|check-runs|git\/refs|git\/commits|pulls)$/;

/** Requests that create a comment, check run, ref, commit or pull request: those that count against GitHub's strictest limit. */
export const isCreation = (request: Pick<LoggedRequest, "method" | "path">): boolean =>
  request.method === "POST" && CREATES.test(request.path);
