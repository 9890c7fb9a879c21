// Any unified diff as a proposal. Two readers must agree on it: the strict one decides on names, `parse-diff` brings the lines.
import parseDiff from "parse-diff";
import { err, ok, type Result } from "../result.ts";
import { UnusableDiff } from "./diff-lines.ts";
import { type DiffFile, readDiff } from "./diff-reader.ts";
import type { BaseTree, Line, Proposal, ProposedFile } from "./proposal.ts";

export type Unusable = Readonly<{
  /** Of the diff, counted from 1; null when the whole of it is meant. */
  line: number | null;
  message: string;
}>;

/** GitHub itself shows no diff beyond 1 MB; this bounds the time that reading takes. */
const MOST_BYTES = 20_000_000;
const MOST_LINES = 500_000;

/** Without the end of the last line. A diff that was saved with the line ends of Windows throughout is read without them. */
const unixLines = (lines: readonly string[]): readonly string[] => {
  const all = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return all.every((line) => line.endsWith("\r")) ? all.map((line) => line.slice(0, -1)) : all;
};

const wholeText = (lines: readonly Line[], open: boolean): string =>
  lines.map(({ text }) => text).join("\n") + (open || lines.length === 0 ? "" : "\n");

const proposedFile = (file: DiffFile, chunks: readonly parseDiff.Chunk[], wellFormed: boolean): ProposedFile => {
  const changes = chunks.flatMap((chunk) => chunk.changes).filter(({ content }) => !content.startsWith("\\"));
  const lines = (type: "add" | "del"): Line[] =>
    changes.flatMap((change) => (change.type === type ? [{ number: change.ln, text: change.content.slice(1) }] : []));
  const [added, removed] = [lines("add"), lines("del")];
  const broken = !wellFormed && [...added, ...removed, { text: file.path }].some(({ text }) => text.includes("\uFFFD"));
  // A diff that brings or takes a file has all of its text; of a changed or copied one it has parts.
  const [isNew, isGone] = [file.kind === "create" && !file.binary, file.kind === "delete" && !file.binary];
  return {
    kind: file.kind === "copy" ? "create" : file.kind,
    path: file.path,
    previousPath: file.kind === "copy" ? null : file.previousPath,
    oldMode: file.oldMode,
    newMode: file.newMode,
    content: file.binary ? "binary" : broken ? "not_utf8" : "text",
    before: isGone ? wholeText(removed, file.openEnds.old) : null,
    after: isNew ? wholeText(added, file.openEnds.now) : null,
    added,
    removed,
  };
};

/** Whether the second reader saw the same files, and as many lines in each. */
const agree = (files: readonly DiffFile[], parsed: readonly parseDiff.File[]): boolean =>
  files.length === parsed.length &&
  files.every(({ added, removed }, at) => parsed[at]?.additions === added && parsed[at]?.deletions === removed);

/** Reads a diff as git, `diff -u` or `git format-patch` write it; whatever is not wholly understood is unusable. */
export const readForeignDiff = (bytes: Uint8Array, base: BaseTree | null = null): Result<Proposal, Unusable> => {
  if (bytes.length > MOST_BYTES) return err({ line: null, message: `it has more than ${MOST_BYTES} bytes` });
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const wellFormed = Buffer.from(text, "utf8").equals(bytes);
  const lines = unixLines(text.split("\n"));
  if (lines.length > MOST_LINES) return err({ line: null, message: `it has more than ${MOST_LINES} lines` });
  try {
    const { files, from, to } = readDiff(lines);
    const parsed = parseDiff(lines.slice(from, to).join("\n"));
    if (!agree(files, parsed)) return err({ line: null, message: "it can be read in two ways" });
    return ok({ base, files: files.map((file, at) => proposedFile(file, parsed[at]?.chunks ?? [], wellFormed)) });
  } catch (error) {
    if (error instanceof UnusableDiff) return err({ line: error.line, message: error.message });
    throw error;
  }
};
