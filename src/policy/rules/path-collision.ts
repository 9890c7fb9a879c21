// Two paths that one file system keeps apart and another takes for one: the second would overwrite or hide the first.
import { ancestors, collisionKey } from "../path-forms.ts";
import type { Finding, Rule } from "../rule.ts";
import { quote } from "../rule.ts";

/** The tree after the change: how each place, file or folder, is spelt. */
const placesOf = (paths: Iterable<string>): Map<string, Set<string>> => {
  const spellings = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const path of paths) {
    for (const place of [...ancestors(path), path]) {
      if (seen.has(place)) continue;
      seen.add(place);
      const key = collisionKey(place);
      spellings.set(key, (spellings.get(key) ?? new Set()).add(place));
    }
  }
  return spellings;
};

export const pathCollision: Rule = ({ files, base }) => {
  // Whoever applies a patch case-insensitively meets the old names too, so a removal makes no room for a new spelling.
  const renamed = new Map(
    files.flatMap((file) => (file.previousPath === null ? [] : [[file.path, file.previousPath]])),
  );
  const arriving = files.filter(({ kind }) => kind === "create" || kind === "rename").map(({ path }) => path);
  if (arriving.length === 0) return [];
  const staying = [
    ...(base?.modes.keys() ?? []),
    ...files.filter(({ kind }) => kind === "modify").map(({ path }) => path),
  ];
  const deleted = files.filter(({ kind }) => kind === "delete").map(({ path }) => path);
  const places = placesOf([...staying, ...deleted, ...arriving]);
  const filesThere = new Set([...staying, ...arriving]);
  const foldersThere = new Set([...filesThere].flatMap(ancestors));

  const leaving = new Set([...deleted, ...renamed.values()]);

  const found: Finding[] = [];
  const counts = new Map<string, number>();
  for (const path of arriving) {
    const say = (message: string) => found.push({ path, line: null, message });
    counts.set(path, (counts.get(path) ?? 0) + 1);
    if ((counts.get(path) ?? 0) > 1) say("The path comes twice.");
    if (base?.modes.has(path) && !leaving.has(path)) say("There is a file of this name.");
    const others = [...ancestors(path), path].flatMap((place) =>
      [...(places.get(collisionKey(place)) ?? [])].filter((spelling) => spelling !== place),
    );
    // A rename that only changes the spelling meets nothing but itself.
    const [other] = others.filter((spelling) => spelling !== renamed.get(path)).sort();
    if (other !== undefined)
      say(`Where case or Unicode form does not count, this is the same place as ${quote(other)}.`);
    if (foldersThere.has(path)) say("There is a folder of this name.");
    if (ancestors(path).some((folder) => filesThere.has(folder))) say("The path goes through a file.");
  }
  return found;
};
