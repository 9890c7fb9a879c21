// A path that leads through a symbolic link or a submodule ends somewhere else than it says.
import { ancestors, collisionKey } from "../path-forms.ts";
import { pathsOf } from "../proposal.ts";
import type { Rule } from "../rule.ts";

export const symlinkedParent: Rule = ({ files, base }) => {
  const links = new Set<string>();
  const note = (path: string, mode: string | null) => {
    if (mode === "120000" || mode === "160000") links.add(collisionKey(path));
  };
  for (const [path, mode] of base?.modes ?? []) note(path, mode);
  for (const file of files) {
    note(file.path, file.newMode);
    note(file.previousPath ?? file.path, file.oldMode);
  }
  if (links.size === 0) return [];
  return files.flatMap((file) =>
    pathsOf(file)
      .filter((path) => ancestors(path).some((folder) => links.has(collisionKey(folder))))
      .map((path) => ({ path, line: null, message: "The path goes through a symbolic link or a submodule." })),
  );
};
