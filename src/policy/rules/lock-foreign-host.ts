// A lock file that brings packages from somewhere new: the version looks the same, the content is another's.
import { lockKindOf, originsIn } from "../lock-files.ts";
import { asOfKind, isUnseen } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";

const UNSEEN = "This lock file comes from elsewhere, and the diff does not show what is in it.";

export const lockForeignHost: Rule = ({ files }, { registries }) =>
  files.flatMap((file): Finding[] => {
    const { path } = file;
    const kind = lockKindOf(path);
    const seen = asOfKind(file, (one) => lockKindOf(one) === kind);
    if (kind === null || seen === null) return [];
    if (isUnseen(seen)) return [{ path, line: null, message: UNSEEN }];
    const { before, added, removed } = seen;
    const names = (text: string): boolean => kind.fetched === null || kind.fetched.test(text);
    const old = before === null ? removed.map(({ text }) => text) : before.split("\n");
    const known = new Set<string | null>([...kind.registries, ...registries, ...old.filter(names).flatMap(originsIn)]);
    // What could not be read before is no excuse for what cannot be read now.
    known.delete(null);
    return added.flatMap(({ number, text }) => {
      const foreign = names(text) ? originsIn(text).find((origin) => !known.has(origin)) : undefined;
      if (foreign === undefined) return [];
      const from = foreign === null ? "an address that cannot be read" : quote(foreign);
      return [{ path, line: number, message: `Packages would come from ${from}, which nothing here used before.` }];
    });
  });
