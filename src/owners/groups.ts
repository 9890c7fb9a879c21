// Which owners the paths of a change have: paths of the same owners are one group, and each group needs one of them. Pure.
import { type Owner, ownerName, type Rule } from "./parse.ts";
import { matches } from "./pattern.ts";

export type Group = Readonly<{ paths: readonly [string, ...string[]]; owners: readonly Owner[] }>;

/** The last rule that matches has the word, also where it names nobody. */
export const ownersOf = (rules: readonly Rule[], path: string): readonly Owner[] =>
  rules.findLast(({ pattern }) => matches(pattern, path))?.owners ?? [];

const keyOf = (owners: readonly Owner[]): string =>
  owners
    .map((owner) => ownerName(owner).toLowerCase())
    .sort()
    .join(" ");

/** Both names of what is renamed: it leaves one owner's place and comes to another's. */
export const pathsOf = (
  changes: readonly Readonly<{ path: string; previousPath: string | null }>[],
): readonly string[] => [
  ...new Set(changes.flatMap(({ path, previousPath }) => (previousPath === null ? [path] : [previousPath, path]))),
];

/** In the order of the paths; paths that nobody owns are in none. */
export const groupsOf = (rules: readonly Rule[], paths: readonly string[]): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (const path of paths) {
    const owners = ownersOf(rules, path);
    if (owners.length === 0) continue;
    const key = keyOf(owners);
    const known = groups.get(key);
    groups.set(key, known === undefined ? { paths: [path], owners } : { ...known, paths: [...known.paths, path] });
  }
  return [...groups.values()];
};
