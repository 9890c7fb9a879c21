// Reads a repository's configuration as it stands now: the default branch's head, never a pull request.

import type { Reading } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import { type Ceiling, type Tightened, withinCeiling } from "./ceiling.ts";
import { parseConfig, prefixDespite } from "./parse.ts";
import { CONFIG_PATH, type Config, DEFAULT_CONFIG } from "./schema.ts";
import type { ConfigProblem } from "./yaml-document.ts";

export type ConfigPort = Pick<Reading, "repository" | "branchHead" | "file">;

export type ConfigReading =
  /** `blob` is null where there is no file and the defaults are in force. */
  | Readonly<{
      kind: "config";
      config: Config;
      tightened: readonly Tightened[];
      commit: Sha;
      blob: Sha | null;
    }>
  /** `prefix` is the command prefix, where it could be told in spite of the problems. */
  | Readonly<{
      kind: "problems";
      problems: readonly ConfigProblem[];
      prefix: string | null;
      commit: Sha;
      blob: Sha;
    }>
  /** No repository, or no commit on its default branch. */
  | Readonly<{ kind: "gone" }>;

/** Throws GitHubError. The commit is read first and the file at that commit, so that both belong together. */
export const readConfig = async (github: ConfigPort, repo: RepoId, ceiling: Ceiling): Promise<ConfigReading> => {
  const facts = await github.repository(repo);
  const commit = facts === null ? null : await github.branchHead(repo, facts.defaultBranch);
  if (commit === null) return { kind: "gone" };
  const file = await github.file(repo, CONFIG_PATH, commit);
  if (file === null) return { kind: "config", ...withinCeiling(DEFAULT_CONFIG, ceiling), commit, blob: null };
  const parsed = parseConfig(file.text);
  return parsed.ok
    ? { kind: "config", ...withinCeiling(parsed.value, ceiling), commit, blob: file.blob }
    : { kind: "problems", problems: parsed.error, prefix: prefixDespite(file.text), commit, blob: file.blob };
};
