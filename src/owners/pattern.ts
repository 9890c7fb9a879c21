// One pattern of CODEOWNERS against one path, as GitHub matches it: like .gitignore, but for its last segment. Pure.

/** `*` and `?` never match a slash: a segment is compared with a segment. */
const sameSegment = (pattern: string, text: string): boolean => {
  // The usual two pointers: the last star takes as little as it can, and more when the rest does not fit.
  let [p, t, star, taken] = [0, 0, -1, 0];
  while (t < text.length) {
    const letter = pattern[p];
    if (letter === "*") {
      star = p;
      taken = t;
      p += 1;
    } else if (letter !== undefined && (letter === "?" || letter === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      taken += 1;
      p = star + 1;
      t = taken;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
};

type Segments = readonly string[];

/**
 * A name at the end stands for the file, or for all below the directory; a lone `*` at the end for files right there; `**` for any
 * number of directories, and at the end for all below.
 */
const matchFrom = (pattern: Segments, path: Segments): boolean => {
  const last = pattern.length - 1;
  // From the end: which rests of the path each rest of the pattern matches.
  let next = path.map(() => false).concat(true);
  for (let at = last; at >= 0; at -= 1) {
    const segment = pattern[at] ?? "";
    const here = next.map(() => false);
    for (let from = path.length; from >= 0; from -= 1) {
      if (segment === "**") {
        here[from] = at === last ? from < path.length : (next[from] ?? false) || (here[from + 1] ?? false);
        continue;
      }
      const text = path[from];
      if (text === undefined || !sameSegment(segment, text)) continue;
      here[from] = at === last && segment !== "*" ? true : (next[from + 1] ?? false);
    }
    next = here;
  }
  return next[0] ?? false;
};

export type Pattern = Readonly<{ text: string; segments: Segments }>;

const LONGEST = 1024;

/** Null where GitHub does not take it: `!`, ranges, an escape of anything but a space. */
export const parsePattern = (text: string): Pattern | null => {
  if (text.length > LONGEST) return null;
  if (text.startsWith("!") || /[[\]]/.test(text) || /\\(?! )/.test(text)) return null;
  const plain = text.replaceAll("\\ ", " ");
  const rooted = plain.startsWith("/");
  const body = rooted ? plain.slice(1) : plain;
  const directory = body.endsWith("/");
  const names = (directory ? body.slice(0, -1) : body).split("/");
  if (names.includes("")) return null;
  // Without a slash inside, a name is found at any depth.
  const anywhere = !rooted && names.length === 1 ? ["**"] : [];
  return { text, segments: [...anywhere, ...names, ...(directory ? ["**"] : [])] };
};

export const matches = ({ segments }: Pattern, path: string): boolean => matchFrom(segments, path.split("/"));
