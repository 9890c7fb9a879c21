// What a path says of its file's part in a change: tests, changelogs, lock files, what is made by machines.

const TEST =
  /(?:^|\/)(?:tests?|__tests__|specs?|testdata|fixtures?|test-d)\/|[._-](?:test|spec)\.[a-z]+$|_test\.go$|(?:^|\/)(?:test_[^/]+|conftest)\.py$|\.test-d\.ts$/i;
const CHANGELOG = /(?:^|\/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASES?)(?:\.\w+)?$/i;
const LOCK =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|go\.sum|Gemfile\.lock|composer\.lock|flake\.lock)$/i;
const GENERATED =
  /(?:^|\/)(?:node_modules|vendor|third_party|dist|\.next)\/|\.min\.(?:js|css)$|\.map$|\.(?:png|jpe?g|gif|webp|avif|ico|bmp|svgz?|pdf|zip|gz|tgz|bz2|xz|7z|jar|war|class|o|a|so|dylib|dll|exe|wasm|woff2?|ttf|otf|eot|mp[34]|mov|webm|ogg|wav|bin|dat|sqlite|db|pyc)$/i;

export const isTest = (path: string): boolean => TEST.test(path);
export const isChangelog = (path: string): boolean => CHANGELOG.test(path);
export const isLockFile = (path: string): boolean => LOCK.test(path);

/** Nobody edits these by hand, and nobody reads them. */
export const isMachineMade = (path: string): boolean => LOCK.test(path) || GENERATED.test(path);

/** The name that a test and what it tests share: `src/slug.ts`, `test/slug.test.ts`, `test_slug.py` are all `slug`. */
export const sharedName = (path: string): string =>
  path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/\.(?:d\.)?[a-z]+$/i, "")
    .replace(/[._-]?(?:test|spec)s?$|^(?:test|spec)[._-]/i, "")
    .replace(/^_/, "")
    .toLowerCase();
