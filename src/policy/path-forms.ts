// The forms in which a path may be written so that another reader, or another file system, takes it for a different one.

/** Characters that are there and not seen; HFS+ and many readers skip them. */
export const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Letters of other scripts that are drawn like Latin ones: enough to read `.git`, `.github` and the names in our lists. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    с: "c",
    х: "x",
    у: "y",
    і: "i",
    ј: "j",
    ѕ: "s",
    һ: "h",
    ԁ: "d",
    ԛ: "q",
    ԝ: "w",
    в: "b",
    к: "k",
    м: "m",
    н: "h",
    т: "t",
    г: "r",
    ӏ: "l",
    α: "a",
    ι: "i",
    ο: "o",
    ν: "v",
    τ: "t",
    κ: "k",
    υ: "u",
    ρ: "p",
    ε: "e",
    η: "n",
    γ: "y",
    χ: "x",
    ı: "i",
    ɡ: "g",
    ɩ: "i",
    ɑ: "a",
    ո: "n",
    ս: "u",
    օ: "o",
    ց: "g",
    հ: "h",
    "․": ".",
    "。": ".",
    "∕": "/",
    "⁄": "/",
    "╱": "/",
    "⧵": "\\",
    "∖": "\\",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "−": "-",
  }),
);

/** What the path looks like to a person: one case, one Unicode form, nothing invisible, look-alikes read as Latin. */
export const skeleton = (path: string): string =>
  [...path.normalize("NFKC").replace(IGNORABLE, "").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")]
    .map((char) => LOOK_ALIKES.get(char) ?? char)
    .join("");

/** Equal for two paths that a case-insensitive, normalising file system keeps in one place. */
export const collisionKey = (path: string): string =>
  path.normalize("NFKC").replace(IGNORABLE, "").toUpperCase().toLowerCase().normalize("NFKC");

/** `a/b/c` → `a`, `a/b`: the directories that lead to a path, nearest last. */
export const ancestors = (path: string): string[] => {
  const found: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) found.push(path.slice(0, at));
  return found;
};

/** The last segment. */
export const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
