// Which tasks a complaint is about: what goes back to a proposer goes to those whose files it names. Pure.
import type { PlanTask } from "../../artifacts/plan.ts";
import type { FileChange } from "../../patches/patch-set.ts";

type Task = Pick<PlanTask, "id" | "files">;
type Change = Pick<FileChange, "path" | "previousPath" | "tasks">;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** As a word of its own: `src/slug.js` is not named by `src/slug.json`, nor T1 by T12. */
const names = (words: string, name: string): boolean =>
  new RegExp(`(?<![\\w/.-])${escaped(name)}(?![\\w/-]|\\.\\w)`, "u").test(words);

/** The whole path, or the file's own name where that tells it from others. */
const namesFile = (words: string, path: string): boolean => {
  const own = path.split("/").at(-1) ?? path;
  return names(words, path) || (own.includes(".") && names(words, own));
};

/** All of them where the words name none. In the order of `tasks`. */
const orAll = (tasks: readonly Task[], ids: ReadonlySet<string>): readonly string[] => {
  const named = tasks.map(({ id }) => id).filter((id) => ids.has(id));
  return named.length === 0 ? tasks.map(({ id }) => id) : named;
};

/** `tasks` are those of one repository, `changes` what they came to. */
export const concernedByWords = (
  words: string,
  tasks: readonly Task[],
  changes: readonly Change[] = [],
): readonly string[] => {
  const byId = tasks.filter(({ id, files }) => names(words, id) || files.some((path) => namesFile(words, path)));
  const byChange = changes.filter(({ path, previousPath }) =>
    [path, previousPath].some((one) => one !== null && namesFile(words, one)),
  );
  return orAll(tasks, new Set([...byId.map(({ id }) => id), ...byChange.flatMap((change) => change.tasks)]));
};

/** A rule names a path, or the change as a whole. */
export const concernedByPath = (
  path: string | null,
  tasks: readonly Task[],
  changes: readonly Change[],
): readonly string[] => {
  const there = changes.filter((change) => path !== null && (change.path === path || change.previousPath === path));
  return orAll(tasks, new Set(there.flatMap((change) => change.tasks)));
};
