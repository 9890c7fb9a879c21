// Which repositories a list of `owner/name`, `owner/*` and numeric ids stands for. GitHub's names are the same in either case.
import type { RepoId } from "../ids.ts";

/** GitHub's rules for names of owners and repositories. */
export const REPOSITORY =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

export const sameRepository = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** What of a list lets a repository in: its number or its owner, which stay what they are, or only the name that it bears now. */
export type NamedAs = "number" | "owner" | "name" | null;

/** A repository as it is now. A number stands for one repository for ever, a name for whichever bears it. */
export const namedAs = (
  list: readonly (string | RepoId)[],
  { id, name }: Readonly<{ id: RepoId; name: string }>,
): NamedAs => (list.includes(id) ? "number" : allowedAs(list, name));

/** The same of one that is not known but by its name. `name` may itself be `owner/*`, which only `owner/*` covers. */
export const allowedAs = (list: readonly (string | RepoId)[], name: string): Exclude<NamedAs, "number"> => {
  const asked = name.toLowerCase();
  const all = `${asked.slice(0, asked.indexOf("/"))}/*`;
  const patterns = list.flatMap((each) => (typeof each === "string" ? [each.toLowerCase()] : []));
  if (patterns.includes(all)) return "owner";
  return patterns.includes(asked) ? "name" : null;
};

/** Pure. As `allowedAs`, whichever way. */
export const isAllowedBy = (patterns: readonly string[], name: string): boolean => allowedAs(patterns, name) !== null;
