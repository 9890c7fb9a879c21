// Whether the commands of one comment can all be meant. If not, none is applied: nobody guesses which one counted.
import type { CommandName } from "./catalogue.ts";
import type { CommandArguments } from "./grammar.ts";

const ASKING: ReadonlySet<CommandName> = new Set(["status", "help"]);
const PER_REPOSITORY: ReadonlySet<CommandName> = new Set(["approve", "reject", "revise"]);

/**
 * The names of commands that contradict, or null. Questions never do. Decisions do, unless each names a repository of its own:
 * `/approve acme/a` and `/revise acme/b …` go together.
 */
export const contradiction = (
  commands: readonly (CommandArguments & Readonly<{ name: CommandName }>)[],
): readonly CommandName[] | null => {
  const decisions = commands.filter((command) => !ASKING.has(command.name));
  if (decisions.length < 2) return null;
  // Each is of a criterion of its own: the same one twice was read once.
  if (decisions.every(({ name }) => name === "accept")) return null;
  const repositories = decisions.flatMap(({ name, target }) =>
    PER_REPOSITORY.has(name) && target?.kind === "repository" ? [target.fullName.toLowerCase()] : [],
  );
  const apart = repositories.length === decisions.length && new Set(repositories).size === decisions.length;
  return apart ? null : [...new Set(decisions.map(({ name }) => name))];
};
