// Whether edits are fit to be judged at all: they fit the base, and every file that could be read can be read after them.
import type { EditsDocument } from "../artifacts/edits.ts";
import type { BlobStoreDeps } from "../context/blob-store.ts";
import type { Reading } from "../github/reading.ts";
import type { FileChange } from "../patches/patch-set.ts";
import type { BrokenFile } from "../patches/validate/broken-files.ts";
import { err, ok, type Result } from "../result.ts";
import { brokenFilesApart } from "./broken-files-apart.ts";
import { excerpt } from "./excerpt.ts";
import { type Base, fitEdits } from "./fit-edits.ts";
import { written } from "./untrusted.ts";

/** Of a change that breaks many files, the first ones say enough. */
const MOST_SHOWN = 10;

const shown = async (
  { path, language, line, message }: BrokenFile,
  changes: readonly FileChange[],
): Promise<string> => {
  const whole = changes.find((change) => change.path === path)?.after ?? "";
  const what = { source: `what a parser says of ${path}`, text: message };
  return [
    `After your edits ${path} can no longer be read as ${language}. Its line ${line}:`,
    written([what, await excerpt(path, whole, line, 1)]),
  ].join("\n");
};

/** The changes that the edits make, or the words for whoever made them. Throws GitHubError. */
export async function checkEdits(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  base: Base,
  document: EditsDocument,
  signal: AbortSignal,
): Promise<Result<readonly FileChange[], string>> {
  const fitted = await fitEdits(deps, reading, base, document);
  if (!fitted.ok) return fitted;
  const broken = await brokenFilesApart(fitted.value, signal);
  if (broken.length === 0) return ok(fitted.value);
  const words = await Promise.all(broken.slice(0, MOST_SHOWN).map((file) => shown(file, fitted.value)));
  const more = broken.length > MOST_SHOWN ? [`${broken.length - MOST_SHOWN} more files cannot be read either.`] : [];
  return err([...words, ...more].join("\n\n"));
}
