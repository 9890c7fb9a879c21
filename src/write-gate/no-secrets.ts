// Content that holds a secret of this process is not written, whoever approved it: a repository forgets nothing.
import type { PatchSetContent } from "../patches/patch-set.ts";
import type { FindsSecret } from "../secrets/leak.ts";
import { refuse } from "./outcome.ts";
import type { PatchSetFacts } from "./permit-facts.ts";

const textsOf = ({ changes, ...words }: PatchSetContent): readonly string[] => [
  words.commitHeadline,
  words.commitBody,
  words.pullTitle,
  words.pullBody,
  ...changes.flatMap(({ path, after }) => [path, after ?? ""]),
];

/** Throws WriteStop, before anything was sent. The client looks at each call once more. */
export const refuseSecrets = (
  finds: FindsSecret,
  { repoId, content }: Pick<PatchSetFacts, "repoId" | "content">,
): void => {
  if (!textsOf(content).some(finds)) return;
  throw refuse(
    "holds_secret",
    repoId,
    "the approved content holds a secret of Countersign itself; its operator must replace that secret",
  );
};
