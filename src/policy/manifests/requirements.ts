// Python's requirement lines, in files of their own and as texts within other manifests.
import { type Entries, entries } from "./entries.ts";

const REQUIREMENT = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(.*)$/s;
/** Names that differ in case, dots, hyphens and underscores are one to Python's tools. */
const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/** `requests[socks] >= 2; python_version < "4"` as its name and the rest; an address by itself is its own name. */
export const requirement = (text: string): [string, string] => {
  const [, name, extras = "", rest = ""] = REQUIREMENT.exec(text) ?? [];
  const isAddress =
    name === undefined || /^[:/\\+]/.test(rest) || (rest === "" && /\.(?:whl|zip|tar\.\w+)$/i.test(text));
  return isAddress ? [text, text] : [normal(name), `${extras}${rest}`.trim() || "any version"];
};

const HASH = /\s--hash[=\s]\s*\S+/g;
const OPTION = /^(--?[A-Za-z][\w-]*)[=\s]?\s*(.*)$/s;

const entry = (line: string): [string, string][] => {
  const option = OPTION.exec(line);
  if (option !== null) return [[option[1] ?? "", option[2] ?? ""]];
  const hashes = [...line.matchAll(HASH)].map(([hash]) => hash.trim());
  const [name, value] = requirement(line.replace(HASH, "").trim());
  // Hashes by themselves, so that other content under the same version is seen.
  return [[name, value], ...hashes.sort().map((hash): [string, string] => [`${name} > hash`, hash])];
};

/** Without the comment, which begins the line or follows a space. */
const uncommented = (line: string): string => {
  const start = line.startsWith("#") ? 0 : line.search(/\s#/);
  return (start === -1 ? line : line.slice(0, start)).trim();
};

/** A line that ends in a backslash goes on in the next one. */
export const readRequirements = (text: string): Entries => {
  const lines = text
    .replace(/^\ufeff/, "")
    .replace(/\\\r?\n/g, " ")
    .split("\n")
    .map(uncommented);
  return entries(lines.filter((line) => line !== "").flatMap(entry));
};

/** Sources that are no index that everybody uses: addresses, folders, other indexes. */
const FOREIGN =
  /^(?:git|hg|svn|bzr)\+|^@\s*\S|^(?:https?|ftp|file|ssh):|^\.{0,2}[/\\]|^[a-z]:[/\\]|\.(?:whl|zip|tar\.\w+)$/i;
const FOREIGN_OPTION =
  /^(?:-e|--editable|-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host|--pre-index|--pypi-url)/;

export const isForeignRequirement = (name: string, value: string): boolean =>
  FOREIGN.test(value) || FOREIGN_OPTION.test(name) || / @ /.test(` ${value}`) || /^\[[^\]]*\]\s*@/.test(value);
