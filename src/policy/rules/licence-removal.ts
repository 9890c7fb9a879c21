// A licence that is deleted, renamed away, replaced, or no longer named where it was.
import { basename } from "../path-forms.ts";
import type { ProposedFile } from "../proposal.ts";
import type { Finding, Rule } from "../rule.ts";

const LICENCE = /^(?:(?:un)?licen[cs]es?|copying|copyright|notice|patents)(?:[.\-_].*)?$/i;
/** A program that deals with licences is none. */
const CODE = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kts?|cs|php|swift|c|cc|cpp|h|hpp|css|scss|vue|svelte|snap)$/i;
const isLicence = (path: string): boolean =>
  (LICENCE.test(basename(path)) && !CODE.test(path)) || /(?:^|\/)licenses\//i.test(path);

/** Lines that may go: years and holders change. */
const COPYRIGHT = /copyright|\(c\)|©|^\s*$/i;
/** A statement of the licence outside its file: an SPDX line, or a manifest's field. */
const STATEMENT =
  /SPDX-License-Identifier:\s*\S.*|\b(?:Licensed under the|under the terms of the)\s\S.*|Permission is hereby granted.*|^\s*"?licen[cs]e"?\s*[:=]\s*\S.*/;

const LONGEST_STATEMENT = 300;

const statement = (text: string): string | undefined =>
  STATEMENT.exec(text.slice(0, LONGEST_STATEMENT))?.[0]
    .replace(/[\s,]+$/, "")
    .trim();

const problem = (file: ProposedFile): Finding | null => {
  const { kind, path, previousPath, added, removed } = file;
  const found = (message: string, line: number | null = null) => ({ path, line, message });
  const old = previousPath ?? path;
  if (isLicence(old)) {
    if (kind === "delete") return found("A licence would be deleted.");
    if (!isLicence(path)) return found("A licence would be renamed to something else.");
    const kept = new Set(added.map(({ text }) => text.trim()));
    const lost = removed.filter(({ text }) => !COPYRIGHT.test(text) && !kept.has(text.trim()));
    if (lost.length > 0) return found("The text of a licence would change.", added[0]?.number ?? null);
  }
  if (kind === "delete") return null;
  const stated = new Set(added.map(({ text }) => statement(text)));
  const gone = removed.map(({ text }) => statement(text)).find((one) => one !== undefined && !stated.has(one));
  return gone === undefined ? null : found("A statement of the licence would be removed or changed.");
};

export const licenceRemoval: Rule = ({ files }) => files.map(problem).filter((found) => found !== null);
