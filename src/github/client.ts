// One octokit per token: bounded, paced per installation, never repeating a call by itself, failing with GitHubError alone.
import { Octokit } from "@octokit/core";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import { throttling } from "@octokit/plugin-throttling";
import { type FindsSecret, SecretLeak } from "../secrets/leak.ts";
import { boundedFetch, type Redirects } from "./bounded-fetch.ts";
import type { Connection } from "./connection.ts";
import { GitHubError } from "./errors.ts";
import { gitHubErrorOf } from "./failure.ts";
import { ANSWER_BYTES, UNNAMED_WAIT_SECONDS } from "./limits.ts";

/** Without the retry plugin, which repeats POSTs on 5xx and so posts twice: it is not even there to be switched on. */
const PacedOctokit = Octokit.plugin(restEndpointMethods, throttling);

export type Client = Pick<InstanceType<typeof PacedOctokit>, "rest" | "graphql">;

export type ClientOptions = Readonly<{
  /** An installation token, a JWT of the App, or null for what anyone may read. */
  auth: string | null;
  /** Whose limits the calls count against: one queue, and one pause, each. */
  paceId: string;
  redirects: Redirects;
  signal?: AbortSignal;
  /** Told when GitHub no longer takes the token. */
  onUnauthorized?: () => void;
  /** Asked after all waiting, right before a call that changes something is sent; what it throws is thrown instead. */
  beforeChange?: () => Promise<void>;
}>;

/** Carries what stopped a call through octokit, which makes its own error of whatever fetch throws. */
class Halt extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("halted before the call");
    this.reason = reason;
  }
}

const haltIn = (error: unknown): Halt | null => {
  if (error instanceof Halt) return error;
  return error instanceof Error && error.cause instanceof Halt ? error.cause : null;
};

const asking =
  (send: typeof fetch, beforeChange: () => Promise<void>): typeof fetch =>
  async (input, init) => {
    if (!["GET", "HEAD"].includes(init?.method ?? "GET")) {
      await beforeChange().catch((reason: unknown) => Promise.reject(new Halt(reason)));
    }
    return send(input, init);
  };

/** The last look before the network: address and body of every call, what is read as well as what is written. */
const withoutSecrets =
  (send: typeof fetch, findsSecret: FindsSecret): typeof fetch =>
  async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const body = typeof init?.body === "string" ? init.body : "";
    if (findsSecret(`${address}\n${body}`)) throw new Halt(new SecretLeak("GitHub"));
    return send(input, init);
  };

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Nothing is repeated here. Waiting out a limit is the job's business (`retryAfter`), because a worker that sleeps for an
 * hour holds its lease for an hour.
 */
export const openClient = (connection: Connection, options: ClientOptions): Client => {
  const bounded = boundedFetch({
    timeoutMs: connection.timeoutMs,
    maxBytes: ANSWER_BYTES,
    redirects: options.redirects,
  });
  const send = withoutSecrets(bounded, connection.findsSecret);
  const octokit = new PacedOctokit({
    baseUrl: connection.apiUrl,
    userAgent: "countersign",
    log: silent,
    ...(options.auth === null ? {} : { auth: options.auth }),
    throttle:
      connection.pace === "none"
        ? { enabled: false }
        : { id: options.paceId, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    request: {
      log: silent,
      fetch: options.beforeChange === undefined ? send : asking(send, options.beforeChange),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  });
  // Registered last, so outermost: also what the pacing throws is mapped.
  octokit.hook.wrap("request", async (request, parameters) => {
    if (options.signal?.aborted) throw new GitHubError("timeout", "stopped before the call to GitHub");
    const wait = connection.pause.remaining(options.paceId);
    if (wait > 0) throw new GitHubError("rate_limited", "GitHub asked us to wait", { retryAfter: wait });
    try {
      return await request(parameters);
    } catch (error) {
      const halt = haltIn(error);
      if (halt !== null) throw halt.reason;
      const failure = gitHubErrorOf(error, connection.clock());
      if (failure.code === "unauthorized") options.onUnauthorized?.();
      if (failure.code === "rate_limited") {
        connection.pause.begin(options.paceId, failure.retryAfter ?? UNNAMED_WAIT_SECONDS);
      }
      throw failure;
    }
  });
  return octokit;
};
