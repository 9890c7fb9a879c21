// The file names in the headers of a foreign diff: quoted or not, with git's prefixes or without.

const ESCAPED: ReadonlyMap<string, number> = new Map(
  Object.entries({ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 }),
);

/** A name in C quotes at the beginning of `text`, and what follows it; null when the quotes do not close. */
const quotedName = (text: string): Readonly<{ name: string; rest: string }> | null => {
  const [whole, inner] = /^"((?:[^"\\]|\\(?:[0-3][0-7]{2}|[abtnvfr"\\]))*)"/.exec(text) ?? [];
  if (whole === undefined || inner === undefined) return null;
  const parts = inner.match(/\\[0-7]{3}|\\.|[^\\]+/g) ?? [];
  const bytes = parts.map((part) => {
    if (!part.startsWith("\\")) return Buffer.from(part, "utf8");
    const code = part.slice(1);
    return Buffer.from([ESCAPED.get(code) ?? Number.parseInt(code, 8)]);
  });
  return { name: Buffer.concat(bytes).toString("utf8"), rest: text.slice(whole.length) };
};

/** A name that stands alone: `rename from …`. Null when its quotes do not close. */
export const loneName = (text: string): string | null => {
  if (!text.startsWith('"')) return text;
  const quoted = quotedName(text);
  return quoted?.rest === "" ? quoted.name : null;
};

/** The name of a `---` or `+++` line: up to a tab, after which a time may stand. */
export const fileName = (text: string): string | null => {
  if (!text.startsWith('"')) return text.split("\t", 1)[0] ?? null;
  const quoted = quotedName(text);
  return quoted !== null && /^(?:\t.*)?$/.test(quoted.rest) ? quoted.name : null;
};

export type Names = Readonly<{ old: string; now: string }>;
/** Names, and what stands before each of them in the diff. */
export type GitNames = Names & Readonly<{ prefixes: Names }>;

/** What git writes before names: by default, with `diff.mnemonicPrefix`, and without an index; any of them in reverse. */
const PREFIXES = ["a/ b/", "i/ w/", "c/ w/", "c/ i/", "o/ w/", "1/ 2/"]
  .map((both) => both.split(" "))
  .flatMap(([old = "", now = ""]) => [
    { old, now },
    { old: now, now: old },
  ]);

/** Without the prefixes of git, and as they are. */
const readings = ({ old, now }: Names): readonly GitNames[] => [
  ...PREFIXES.filter((prefixes) => old.startsWith(prefixes.old) && now.startsWith(prefixes.now)).map((prefixes) => ({
    old: old.slice(2),
    now: now.slice(2),
    prefixes,
  })),
  { old, now, prefixes: { old: "", now: "" } },
];

/** Without `a/` and `b/`, where both are there; as they are, where they have no such prefix. */
const withoutPrefixes = ({ old, now }: Names): Names =>
  old.startsWith("a/") && now.startsWith("b/") ? { old: old.slice(2), now: now.slice(2) } : { old, now };

/** Every way to read the two names of a `diff --git` line: a space between them is like a space within. */
export const gitNames = (text: string): readonly GitNames[] => {
  if (text.startsWith('"')) {
    const first = quotedName(text);
    const now = first?.rest.startsWith(" ") ? loneName(first.rest.slice(1)) : null;
    return first === null || now === null ? [] : readings({ old: first.name, now });
  }
  const found: GitNames[] = [];
  for (let at = text.indexOf(" "); at !== -1; at = text.indexOf(" ", at + 1)) {
    const now = loneName(text.slice(at + 1));
    if (now !== null) found.push(...readings({ old: text.slice(0, at), now }));
  }
  return found;
};

/**
 * The one file that two names of a plain `diff -u` mean: equal names, or names that differ in the first folder alone, as
 * `patch -p1` reads them. Null when they are two files.
 */
export const plainName = (names: Names): string | null => {
  const { old, now } = withoutPrefixes(names);
  if (old === now) return old;
  const [oldTop, nowTop] = [old.indexOf("/"), now.indexOf("/")];
  const rest = old.slice(oldTop + 1);
  return oldTop > 0 && nowTop > 0 && rest === now.slice(nowTop + 1) ? rest : null;
};
