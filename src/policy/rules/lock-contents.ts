// A lock file whose entries do not fit: another package's address, or other content under the version that was there.
import { changesOf, type Entries, entries, isTable, joined, type Reader, type Tree } from "../manifests/entries.ts";
import { readJson } from "../manifests/json.ts";
import { readToml } from "../manifests/toml.ts";
import { basename } from "../path-forms.ts";
import { asOfKind, type ProposedFile } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";

/** The package whose place in `node_modules` this is. */
const npmName = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

/** `https://registry/@scope/name/-/name-1.0.0.tgz` → `@scope/name`; null for an address of another form. */
export const packageOf = (address: string): string | null => {
  const path = URL.canParse(address) ? new URL(address).pathname : "";
  const plain = path.replace(/%2f/gi, "/").replace(/%40/g, "@");
  return /\/((?:@[^/]+\/)?[^/]+)\/-\/[^/]*$/.exec(plain)?.[1] ?? null;
};

/** What fixes the content of each package: version and hash, below its name and version. */
type Hashes = Readonly<{ file: RegExp; read: Reader; fragments: (lines: readonly string[]) => Entries }>;

const npmPackages = (json: Tree): [string, ReadonlyMap<string, Tree>][] =>
  ["packages", "dependencies"].flatMap((section) => {
    const found = isTable(json) ? json.get(section) : undefined;
    return [...(isTable(found) ? found : [])].flatMap(([name, entry]): [string, ReadonlyMap<string, Tree>][] =>
      isTable(entry) ? [[name, entry]] : [],
    );
  });

const textAt = (table: ReadonlyMap<string, Tree>, name: string): string => {
  const found = table.get(name);
  return typeof found === "string" ? found : "";
};

const readNpm: Reader = (text) => {
  const json = readJson(text);
  if (json === null) return null;
  return entries(
    npmPackages(json).flatMap(([place, entry]): [string, string][] => {
      const hash = textAt(entry, "integrity");
      return hash === "" ? [] : [[`${npmName(`node_modules/${place}`)}@${textAt(entry, "version")}`, hash]];
    }),
  );
};

const readCargo: Reader = (text) => {
  const list = readToml(text)?.get("package");
  if (list === undefined || typeof list === "string" || isTable(list)) return null;
  return entries(
    list.flatMap((entry): [string, string][] => {
      if (!isTable(entry)) return [];
      const hash = textAt(entry, "checksum");
      return hash === "" ? [] : [[`${textAt(entry, "name")}@${textAt(entry, "version")}`, hash]];
    }),
  );
};

/** `module version hash`, one a line: the same in the whole file and in changed lines. */
const goSums = (lines: readonly string[]): Entries =>
  entries(
    lines.flatMap((line): [string, string][] => {
      const [module, version, hash] = line.trim().split(/\s+/);
      return hash === undefined ? [] : [[`${module}@${version}`, hash]];
    }),
  );

const nothing = (): Entries => new Map();

const HASHES: readonly Hashes[] = [
  { file: /^(?:package-lock|npm-shrinkwrap)\.json$/i, read: readNpm, fragments: nothing },
  { file: /^cargo\.lock$/i, read: readCargo, fragments: nothing },
  { file: /^go\.(?:work\.)?sum$/i, read: (text) => goSums(text.split("\n")), fragments: goSums },
];

const otherContent = (file: ProposedFile): Finding[] =>
  HASHES.flatMap((kind): Finding[] => {
    const seen = asOfKind(file, (path) => kind.file.test(basename(path)));
    if (seen === null) return [];
    return changesOf(seen, kind.read, kind.fragments)
      .entries.filter(({ old, now }) => old !== null && now !== null)
      .map(({ name, line }) => ({
        path: file.path,
        line,
        message: `${quote(name)} would have other content than before, under the same version.`,
      }));
  });

/** An alias says so in an entry of its own; where it does not, the address has to be that of the package. */
const strangers = (text: string): [string, string][] =>
  npmPackages(readJson(text) ?? new Map()).flatMap(([place, entry]): [string, string][] => {
    const from = packageOf(textAt(entry, "resolved"));
    const name = textAt(entry, "name") || npmName(`node_modules/${place}`);
    const isAlias = textAt(entry, "version").startsWith("npm:");
    return from === null || from === name || isAlias || place === "" ? [] : [[name, from]];
  });

const otherPackage = (file: ProposedFile): Finding[] => {
  const seen = asOfKind(file, (path) => /^(?:package-lock|npm-shrinkwrap)\.json$/i.test(basename(path)));
  if (seen === null || seen.after === null) return [];
  const old = new Set(strangers(seen.before ?? "").map((pair) => joined(...pair)));
  return strangers(seen.after)
    .filter((pair) => !old.has(joined(...pair)))
    .map(([name, from]) => ({
      path: file.path,
      line: seen.added.find(({ text }) => text.includes(`/${from}/-/`))?.number ?? null,
      message: `The address of ${quote(name)} is that of another package, ${quote(from)}.`,
    }));
};

export const lockContents: Rule = ({ files }) =>
  files.flatMap((file) => [...otherContent(file), ...otherPackage(file)]);
