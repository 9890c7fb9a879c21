// A door to reading that asks GitHub once for what a single job needs again and again: commits, trees, a repository's rules.
import type { InstallationId, RepoId } from "../ids.ts";
import type { GitHub } from "./github.ts";
import type { Reading } from "./reading.ts";

type Ask<Args extends readonly unknown[], Answer> = (...args: Args) => Promise<Answer>;

/** The same question has the same answer; one that failed is asked anew. */
const once = <Args extends readonly unknown[], Answer>(ask: Ask<Args, Answer>): Ask<Args, Answer> => {
  const answers = new Map<string, Promise<Answer>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const asked = ask(...args);
    answers.set(key, asked);
    asked.catch(() => answers.delete(key));
    return asked;
  };
};

type Memory = Pick<Reading, "repository" | "branchHead" | "file" | "commit" | "tree">;

const remembering = (newest: () => Reading): Memory => ({
  repository: once((repo) => newest().repository(repo)),
  branchHead: once((repo, branch) => newest().branchHead(repo, branch)),
  file: once((repo, path, ref) => newest().file(repo, path, ref)),
  commit: once((repo, ref) => newest().commit(repo, ref)),
  tree: once((repo, tree) => newest().tree(repo, tree)),
});

/**
 * For the length of one job, and no longer: heads and configurations are those of the first time. Each door is still opened
 * anew, so that no token outlives its time.
 */
export const remembered = (github: Pick<GitHub, "reading">): Pick<GitHub, "reading"> => {
  const memories = new Map<string, { reading: Reading; memory: Memory }>();
  return {
    reading: async (installation: InstallationId, repos: readonly RepoId[], signal?: AbortSignal) => {
      const reading = await github.reading(installation, repos, signal);
      const key = JSON.stringify([installation, repos]);
      const known = memories.get(key);
      if (known !== undefined) {
        known.reading = reading;
        return { ...reading, ...known.memory };
      }
      const memory = remembering(() => memories.get(key)?.reading ?? reading);
      memories.set(key, { reading, memory });
      return { ...reading, ...memory };
    },
  };
};
