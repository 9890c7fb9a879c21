// What can go wrong with GitHub, as a closed code and whether trying again can help.

export type GitHubErrorCode =
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "unprocessable"
  | "rate_limited"
  | "server"
  | "network"
  | "timeout"
  | "unexpected_answer"
  | "token_too_wide";

export class GitHubError extends Error {
  override readonly name = "GitHubError";
  readonly code: GitHubErrorCode;
  readonly status: number | null;
  /** Seconds that GitHub asked us to wait, where it did. */
  readonly retryAfter: number | null;

  constructor(
    code: GitHubErrorCode,
    message: string,
    options: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? null;
    this.retryAfter = options.retryAfter ?? null;
  }

  /** Whether the same call may succeed later without anyone changing anything. */
  get transient(): boolean {
    return ["rate_limited", "server", "network", "timeout"].includes(this.code);
  }
}

/** The installation has less than was asked for: GitHub refused the whole token. */
export class NotGranted extends GitHubError {
  /** GitHub's names of the permissions that it lacks: `pull_requests`. */
  readonly lacks: readonly string[];

  /** `inWords` as the settings page calls them: `Pull requests: write`. */
  constructor(lacks: readonly string[], inWords: readonly string[]) {
    super("unprocessable", `the app needs ${inWords.join(" and ")} here, which an owner has not granted yet`, {
      status: 422,
    });
    this.lacks = lacks;
  }
}
