// Untrusted text on its way to a model: hidden things are left out or made visible, secrets are taken out, and both counted.
import { countHidden, plainLines, showHidden } from "../hidden-characters.ts";
import { withoutSecrets } from "./secret-lines.ts";
import { visibleMarkdown } from "./visible-markdown.ts";
import type { Shown } from "./withheld.ts";

const shown = async (text: string, hiddenParts: number): Promise<Shown> => {
  // Secrets first: a code point in the middle of one would make it look like none.
  const { text: clean, kinds } = await withoutSecrets(text);
  const withheld = { secrets: [...kinds], hiddenParts, hiddenCharacters: countHidden(clean) };
  return { text: showHidden(clean), withheld };
};

/** What people wrote in Markdown: as its readers see it. The same again when it is shown twice. */
export const shownProse = (markdown: string): Promise<Shown> => {
  const { text, hidden } = visibleMarkdown(plainLines(markdown));
  return shown(text, hidden);
};

/** As its lines are counted: without a byte order mark, each line ending a line feed. */
export const plainFile = (text: string): string => text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");

/** A file, or any other text that is no Markdown to its readers: as many lines as it has, without its byte order mark. */
export const shownFile = (text: string): Promise<Shown> => shown(plainFile(text), 0);
