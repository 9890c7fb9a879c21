// A fetch that ends: the whole answer is read within a time and a size, so that a slow drip or a flood is an error like any other.
import { GitHubError } from "./errors.ts";

/** `report`: the redirect is the answer. */
export type Redirects = "follow" | "refuse" | "report";

type Bounds = Readonly<{
  timeoutMs: number;
  maxBytes: number;
  /** `refuse` for clients that write: a redirected POST would arrive as a GET, or at a repository nobody approved. */
  redirects: Redirects;
}>;

const read = async (response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new GitHubError("unexpected_answer", `GitHub's answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
};

const mayHaveBody = (status: number): boolean => ![204, 205, 304].includes(status);

/** Throws GitHubError for time, size, redirects and a caller's abort; whatever else fetch throws passes through. */
export const boundedFetch =
  (bounds: Bounds): typeof fetch =>
  async (input, init) => {
    const timeout = AbortSignal.timeout(bounds.timeoutMs);
    const stop = init?.signal ?? null;
    try {
      const response = await fetch(input, {
        ...init,
        redirect: bounds.redirects === "follow" ? "follow" : "manual",
        signal: stop === null ? timeout : AbortSignal.any([timeout, stop]),
      });
      if (bounds.redirects === "refuse" && response.status >= 300 && response.status < 400 && response.status !== 304) {
        throw new GitHubError("unexpected_answer", "GitHub redirected a write: the repository has moved", {
          status: response.status,
        });
      }
      const body = mayHaveBody(response.status) ? await read(response, bounds.maxBytes) : null;
      return new Response(body, {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      });
    } catch (error) {
      if (error instanceof GitHubError) throw error;
      if (stop?.aborted) throw new GitHubError("timeout", "stopped before GitHub had answered", { cause: error });
      if (timeout.aborted) {
        throw new GitHubError("timeout", `GitHub did not answer within ${bounds.timeoutMs} ms`, { cause: error });
      }
      throw error;
    }
  };
