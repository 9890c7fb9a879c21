// The text of a comment as it is remembered: by its bytes, so that what stands on GitHub can be held against what we left there.
import type { Digest } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";

/** GitHub's editor sends carriage returns. */
const normal = (text: string): string => text.replace(/\r\n/g, "\n").trimEnd();

export const sameText = (a: string, b: string): boolean => normal(a) === normal(b);

/** `minimized`: folded as outdated, which its text does not tell. */
export const hashOfText = (text: string, minimized: boolean): Digest => digestOf({ text: normal(text), minimized });

/** Whether a text is the one that is remembered, folded or not. */
export const isRemembered = (text: string, hash: Digest): boolean =>
  hashOfText(text, false) === hash || hashOfText(text, true) === hash;
