// What a text would do on GitHub: parses it as GitHub does and lists every effect that untrusted text must not have.
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { parseComment } from "../../../src/commands/parse.ts";

const FORBIDDEN = new Set([
  "link",
  "linkReference",
  "image",
  "imageReference",
  "html",
  "definition",
  "footnoteDefinition",
  "footnoteReference",
  "table",
]);
const DRAWN = /^(?:mermaid|math|geojson|topojson|stl|suggestion)$/;

/** GitHub's nine words, when a reference that it links follows. */
const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:[\w.-]+\/[\w.-]+)?(?:#\d|gh-\d|https?:\/\/)/i;
/** More marks on one letter than any language has. */
const HEAPED = /\p{M}{12}/u;

/** Patterns of GitHub's own filters and of ours, on text outside code. */
const TEXT_HARMS: Readonly<Record<string, RegExp>> = {
  closing: CLOSING,
  heaped: HEAPED,
  mention: /(?:^|[^A-Za-z0-9])@[A-Za-z0-9]/,
  reference: /(?:^|[^A-Za-z0-9])(?:[\w.-]+\/[\w.-]+)?#\d|\bGH-\d/i,
  address: /:\/\/|\bwww\./i,
  commit: /\b[0-9a-f]{7,40}\b/,
  emoji: /:[a-z0-9_+-]*[a-z][a-z0-9_+-]*:/,
  formula: /\$/,
  hidden: /(?![\t\n])\p{Cc}|[\u00AD\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E0FFF}]/u,
};

const COMMAND = /^\s*\/[a-z]/im;

const walk = (node: Nodes, see: (node: Nodes) => void): void => {
  see(node);
  if ("children" in node) for (const child of node.children) walk(child, see);
};

/** As our own parser of comments reads it, with and without a prefix. */
const commands = (markdown: string): readonly string[] =>
  (markdown.includes("/cs ") ? [null, "cs"] : [null]).flatMap((prefix) => {
    const { kind } = parseComment(markdown, { prefix, repositories: ["acme/shop"] });
    return kind === "nothing" ? [] : [`${kind} to our own parser`];
  });

export const parseMarkdown = (markdown: string) =>
  fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

/** Text of one block with code left out, as a reader of commands would see its lines. */
const wordsOf = (node: Nodes): string => {
  if (node.type === "text") return node.value;
  if (node.type === "break") return "\n";
  if (node.type === "inlineCode" || node.type === "code") return "\uFFFC";
  return "children" in node ? node.children.map(wordsOf).join("") : "";
};

/** Empty when the Markdown only shows text. */
export const harmsOf = (markdown: string): readonly string[] => {
  const harms: string[] = [...commands(markdown)];
  walk(parseMarkdown(markdown), (node) => {
    if (FORBIDDEN.has(node.type)) harms.push(node.type);
    if (node.type === "code" && DRAWN.test(node.lang ?? "")) harms.push(`drawn as ${node.lang}`);
    if (node.type === "paragraph" || node.type === "heading") {
      const words = wordsOf(node);
      if (COMMAND.test(words)) harms.push(`command: ${words}`);
      for (const [name, pattern] of Object.entries(TEXT_HARMS))
        if (pattern.test(words)) harms.push(`${name}: ${words}`);
    }
    if (node.type === "inlineCode" || node.type === "code")
      if (TEXT_HARMS["hidden"]?.test(node.value)) harms.push("hidden in code");
  });
  return harms;
};

/** Every visible word, to see that nothing was lost. */
export const shownText = (markdown: string): string => {
  let out = "";
  walk(parseMarkdown(markdown), (node) => {
    if ("value" in node) out += `${node.value} `;
  });
  return out;
};
