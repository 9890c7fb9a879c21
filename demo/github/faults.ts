// Faults on demand: what GitHub or the network does wrong to the requests that a matcher names.

export type RequestMatcher = Readonly<{
  method?: string;
  /** Against the path without the query; a string must occur in it. */
  path?: string | RegExp;
  /** Slug of the app that asks; without it, any. */
  app?: string;
}>;

export type Fault =
  /** Answers at once and performs nothing. */
  | Readonly<{ kind: "answer"; status: number; headers?: Readonly<Record<string, string>>; body?: unknown }>
  | Readonly<{ kind: "delay"; ms: number }>
  /** Performs the request, then loses the answer. */
  | Readonly<{ kind: "lose_response" }>
  /** Closes the connection and performs nothing. */
  | Readonly<{ kind: "drop" }>
  /** Performs the request and alters what the caller reads. */
  | Readonly<{ kind: "rewrite"; body: (body: unknown) => unknown }>
  /** Lets something happen first: the moment between two calls of an app. */
  | Readonly<{ kind: "meanwhile"; run: () => void | Promise<void> }>;

export type PlannedFault = {
  readonly when: RequestMatcher;
  readonly fault: Fault;
  skip: number;
  left: number;
  hits: number;
};

const documentation_url = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

/** GitHub's answers when it has had enough, to hand to `faults.add`. */
export const secondaryLimit = (retryAfter: number): Fault => ({
  kind: "answer",
  status: 403,
  headers: { "retry-after": String(retryAfter) },
  body: {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    documentation_url,
  },
});
export const primaryLimit = (resetsAt: Date): Fault => ({
  kind: "answer",
  status: 403,
  headers: {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil(resetsAt.getTime() / 1000)),
  },
  body: { message: "API rate limit exceeded for installation.", documentation_url },
});
export const tooManyRequests = (retryAfter: number): Fault => ({
  kind: "answer",
  status: 429,
  headers: { "retry-after": String(retryAfter) },
  body: { message: "Too many requests", documentation_url },
});
export const serverError = (status: 500 | 502 | 503 = 500): Fault => ({
  kind: "answer",
  status,
  body: status === 502 ? "<html><title>502 Bad Gateway</title></html>" : { message: "Server Error" },
});

export const matches = (when: RequestMatcher, request: { method: string; path: string; app: string | null }): boolean =>
  (when.method === undefined || when.method === request.method) &&
  (when.app === undefined || when.app === request.app) &&
  (when.path === undefined ||
    (typeof when.path === "string" ? request.path.includes(when.path) : when.path.test(request.path)));

export class Faults {
  readonly #planned: PlannedFault[] = [];

  /** Applies to the next `times` matching requests (one, unless told otherwise) after the first `after`. */
  add(when: RequestMatcher, fault: Fault, options: { times?: number; after?: number } = {}): PlannedFault {
    const planned = { when, fault, skip: options.after ?? 0, left: options.times ?? 1, hits: 0 };
    this.#planned.push(planned);
    return planned;
  }

  clear(): void {
    this.#planned.length = 0;
  }

  /** The faults that this request meets, used up by it. */
  take(request: { method: string; path: string; app: string | null }): Fault[] {
    return this.#planned.flatMap((planned) => {
      if (planned.left === 0 || !matches(planned.when, request)) return [];
      if (planned.skip > 0) {
        planned.skip -= 1;
        return [];
      }
      planned.left -= 1;
      planned.hits += 1;
      return [planned.fault];
    });
  }
}
