// Keeps tokens that cannot write contents until they near their end, so that a busy installation is not asked for one a call.
import type { Connection } from "./connection.ts";
import { CACHED_TOKENS, TOKEN_MARGIN_MS } from "./limits.ts";
import { type Asked, mint, type Token } from "./tokens.ts";

export interface TokenCache {
  /** Concurrent questions for the same token are one call; a failed one is asked anew. */
  readonly get: (asked: Asked) => Promise<Token>;
  /** GitHub no longer takes it. */
  readonly forget: (asked: Asked) => void;
}

const keyOf = ({ installation, permissions, repos }: Asked): string =>
  JSON.stringify([
    installation,
    Object.entries(permissions).sort(([a], [b]) => a.localeCompare(b)),
    repos === "any" ? repos : [...new Set(repos)].sort((a, b) => a - b),
  ]);

/** Throws RangeError for permissions that write contents or pull requests: such tokens live for one job. */
export const createTokenCache = (connection: Connection): TokenCache => {
  const kept = new Map<string, { token: Promise<Token>; until: number }>();

  const ask = (key: string, asked: Asked): Promise<Token> => {
    const token = mint(connection, asked);
    // Until the answer is here, the entry only joins concurrent questions.
    const entry = { token, until: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, entry);
    token.then(
      ({ expiresAt }) => {
        entry.until = expiresAt.getTime() - TOKEN_MARGIN_MS;
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key);
      },
    );
    const [oldest] = kept.keys();
    if (kept.size > CACHED_TOKENS && oldest !== undefined) kept.delete(oldest);
    return token;
  };

  return {
    get: async (asked) => {
      if (asked.permissions.contents === "write" || asked.permissions.pull_requests === "write") {
        throw new RangeError("a token that can write contents or pull requests is never kept");
      }
      const key = keyOf(asked);
      const entry = kept.get(key);
      if (entry !== undefined && connection.clock().getTime() < entry.until) return entry.token;
      return ask(key, asked);
    },
    forget: (asked) => {
      kept.delete(keyOf(asked));
    },
  };
};
