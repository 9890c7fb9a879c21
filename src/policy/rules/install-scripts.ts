// What runs when a package is installed, on every developer's machine and on the build server.
import { readCargoBuild, tomlFragments } from "../manifests/cargo.ts";
import { composerInstallFragments, readComposerInstall } from "../manifests/composer.ts";
import { changesOf, type Entries, entries, lastOf, type Reader } from "../manifests/entries.ts";
import { jsonPairs } from "../manifests/json.ts";
import { permissionFragments, readPermissions, readScripts } from "../manifests/package-json.ts";
import { readPythonBuild } from "../manifests/python.ts";
import { basename } from "../path-forms.ts";
import { asOfKind, isUnseen, type ProposedFile } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";

const ON_INSTALL =
  /^(?:(?:pre|post)?(?:install|uninstall|prepare|pack|publish|version)|prepublish(?:Only)?|preprepare|postprepare|dependencies|pnpm:devPreinstall)$/;
export const isOnInstall = (name: string): boolean => ON_INSTALL.test(lastOf(name));

type Kind = Readonly<{
  file: RegExp;
  read: Reader;
  fragments: (lines: readonly string[]) => Entries;
  counts: (name: string) => boolean;
  message: (name: string) => string;
}>;

const runs = (name: string): string => `The script ${quote(name)} would run at installation.`;
const lets = (name: string): string => `${quote(name)} lets packages run scripts.`;
const builds = (name: string): string =>
  `${quote(name)} names a program that runs when this package is built or installed.`;

const always = () => true;
const only =
  (names: RegExp, read: (lines: readonly string[]) => Entries) =>
  (lines: readonly string[]): Entries =>
    entries([...read(lines)].filter(([name]) => names.test(name)));

const KINDS: readonly Kind[] = [
  {
    file: /^package\.json$/i,
    read: readScripts,
    fragments: (lines) => entries(jsonPairs(lines).filter(([name]) => isOnInstall(name))),
    counts: isOnInstall,
    message: runs,
  },
  { file: /^package\.json$/i, read: readPermissions, fragments: permissionFragments, counts: always, message: lets },
  {
    file: /^composer\.json$/i,
    read: readComposerInstall,
    fragments: composerInstallFragments,
    counts: always,
    message: runs,
  },
  {
    file: /^cargo\.toml$/i,
    read: readCargoBuild,
    fragments: only(/^(?:build|links|proc-macro)$/, tomlFragments),
    counts: always,
    message: builds,
  },
  {
    file: /^pyproject\.toml$/i,
    read: readPythonBuild,
    fragments: only(/^(?:backend-path|custom-hook|setup-script|(?:pre|post)_\w+)$/, tomlFragments),
    counts: always,
    message: builds,
  },
];

/** A new file of this name is run by the tool that installs the package around it. */
const RUN_BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^binding\.gyp$/i, "With this file, npm builds native code at installation."],
  [/^setup\.py$/i, "With this file, Python's tools run a program at installation."],
  [/^build\.rs$/i, "With this file, Cargo runs a program before it builds."],
  [/^(?:extconf|rubygems_plugin)\.rb$/i, "With this file, RubyGems runs a program at installation."],
  [/^(?:sitecustomize|usercustomize)\.py$|\.pth$/i, "Python runs this file whenever it starts."],
];

/** How other files mark, line by line, that something runs. */
const MARKS: readonly Readonly<{ file: RegExp; line: RegExp; message: string }>[] = [
  {
    file: /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml)$/i,
    line: /"hasInstallScript"\s{0,20}:\s{0,20}true|^\s*requiresBuild:\s{0,20}true/,
    message: "A package that runs a script at installation is added.",
  },
  {
    file: /\.gemspec$/i,
    line: /\.extensions\b/,
    message: "RubyGems builds native code at installation.",
  },
  {
    file: /\.podspec$|^podfile$/i,
    line: /\b(?:prepare_command|script_phases?|(?:pre|post)_install|post_integrate)\b/,
    message: "CocoaPods runs this at installation.",
  },
];

const UNSEEN = "This manifest comes from elsewhere, and the diff does not show what it runs at installation.";

const marksIn = ({ path, added }: ProposedFile, { line, message }: (typeof MARKS)[number]): Finding[] =>
  added.filter(({ text }) => line.test(text)).map(({ number }) => ({ path, line: number, message }));

const inFile = (file: ProposedFile): Finding[] => {
  const { path } = file;
  const named = (name: RegExp) => (one: string) => name.test(basename(one));
  const read = KINDS.flatMap((kind): Finding[] => {
    const seen = asOfKind(file, named(kind.file));
    if (seen === null) return [];
    if (isUnseen(seen)) return [{ path, line: null, message: UNSEEN }];
    return changesOf(seen, kind.read, kind.fragments)
      .entries.filter(({ name, now }) => now !== null && kind.counts(name))
      .map(({ name, line }) => ({ path, line, message: kind.message(name) }));
  });
  const files = RUN_BY_NAME.flatMap(([name, message]): Finding[] =>
    asOfKind(file, named(name))?.kind === "create" ? [{ path, line: null, message }] : [],
  );
  const marks = MARKS.flatMap((mark) => {
    const seen = asOfKind(file, named(mark.file));
    return seen === null ? [] : marksIn(seen, mark);
  });
  return [...read, ...files, ...marks];
};

export const installScripts: Rule = ({ files }) => files.flatMap(inFile);
