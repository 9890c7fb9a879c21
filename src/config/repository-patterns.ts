// Which repositories a list of `owner/name` and `owner/*` stands for. GitHub's names are the same in either case.

/** GitHub's rules for names of owners and repositories. */
export const REPOSITORY =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

export const sameRepository = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Pure. `name` may itself be `owner/*`, which only `owner/*` covers. */
export const isAllowedBy = (patterns: readonly string[], name: string): boolean => {
  const asked = name.toLowerCase();
  const all = `${asked.slice(0, asked.indexOf("/"))}/*`;
  return patterns.some((pattern) => {
    const allowed = pattern.toLowerCase();
    return allowed === asked || allowed === all;
  });
};
