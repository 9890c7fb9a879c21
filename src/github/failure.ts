// Every way in which a call to GitHub can fail, told apart: what octokit and fetch throw becomes one closed code.
import { RequestError } from "@octokit/request-error";
import { GitHubError } from "./errors.ts";
import { UNNAMED_WAIT_SECONDS } from "./limits.ts";

type Headers = Readonly<Record<string, string | number | undefined>>;

const LIMITED = /secondary rate|rate limit|abuse detection|submitted too quickly/i;

const seconds = (value: string | number | undefined): number | null => {
  const parsed = Number(value);
  return value === undefined || !Number.isFinite(parsed) || parsed < 0 ? null : Math.ceil(parsed);
};

/** Obey `retry-after`, else `x-ratelimit-reset`, else wait a minute. */
const waitOf = (headers: Headers, now: Date): number => {
  const named = seconds(headers["retry-after"]);
  if (named !== null) return named;
  const reset = headers["x-ratelimit-remaining"] === "0" ? seconds(headers["x-ratelimit-reset"]) : null;
  return reset === null ? UNNAMED_WAIT_SECONDS : Math.max(1, reset - Math.floor(now.getTime() / 1000) + 1);
};

const isLimit = (status: number, headers: Headers, message: string): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0" || LIMITED.test(message))) ||
  (status === 422 && LIMITED.test(message));

const codeOf = (status: number) => {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
    case 451:
      return "forbidden";
    case 404:
    case 410:
      return "not_found";
    case 409:
      return "conflict";
    case 422:
      return "unprocessable";
    default:
      return status >= 500 ? "server" : "unexpected_answer";
  }
};

/** GitHub's words are somebody else's text: one line of it, bounded. */
const inWords = (message: string): string => message.replace(/\s+/g, " ").trim().slice(0, 300);

/** Never carries the request or the answer along: they hold tokens and contents. */
export const gitHubErrorOf = (error: unknown, now: Date): GitHubError => {
  if (error instanceof GitHubError) return error;
  if (!(error instanceof RequestError)) {
    // GraphQL tells of a limit in an answer of status 200, which the throttling plugin throws as a plain error.
    if (error instanceof Error && LIMITED.test(error.message)) {
      return new GitHubError("rate_limited", inWords(error.message), { retryAfter: UNNAMED_WAIT_SECONDS });
    }
    return new GitHubError("network", error instanceof Error ? inWords(error.message) : "the call failed", {
      cause: error,
    });
  }
  if (error.cause instanceof GitHubError) return error.cause;
  const { response, status } = error;
  if (response === undefined) return new GitHubError("network", inWords(error.message), { cause: error.cause });
  const message = inWords(error.message);
  if (isLimit(status, response.headers, message)) {
    return new GitHubError("rate_limited", message, { status, retryAfter: waitOf(response.headers, now) });
  }
  const code = codeOf(status);
  const wait = code === "server" ? seconds(response.headers["retry-after"]) : null;
  return new GitHubError(code, message, { status, ...(wait === null ? {} : { retryAfter: wait }) });
};
