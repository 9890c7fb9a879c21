// What a package.json says of dependencies, scripts and what may run at installation; nothing is resolved or fetched.
import { at, type Entries, entries, flat, isTable, joined, type Reader, type Tree } from "./entries.ts";
import { jsonPairs, readJson } from "./json.ts";

/** Where names stand over versions. Of the later ones names stand over names, to any depth. */
const SECTIONS = [
  "dependencies",
  "devDependencies",
  "peerDependencies",
  "optionalDependencies",
  "bundleDependencies",
  "bundledDependencies",
  "overrides",
  "resolutions",
  "pnpm",
  "catalog",
  "catalogs",
  "packageManager",
  "devEngines",
  "volta",
];

/** Workspaces are folders; only the catalogs among them name packages. */
const catalogsOf = (json: Tree): [string, string][] =>
  ["catalog", "catalogs"].flatMap((name) => flat(at(json, "workspaces", name), joined("workspaces", name)));

const REGISTRY = /(?:^|[:_\s-])registry$/i;
const PUBLIC = /^https:\/\/registry\.(?:npmjs\.org|yarnpkg\.com)\/?$/;

/** npm obeys these as it obeys `.npmrc`: for a scope they say where packages come from, too. */
const registriesOf = (json: Tree): [string, string][] =>
  flat(at(json, "publishConfig"), "publishConfig").filter(
    ([name, value]) => REGISTRY.test(name) && !PUBLIC.test(value),
  );

export const readDependencies: Reader = (text) => {
  const json = readJson(text);
  if (json === null) return null;
  return entries([
    ...SECTIONS.flatMap((section) => flat(json.get(section), section)),
    ...catalogsOf(json),
    ...registriesOf(json),
  ]);
};

export const readScripts: Reader = (text) => {
  const json = readJson(text);
  return json === null ? null : entries(flat(json.get("scripts"), "scripts"));
};

/** Hooks of git that a tool puts in place when packages are installed. */
const HOOKS = ["husky", "simple-git-hooks", "gitHooks", "pre-commit", "pre-push", "lint-staged"];
/** Settings that let packages run scripts, and what else runs at installation, as JSON text by name. */
const PERMISSIONS = [
  ["gypfile"],
  ["trustedDependencies"],
  ["dependenciesMeta"],
  ["allowScripts"],
  ["lavamoat"],
  ["pnpm", "onlyBuiltDependencies"],
  ["pnpm", "onlyBuiltDependenciesFile"],
  ["pnpm", "neverBuiltDependencies"],
  ["pnpm", "allowBuilds"],
  ["pnpm", "dangerouslyAllowAllBuilds"],
  ["pnpm", "configDependencies"],
  ...HOOKS.map((name) => [name]),
];

export const readPermissions: Reader = (text) => {
  const json = readJson(text);
  if (json === null) return null;
  const all = PERMISSIONS.flatMap((names) => {
    const found = at(json, ...names);
    // An empty list forbids all, which is a permission's end and no beginning.
    const nothing = found === undefined || (typeof found !== "string" && flat(found).length === 0 && !isTable(found));
    return nothing ? [] : [[names.join("."), written(found)] as const];
  });
  return entries(all);
};

const PERMISSION =
  /"(trustedDependencies|onlyBuiltDependencies|dangerouslyAllowAllBuilds|allowScripts|gypfile|simple-git-hooks|husky|gitHooks)"\s{0,20}:(.{0,300})/;

export const permissionFragments = (lines: readonly string[]): Entries =>
  entries(
    lines.flatMap((line): [string, string][] => {
      const [, name, value = ""] = PERMISSION.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.trim()]];
    }),
  );

const written = (tree: Tree): string =>
  typeof tree === "string"
    ? tree
    : flat(tree)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ");

/** Fields that look like a dependency when only a line of the file is seen. */
const NO_DEPENDENCY =
  /^(?:version|node|npm|yarn|pnpm|name|type|main|module|types|license|description|author|homepage|url)$/;
const VERSION = /^(?:[~^<>=v\s]*\d|\*$|latest$|next$|x$|[a-z+]+:|[\w.-]+\/[\w.-]+|\w+@\d)/i;

export const dependencyFragments = (lines: readonly string[]): Entries =>
  entries(jsonPairs(lines).filter(([name, value]) => !NO_DEPENDENCY.test(name) && VERSION.test(value)));

/** npm's own order: a protocol that is no registry's, an scp-like address, `owner/repository`, a path. */
const FOREIGN =
  /^\s*(?:(?:git|https?|ssh|file|link|portal|exec|gist|github|gitlab|bitbucket)(?:\+[a-z]+)?:|git@|[.~]{0,2}\/|[\w.-]+@[\w.-]+:|(?!@|npm:|workspace:|catalog:|patch:)[\w.-]+\/[\w.-]+(?:#.*)?$|[\w.-]+@https?:|[^\s]+\.t(?:gz|ar\.gz)$)/i;

/** Yarn's patch of another range, whose signs may be written as percentages. */
const PATCHED = /^\s*patch:(?:@[^@/\s]{1,200}\/)?[^@\s]{0,200}@([^#]*)/i;

const decoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

export const isForeign = (value: string): boolean => {
  const inner = PATCHED.exec(value)?.[1];
  return FOREIGN.test(value) || (inner !== undefined && isForeign(decoded(inner)));
};

const LIKELY =
  /^\s*(?:(?:git|ssh|file|link|portal|exec|gist|github|gitlab|bitbucket)(?:\+[a-z]+)?:|git@|https?:\S+\.(?:tgz|tar\.gz|git)\b|\w+@https?:)/i;

/** Without its section a value must say more before it counts: a homepage is an address too. */
export const sourceFragments = (lines: readonly string[]): Entries =>
  entries(
    jsonPairs(lines).filter(
      ([name, value]) => LIKELY.test(value) || (REGISTRY.test(name) && /^https?:/i.test(value) && !PUBLIC.test(value)),
    ),
  );
