// Which repositories a list of `owner/name`, `owner/*` and numeric ids stands for. GitHub's names are the same in either case.
import type { RepoId } from "../ids.ts";

/** GitHub's rules for names of owners and repositories. */
export const REPOSITORY =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

export const sameRepository = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A repository as it is now. A number stands for one repository for ever, a name for whichever bears it. */
export const isNamedBy = (
  list: readonly (string | RepoId)[],
  { id, name }: Readonly<{ id: RepoId; name: string }>,
): boolean =>
  list.includes(id) ||
  isAllowedBy(
    list.filter((each) => typeof each === "string"),
    name,
  );

/** Pure. `name` may itself be `owner/*`, which only `owner/*` covers. */
export const isAllowedBy = (patterns: readonly string[], name: string): boolean => {
  const asked = name.toLowerCase();
  const all = `${asked.slice(0, asked.indexOf("/"))}/*`;
  return patterns.some((pattern) => {
    const allowed = pattern.toLowerCase();
    return allowed === asked || allowed === all;
  });
};
