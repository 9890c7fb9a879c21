// The text of a CODEOWNERS file as rules, or the lines that cannot be used. Pure.
import { err, ok, type Result } from "../result.ts";
import { type Pattern, parsePattern } from "./pattern.ts";

export type Owner =
  | Readonly<{ kind: "user"; login: string }>
  | Readonly<{ kind: "team"; organization: string; slug: string }>
  /** GitHub does not tell us whose address it is. */
  | Readonly<{ kind: "mail"; address: string }>;

export type Rule = Readonly<{ pattern: Pattern; owners: readonly Owner[] }>;

/** GitHub reads no larger file. */
export const MOST_BYTES = 3 * 1024 * 1024;

const USER = /^@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?)$/;
const TEAM = /^@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?)\/([A-Za-z0-9_][A-Za-z0-9_.-]*)$/;
const MAIL = /^[^\s@<>()",;:\\]+@[^\s@<>()",;:\\]+\.[^\s@<>()",;:\\]+$/;

/** Of a mail address; all names are shorter. */
const LONGEST_OWNER = 320;

const parseOwner = (text: string): Owner | null => {
  if (text.length > LONGEST_OWNER) return null;
  const [, login] = USER.exec(text) ?? [];
  if (login !== undefined) return { kind: "user", login };
  const [, organization, slug] = TEAM.exec(text) ?? [];
  if (organization !== undefined && slug !== undefined) return { kind: "team", organization, slug };
  return MAIL.test(text) ? { kind: "mail", address: text } : null;
};

/** A space behind a backslash belongs to the pattern. */
const WORD = /(?:\\.|[^\s\\])+\\?/g;

/**
 * GitHub leaves a line that it does not understand out, and whatever it was to own is nobody's. Here that is an error with the
 * numbers of the lines: an owner who was meant is not passed over in silence.
 */
export const parseCodeOwners = (text: string): Result<readonly Rule[], readonly number[]> => {
  const rules: Rule[] = [];
  const wrong: number[] = [];
  for (const [index, line] of text
    .replace(/^\u{feff}/u, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [first = "", ...others] = trimmed.match(WORD) ?? [];
    const comment = others.findIndex((word) => word.startsWith("#"));
    const owners = (comment < 0 ? others : others.slice(0, comment)).map(parseOwner);
    const pattern = parsePattern(first);
    const known = owners.filter((owner) => owner !== null);
    if (pattern === null || known.length < owners.length) wrong.push(index + 1);
    else rules.push({ pattern, owners: known });
  }
  return wrong.length > 0 ? err(wrong) : ok(rules);
};

/** As CODEOWNERS writes it. */
export const ownerName = (owner: Owner): string => {
  if (owner.kind === "user") return `@${owner.login}`;
  return owner.kind === "team" ? `@${owner.organization}/${owner.slug}` : owner.address;
};
