// A file that can be run and could not be before.
import type { Rule } from "../rule.ts";

const EXECUTABLE = /^100[0-7]*[1357][0-7]*$/;
const runs = (mode: string | null): boolean => mode !== null && EXECUTABLE.test(mode);

export const newExecutable: Rule = ({ files }) =>
  files
    .filter(({ oldMode, newMode }) => runs(newMode) && !runs(oldMode))
    .map(({ path }) => ({ path, line: null, message: "The file becomes executable." }));
