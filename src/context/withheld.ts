// What of a text a model was not shown, or was shown in another form: recorded with the text, so that people can be told.
import { z } from "zod";

export const Withheld = z.object({
  /** What each value that looked like a secret looked like. */
  secrets: z.array(z.string()),
  /** Parts of a Markdown text that its readers do not see. */
  hiddenParts: z.number().int().nonnegative(),
  /** Characters that nobody sees, shown by their code points. */
  hiddenCharacters: z.number().int().nonnegative(),
});
export type Withheld = z.infer<typeof Withheld>;

export const NOTHING_WITHHELD: Withheld = { secrets: [], hiddenParts: 0, hiddenCharacters: 0 };

/** A text as a model may see it. */
export type Shown = Readonly<{ text: string; withheld: Withheld }>;

export const together = (parts: readonly Withheld[]): Withheld => ({
  secrets: parts.flatMap(({ secrets }) => secrets),
  hiddenParts: parts.reduce((sum, { hiddenParts }) => sum + hiddenParts, 0),
  hiddenCharacters: parts.reduce((sum, { hiddenCharacters }) => sum + hiddenCharacters, 0),
});
