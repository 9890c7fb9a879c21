// Text as code: a span or a fenced block that its content cannot leave. GitHub links, mentions and renders nothing in it.
import { plainLines, showHidden } from "../../hidden-characters.ts";

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));

/** One line in a code span: `` `text` ``. Empty text becomes a span with a space, because Markdown has no empty one. */
export const codeSpan = (text: string): string => {
  const line = showHidden(plainLines(text)).replace(/\s+/g, " ");
  const ticks = "`".repeat(longestRun(line) + 1);
  // One space at either end is taken off again by the parser, so this keeps what begins or ends with a backtick or space.
  const padding = line === "" || /^[` ]|[` ]$/.test(line) ? " " : "";
  return `${ticks}${padding}${line}${padding}${ticks}`;
};

/** Info strings that GitHub draws as something else than text: pictures, maps, models, formulas, suggestions. */
const DRAWN = new Set(["mermaid", "math", "geojson", "topojson", "stl", "suggestion"]);

/** A language for colouring, or none where the name is not one. */
const language = (info: string): string => {
  const word = /^[A-Za-z0-9+#-]{1,20}(?=\s|$)/.exec(info)?.[0].toLowerCase() ?? "";
  return DRAWN.has(word) ? "" : word;
};

/** Text in a fence that is longer than any run of backticks inside. A carriage return shows as `␍`. */
export const fence = (text: string, info = ""): string => {
  const content = showHidden(text.replace(/\r\n/g, "␍\n").replace(/\r/g, "␍"));
  const ticks = "`".repeat(Math.max(3, longestRun(content) + 1));
  const ending = content === "" || content.endsWith("\n") ? "" : "\n";
  return `${ticks}${language(info)}\n${content}${ending}${ticks}`;
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For the summary of a fold, which is HTML and knows no Markdown: one line in `<code>`. */
export const htmlCode = (text: string): string =>
  `<code>${showHidden(plainLines(text))
    .replace(/\s+/g, " ")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "")}</code>`;
