// Untrusted text on its way into a prompt: fences that no text in them can end or imitate.
import { createHash } from "node:crypto";
import { plainLines, showHidden } from "../hidden-characters.ts";

/** Words of others, and where they are from. */
export type Data = Readonly<{ source: string; text: string }>;

/** Our own words, or others'. */
export type Part = string | Data;

const clean = ({ source, text }: Data): Data => ({
  source: showHidden(plainLines(source)).replace(/[\n"<>]/g, "_"),
  text: showHidden(plainLines(text)),
});

/** A text would have to contain a hash of itself and of all that stands beside it. */
const idOf = (data: readonly Data[]): string =>
  createHash("sha256")
    .update(JSON.stringify(data.map(({ source, text }) => [source, text])))
    .digest("hex")
    .slice(0, 24);

/**
 * One message of all parts. Its fences bear one id, made of everything in them, so nothing in them can end its fence, nor
 * pass for another that says it is from somebody else. The same parts give the same message.
 */
export function written(parts: readonly Part[]): string {
  const id = idOf(parts.flatMap((part) => (typeof part === "string" ? [] : [clean(part)])));
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      const { source, text } = clean(part);
      return `<data id="${id}" source="${source}">\n${text}\n</data id="${id}">`;
    })
    .join("\n\n");
}
