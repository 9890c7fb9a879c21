// A lock file that changes although nobody asked for other dependencies.
import { lockKindOf } from "../lock-files.ts";
import { changesOf } from "../manifests/entries.ts";
import { MANIFESTS } from "../manifests/kinds.ts";
import { ancestors, basename } from "../path-forms.ts";
import { asOfKind, isUnseen, type ProposedFile, pathsOf } from "../proposal.ts";
import type { Rule } from "../rule.ts";

const folderOf = (path: string): string => path.slice(0, path.length - basename(path).length);

/** A new version of the package itself stands in its lock too: in so many lines, and in no other. */
const OWN_VERSION = /^\s*"?(?:version|name)"?\s*[:=]\s*"[^"]*",?\s*$/;
const MOST_OWN_LINES = 4;

/** Whether a manifest asks for other dependencies. One that cannot be read counts when it changes at all. */
const asksForOthers = (file: ProposedFile): boolean => {
  const kind = MANIFESTS.find(({ isMeant }) => pathsOf(file).some(isMeant));
  const seen = kind === undefined ? null : asOfKind(file, kind.isMeant);
  if (kind === undefined || seen === null || isUnseen(seen) || kind.isProgram) return true;
  const { entries, whole } = changesOf(seen, kind.read, kind.fragments.dependencies);
  return entries.length > 0 || (!whole && [...file.added, ...file.removed].some(({ text }) => !kind.isRead(text)));
};

const isOwnVersion = ({ added, removed }: ProposedFile): boolean =>
  added.length > 0 &&
  added.length <= MOST_OWN_LINES &&
  removed.length <= MOST_OWN_LINES &&
  [...added, ...removed].every(({ text }) => OWN_VERSION.test(text.slice(0, 500)));

/** A workspace has its manifests below the folder of its lock. */
const foldersAround = (path: string): string[] => ["", ...ancestors(path).map((folder) => `${folder}/`)];

/** By folder, the names of the files in it and below it. */
type Places = Map<string, Set<string>>;

const note = (places: Places, path: string): void => {
  for (const folder of foldersAround(path)) {
    const names = places.get(folder) ?? new Set();
    names.add(basename(path));
    places.set(folder, names);
  }
};
const has = (places: Places, folder: string, manifest: RegExp): boolean =>
  [...(places.get(folder) ?? [])].some((name) => manifest.test(name));

export const lockWithoutManifest: Rule = ({ files }) => {
  const changed: Places = new Map();
  const asking: Places = new Map();
  for (const file of files) {
    const asks = asksForOthers(file);
    for (const path of pathsOf(file)) {
      note(changed, path);
      if (asks) note(asking, path);
    }
  }
  return files.flatMap((file) =>
    pathsOf(file).flatMap((path) => {
      const kind = lockKindOf(path);
      if (kind === null || has(asking, folderOf(path), kind.manifest)) return [];
      const touched = has(changed, folderOf(path), kind.manifest);
      if (touched && isOwnVersion(file)) return [];
      const message = touched
        ? "The lock file changes, the dependencies in its manifest do not."
        : "The lock file changes, its manifest does not.";
      return [{ path, line: null, message }];
    }),
  );
};
