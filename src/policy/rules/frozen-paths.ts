// Paths that the repository's configuration freezes.
import { coveringMatcher } from "../glob.ts";
import { firstLine, pathsOf } from "../proposal.ts";
import type { Rule } from "../rule.ts";

export const frozenPaths: Rule = ({ files }, { frozen }) => {
  const match = coveringMatcher(frozen);
  return files.flatMap((file) =>
    pathsOf(file).flatMap((path) => {
      const pattern = match(path);
      const line = path === file.path ? firstLine(file) : null;
      return pattern === null ? [] : [{ path, line, message: `The configuration freezes \`${pattern}\`.` }];
    }),
  );
};
