// The manifests whose dependencies are read one by one: by which name, how, and what is no registry's.
import { matcher } from "../glob.ts";
import { ancestors, basename } from "../path-forms.ts";
import { isForeignCargoKey, isTomlLine, readCargo, tomlFragments } from "./cargo.ts";
import { composerFragments, readComposer } from "./composer.ts";
import { type Entries, lastOf, type Reader } from "./entries.ts";
import { isGemLine, readGemfile } from "./gemfile.ts";
import { goModFragments, isGoModLine, readGoMod } from "./go-mod.ts";
import { isJsonLine } from "./json.ts";
import { dependencyFragments, isForeign, readDependencies, sourceFragments } from "./package-json.ts";
import { isForeignPython, pythonFragments, readPython } from "./python.ts";
import { isForeignRequirement, readRequirements } from "./requirements.ts";

type Fragments = (lines: readonly string[]) => Entries;

export type ManifestKind = Readonly<{
  isMeant: (path: string) => boolean;
  read: Reader;
  /** Of changed lines alone: what looks like a dependency, and what looks like a source that is no registry's. */
  fragments: Readonly<{ dependencies: Fragments; sources: Fragments }>;
  isForeign: (name: string, value: string, path: string) => boolean;
  /** Whether a line, seen by itself, is wholly understood. */
  isRead: (line: string) => boolean;
  /** A program may name dependencies in ways that no reader of lines sees. */
  isProgram: boolean;
}>;

const listed = (patterns: readonly string[]): ((path: string) => boolean) => {
  const match = matcher(patterns);
  return (path) => match(path) !== null;
};

/** Whether a path in a manifest leads out of the repository. */
const leaves = (path: string, value: string): boolean => {
  if (/^(?:[/\\~]|[a-z]:|file:)/i.test(value)) return true;
  let depth = ancestors(path).length;
  for (const segment of value.split(/[/\\]/)) {
    if (segment === "..") depth--;
    else if (segment !== "." && segment !== "") depth++;
    if (depth < 0) return true;
  }
  return false;
};

const always = () => true;
const sameFor = (fragments: Fragments) => ({ dependencies: fragments, sources: fragments });
const linesOf =
  (read: (text: string) => Entries): Fragments =>
  (lines) =>
    read(lines.join("\n"));

const path = (name: string): boolean => lastOf(name) === "path";

const GEM_SOURCE = /\b(?:git|github|gist|bitbucket)\b\s{0,50}(?::|=>)/;
const GEM_PATH = /\bpath\b\s{0,50}(?::|=>)\s{0,50}["']([^"']{0,300})["']/;

export const MANIFESTS: readonly ManifestKind[] = [
  {
    isMeant: (file) => basename(file).toLowerCase() === "package.json",
    read: readDependencies,
    fragments: { dependencies: dependencyFragments, sources: sourceFragments },
    isForeign: (_, value) => isForeign(value),
    isRead: isJsonLine,
    isProgram: false,
  },
  {
    isMeant: listed(["**/{,*}requirements*.{txt,in}", "**/constraints*.txt", "**/requirements/*.{txt,in}"]),
    read: readRequirements,
    fragments: sameFor(linesOf(readRequirements)),
    isForeign: isForeignRequirement,
    isRead: always,
    isProgram: false,
  },
  {
    isMeant: listed(["**/pyproject.toml", "**/pipfile"]),
    read: readPython,
    fragments: sameFor(pythonFragments),
    isForeign: (name, value, file) => (path(name) ? leaves(file, value) : isForeignPython(name, value)),
    isRead: isTomlLine,
    isProgram: false,
  },
  {
    isMeant: listed(["**/cargo.toml"]),
    read: readCargo,
    fragments: sameFor(tomlFragments),
    isForeign: (name, value, file) => (path(name) ? leaves(file, value) : isForeignCargoKey(lastOf(name))),
    isRead: isTomlLine,
    isProgram: false,
  },
  {
    isMeant: listed(["**/go.mod", "**/go.work"]),
    read: readGoMod,
    fragments: sameFor(goModFragments),
    isForeign: (name) => name.startsWith("replace"),
    isRead: isGoModLine,
    isProgram: false,
  },
  {
    isMeant: listed(["**/gemfile", "**/gems.rb", "**/*.gemspec"]),
    read: readGemfile,
    fragments: sameFor(linesOf(readGemfile)),
    isForeign: (name, value, file) =>
      GEM_SOURCE.test(value) ||
      /^(?:git|github|git_source|plugin|eval_gemfile)$/.test(name) ||
      (name === "source" && !/^["'(\s]*https:\/\/rubygems\.org\/?["']/.test(value)) ||
      leaves(file, (name === "path" ? /["']([^"']*)/ : GEM_PATH).exec(value)?.[1] ?? ""),
    isRead: isGemLine,
    isProgram: true,
  },
  {
    isMeant: (file) => basename(file).toLowerCase() === "composer.json",
    read: readComposer,
    fragments: sameFor(composerFragments),
    isForeign: (name) => name.startsWith("repositories") || name.startsWith("config"),
    isRead: isJsonLine,
    isProgram: false,
  },
];
