// Rules that forbid, or point at, whatever matches a list of paths.
import { matcher } from "./glob.ts";
import { firstLine, pathsOf } from "./proposal.ts";
import type { Rule } from "./rule.ts";

/** A rule that finds each changed, added, removed or renamed file that the list matches. */
export const listed = (patterns: readonly string[], message: string): Rule => {
  const match = matcher(patterns);
  return ({ files }) =>
    files.flatMap((file) =>
      pathsOf(file)
        .filter(match)
        .map((path) => ({ path, line: path === file.path ? firstLine(file) : null, message })),
    );
};
