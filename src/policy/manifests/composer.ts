// composer.json: packages, where they come from, and what runs when they are installed.
import { at, type Entries, entries, flat, joined, type Reader } from "./entries.ts";
import { jsonPairs, readJson } from "./json.ts";

const SECTIONS = ["require", "require-dev", "replace", "provide", "conflict", "repositories", "minimum-stability"];
/** Settings without which a package comes from whoever sits on the way. */
const UNSAFE = ["secure-http", "disable-tls", "cafile", "capath"];

export const readComposer: Reader = (text) => {
  const json = readJson(text);
  if (json === null) return null;
  return entries([
    ...SECTIONS.flatMap((section) => flat(json.get(section), section)),
    ...UNSAFE.flatMap((name) => flat(at(json, "config", name), joined("config", name))),
  ]);
};

const ON_INSTALL =
  /^(?:pre|post)-(?:install|update|status|archive|autoload|root-package|create-project|package|operations|pool|file|command|dependencies)|^init$|^command$/;

const scriptsOf = (text: string, wanted: (name: string) => boolean): Entries | null => {
  const json = readJson(text);
  if (json === null) return null;
  const scripts = flat(json.get("scripts"), "scripts").filter(([name]) => wanted(name.split(" > ")[1] ?? ""));
  return entries(scripts);
};

export const readComposerScripts: Reader = (text) => scriptsOf(text, (name) => !ON_INSTALL.test(name));

export const readComposerInstall: Reader = (text) => {
  const [json, scripts] = [readJson(text), scriptsOf(text, (name) => ON_INSTALL.test(name))];
  if (json === null || scripts === null) return null;
  const allowed = flat(at(json, "config", "allow-plugins"), joined("config", "allow-plugins"));
  return entries([
    ...scripts,
    ...allowed.filter(([, value]) => value !== "false"),
    ...flat(at(json, "extra", "class"), "extra > class"),
  ]);
};

export const composerFragments = (lines: readonly string[]): Entries =>
  entries(
    jsonPairs(lines).filter(([name, value]) => /^(?:[\w.-]+\/[\w.-]+|php|(?:ext|lib)-\w+)$/.test(name) && value !== ""),
  );

export const composerInstallFragments = (lines: readonly string[]): Entries =>
  entries([
    ...jsonPairs(lines).filter(([name]) => ON_INSTALL.test(name)),
    ...lines
      .filter((line) => /"allow-plugins"\s{0,20}:/.test(line))
      .map((line): [string, string] => ["allow-plugins", line]),
    ...lines.flatMap((line): [string, string][] => {
      const name = /"([\w-]{1,60})"\s{0,20}:\s{0,20}\[/.exec(line)?.[1];
      return name !== undefined && ON_INSTALL.test(name) ? [[name, line]] : [];
    }),
  ]);
