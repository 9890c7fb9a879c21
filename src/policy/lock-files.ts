// Which lock files there are, what they are the lock of, and from where each may bring packages without a question.
import { basename } from "./path-forms.ts";

export type LockKind = Readonly<{
  lock: RegExp;
  manifest: RegExp;
  /** Origins as `originOf` writes them. */
  registries: readonly string[];
  /** The lines that name where a package is fetched from; null where any address in the file does. */
  fetched: RegExp | null;
}>;

const NPM = ["registry.npmjs.org", "registry.yarnpkg.com", "npm.jsr.io"];
const PYTHON = ["pypi.org", "files.pythonhosted.org"];

export const LOCK_KINDS: readonly LockKind[] = [
  {
    lock: /^(?:package-lock|npm-shrinkwrap)\.json$/i,
    manifest: /^package\.json$/i,
    registries: NPM,
    fetched: /"(?:resolved|version|from)"\s*:/,
  },
  { lock: /^(?:yarn\.lock|bun\.lockb?)$/i, manifest: /^package\.json$/i, registries: NPM, fetched: null },
  {
    lock: /^pnpm-lock\.ya?ml$/i,
    manifest: /^(?:package\.json|pnpm-workspace\.ya?ml)$/i,
    registries: NPM,
    fetched: /^(?!\s*deprecated:)/,
  },
  {
    lock: /^deno\.lock$/i,
    manifest: /^(?:deno\.jsonc?|package\.json|import_map\.json)$/i,
    registries: [...NPM, "jsr.io", "deno.land"],
    fetched: null,
  },
  {
    lock: /^cargo\.lock$/i,
    manifest: /^cargo\.toml$/i,
    registries: ["github.com/rust-lang/crates.io-index", "index.crates.io", "static.crates.io"],
    fetched: null,
  },
  { lock: /^go\.(?:work\.)?sum$/i, manifest: /^go\.(?:mod|work)$/i, registries: [], fetched: null },
  {
    lock: /^(?:gemfile|gems)\.lock(?:ed)?$|^gems\.locked$/i,
    manifest: /^(?:gemfile|gems\.rb|.*\.gemspec)$/i,
    registries: ["rubygems.org"],
    fetched: null,
  },
  {
    lock: /^(?:poetry|uv|pdm|pylock)\.(?:lock|toml)$/i,
    manifest: /^(?:pyproject\.toml|setup\.(?:py|cfg))$/i,
    registries: PYTHON,
    fetched: /\b(?:url|registry|git|source|index)\b/,
  },
  { lock: /^pipfile\.lock$/i, manifest: /^pipfile$/i, registries: PYTHON, fetched: null },
  {
    lock: /^composer\.lock$/i,
    manifest: /^composer\.json$/i,
    registries: ["api.github.com", "packagist.org", "repo.packagist.org"],
    fetched: /"url"\s*:/,
  },
  {
    lock: /^packages\.lock\.json$/i,
    manifest: /\.(?:cs|fs|vb)proj$|^directory\.packages\.props$/i,
    registries: ["api.nuget.org"],
    fetched: null,
  },
  { lock: /^mix\.lock$/i, manifest: /^mix\.exs$/i, registries: ["hex.pm", "repo.hex.pm"], fetched: null },
  { lock: /^pubspec\.lock$/i, manifest: /^pubspec\.yaml$/i, registries: ["pub.dev"], fetched: null },
  { lock: /^podfile\.lock$/i, manifest: /^podfile$/i, registries: ["cdn.cocoapods.org", "trunk"], fetched: null },
  { lock: /^package\.resolved$/i, manifest: /^package\.swift$/i, registries: [], fetched: null },
  {
    lock: /^gradle\.lockfile$|^buildscript-gradle\.lockfile$/i,
    manifest: /\.gradle(?:\.kts)?$|^libs\.versions\.toml$/i,
    registries: [],
    fetched: null,
  },
  { lock: /^flake\.lock$/i, manifest: /^flake\.nix$/i, registries: [], fetched: null },
  { lock: /^chart\.lock$/i, manifest: /^chart\.ya?ml$/i, registries: [], fetched: null },
  { lock: /^\.terraform\.lock\.hcl$/i, manifest: /\.tf$/i, registries: ["registry.terraform.io"], fetched: null },
];

export const lockKindOf = (path: string): LockKind | null =>
  LOCK_KINDS.find(({ lock }) => lock.test(basename(path))) ?? null;

const ADDRESS = /(?:[a-z][a-z0-9+.-]{0,20}:)?\/\/[^\s"'<>()[\]{},]+|\b[\w.-]{1,64}@[\w.-]{1,253}:[^\s"'<>()[\]{},]+/gi;
/** Anybody may have a repository here, so the host alone says nothing. */
const SHARED_HOST =
  /^(?:(?:www|codeload|raw|gist)\.)?(?:github|gitlab|bitbucket|codeberg|githubusercontent)\.(?:com|org)$|^raw\.githubusercontent\.com$/;

/**
 * Whose word an address takes: host in lower case, with owner and repository where hosts are shared, and with the
 * scheme where it is not encrypted. `null` when it cannot be read, which is no origin that anyone knows.
 */
export const originOf = (address: string): string | null => {
  const scp = /^[\w.-]+@([\w.-]+):(?!\/\/)(.+)/.exec(address);
  const text = scp !== null ? `ssh://${scp[1]}/${scp[2]}` : address.startsWith("//") ? `https:${address}` : address;
  // Without the word before the scheme, as in `git+https://`.
  const plain = text.replace(/^[a-z0-9.-]+\+(?=[a-z]+:)/i, "");
  if (!URL.canParse(plain)) return null;
  const url = new URL(plain);
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  if (host === "") return null;
  const place = SHARED_HOST.test(host)
    ? [host, ...url.pathname.split("/").filter(Boolean).slice(0, 2)].join("/")
    : host;
  return /^(?:http|git|ftp):/.test(url.protocol) ? `${url.protocol}//${place}` : place.replace(/\.git$/, "");
};

/** The origins of one line, unreadable ones as null. */
export const originsIn = (line: string): readonly (string | null)[] =>
  [...line.matchAll(ADDRESS)].map(([address]) => originOf(address));
