// Where GitHub is and who we are there: what every client is opened with. Holds the private key, so it is handed to few.
import type { Clock } from "../instant.ts";
import type { FindsSecret } from "../secrets/leak.ts";
import { REQUEST_TIMEOUT_MS } from "./limits.ts";
import { createPause, neverPause, type Pause } from "./pause.ts";

export type ConnectionOptions = Readonly<{
  /** `https://api.github.com`, or `https://host/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string;
  appId: number;
  /** PEM, PKCS#1 or PKCS#8. */
  privateKey: string;
  clock: Clock;
  /** Called with every secret before anyone else sees it, so that logs can be redacted by value. */
  onSecret: (value: string) => void;
  /** Whether a text holds a secret of this process: such a call is not made. Looks for nothing where it is not given. */
  findsSecret?: FindsSecret;
  /** `github` keeps to GitHub's limits; `none` is for servers that have none (tests, a GHES with limits off). */
  pace: "github" | "none";
  /** Milliseconds for one call; REQUEST_TIMEOUT_MS where it is not given. */
  timeoutMs?: number;
}>;

export type Connection = Readonly<Required<ConnectionOptions> & { pause: Pause }>;

/** Opens nothing; what it remembers (who must wait) is shared by all clients that are opened with it. */
export const connectionTo = (options: ConnectionOptions): Connection => ({
  ...options,
  apiUrl: options.apiUrl.replace(/\/+$/, ""),
  findsSecret: options.findsSecret ?? (() => false),
  timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
  pause: options.pace === "github" ? createPause(options.clock) : neverPause,
});
