// A repository to look into as it is after edits that are made already: some texts stand instead of those of the base.
import { blobSha } from "../patches/git-objects.ts";
import type { LookedAt } from "./look.ts";

/** By path; null where the file is gone. */
export type Instead = ReadonlyMap<string, string | null>;

export const withInstead = (repository: LookedAt, instead: Instead): LookedAt => {
  if (instead.size === 0) return repository;
  const texts = new Map(
    [...instead.values()].flatMap((text) => (text === null ? [] : [[blobSha(text), text] as const])),
  );
  const now = [...instead].flatMap(([path, text]) => {
    if (text === null) return [];
    const mode = repository.entries.find((entry) => entry.path === path)?.mode ?? "100644";
    return [{ path, mode, type: "blob" as const, sha: blobSha(text), size: Buffer.byteLength(text) }];
  });
  return {
    ...repository,
    entries: [...repository.entries.filter(({ path }) => !instead.has(path)), ...now],
    text: async (sha) => texts.get(sha) ?? repository.text(sha),
    kept: async (shas) => {
      const others = await repository.kept(shas.filter((sha) => !texts.has(sha)));
      const own = shas.flatMap((sha) => {
        const text = texts.get(sha);
        return text === undefined ? [] : [[sha, text] as const];
      });
      return new Map([...others, ...own]);
    },
  };
};
