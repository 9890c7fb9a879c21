// What only GraphQL tells or does. Nothing here is tried twice.
import { z } from "zod";
import { parsed } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError } from "./errors.ts";
import { UNNAMED_WAIT_SECONDS } from "./limits.ts";

/** What a GraphQL endpoint answers when it does not know what is asked for; a server without GraphQL answers 404. */
const isMissing = (error: unknown): boolean =>
  (error instanceof GitHubError && error.code === "not_found") ||
  (error instanceof Error && /doesn't exist on type|Cannot query field|undefinedField/i.test(error.message));

const Failure = z.object({ errors: z.array(z.object({ type: z.string().nullish() })).min(1) });

/** Null where the server has no such call, or nothing of the kind that is named. `refused` says what it would not do. Throws GitHubError. */
export const askGraphql = async <T>(
  client: Pick<Client, "graphql">,
  schema: z.ZodType<T>,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  refused: string,
): Promise<T | null> => {
  try {
    return parsed(schema, await client.graphql(query, variables));
  } catch (error) {
    if (isMissing(error)) return null;
    const failure = Failure.safeParse(error);
    if (!failure.success) throw error;
    const types = failure.data.errors.map((one) => one.type);
    if (types.includes("NOT_FOUND")) return null;
    if (types.includes("RATE_LIMITED")) {
      throw new GitHubError("rate_limited", "GraphQL limit", { retryAfter: UNNAMED_WAIT_SECONDS });
    }
    throw new GitHubError(types.includes("FORBIDDEN") ? "forbidden" : "unprocessable", refused);
  }
};
