// A file whose mode changes: edits cannot ask for it, so where it happens nobody meant it.
import type { Rule } from "../rule.ts";

export const modeChange: Rule = ({ files }) =>
  files
    .filter(({ oldMode, newMode }) => oldMode !== null && newMode !== null && oldMode !== newMode)
    .map(({ path, oldMode, newMode }) => ({
      path,
      line: null,
      message: `The file mode changes from ${oldMode} to ${newMode}.`,
    }));
