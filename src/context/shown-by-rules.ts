// What the rules of a repository say of its files: which no model may see, and which are doctrine.
import type { Ceiling } from "../config/ceiling.ts";
import { type ConfigPort, readConfig } from "../config/read.ts";
import { CONFIG_PATH, type Config } from "../config/schema.ts";
import type { RepoId } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { neverSend } from "./never-send.ts";

export type Rules = Readonly<{
  /** By default, by the configuration of the repository, and by its own of today. */
  forbidden: (path: string) => boolean;
  /** Globs of the repository's own configuration. */
  doctrine: readonly string[];
}>;

/** `globs` are kept back besides. */
export const rulesOf = ({ context }: Pick<Config, "context">, globs: readonly string[]): Rules => ({
  forbidden: neverSend([...globs, ...context.never_send]),
  doctrine: context.doctrine,
});

/**
 * `globs` are those of the repository, as the delivery knows them. Where a repository's own cannot be read nobody
 * knows what it keeps back, and nothing of it is shown. Throws GitHubError.
 */
export async function shownByRules(
  reading: ConfigPort,
  { repoId, name }: Readonly<{ repoId: RepoId; name: string }>,
  globs: readonly string[],
  ceiling: Ceiling,
): Promise<Result<Rules, string>> {
  const own = await readConfig(reading, repoId, ceiling);
  switch (own.kind) {
    case "gone":
      return err(`${name} or its default branch is gone`);
    case "problems":
      return err(`${CONFIG_PATH} of ${name} cannot be used, so what may be shown of the repository is not known`);
    case "config":
      return ok(rulesOf(own.config, globs));
  }
}
