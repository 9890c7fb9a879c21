// Untrusted Markdown as harmless Markdown: paragraphs, lists, quotes, code and headings stay, everything else becomes text.
import type { List, Nodes, PhrasingContent, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { plainLines, showHidden } from "../../hidden-characters.ts";
import { fence } from "./code.ts";
import { joined, type Piece, writePieces } from "./pieces.ts";

/** Beyond these the parser's time and stack are an attacker's to spend; such text is shown as it is, in a fence. */
const MOST_PARSED = 12_000;
const MOST_NESTED = 100;
/** Deeper lists and quotes are shown as their source. */
const DEEPEST = 5;

const CONTAINER_MARKS = new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${MOST_NESTED},}`, "m");

const parse = (text: string): Root | null => {
  if (text.length > MOST_PARSED || CONTAINER_MARKS.test(text)) return null;
  try {
    return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  } catch {
    return null;
  }
};

const sourceOf = (node: Nodes, source: string): string =>
  source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);

const text = (value: string): Piece => ({ kind: "text", value });
const code = (value: string): Piece => ({ kind: "code", value });

const piecesOf = (node: PhrasingContent, source: string): readonly Piece[] => {
  switch (node.type) {
    case "text":
      return [text(node.value)];
    case "inlineCode":
      return [code(node.value)];
    case "break":
      return [text("\n")];
    case "emphasis":
    case "strong":
      return phrasing(node, source);
    case "delete":
      return [text("~~"), ...phrasing(node, source), text("~~")];
    case "link": {
      const label = phrasing(node, source);
      const words = label.map((piece) => piece.value).join("");
      const same = words === node.url || `mailto:${words}` === node.url || `http://${words}` === node.url;
      return same ? [code(words)] : [...label, text(" ("), code(node.url), text(")")];
    }
    case "html":
    case "image":
      return [code(sourceOf(node, source))];
    default:
      return [text(sourceOf(node, source))];
  }
};

const phrasing = (node: Readonly<{ children: readonly PhrasingContent[] }>, source: string): readonly Piece[] =>
  node.children.flatMap((child) => piecesOf(child, source));

const indented = (block: string, by: string): string => block.replace(/\n(?=[^\n])/g, `\n${by}`);

const listOf = (list: List, source: string, depth: number): string => {
  const first = list.start ?? 1;
  return list.children
    .map((item, index) => {
      const marker = list.ordered === true ? `${Math.min(first + index, 999_999_999)}. ` : "- ";
      const box = item.checked === true ? "\\[x\\] " : item.checked === false ? "\\[ \\] " : "";
      const content = blocksOf(item, source, depth + 1);
      return content === "" && box === "" ? "" : marker + box + indented(content, " ".repeat(marker.length));
    })
    .filter((item) => item !== "")
    .join("\n");
};

const blockOf = (node: RootContent, source: string, depth: number): string => {
  switch (node.type) {
    case "paragraph":
      return writePieces(joined(phrasing(node, source)), "keep");
    case "heading": {
      const line = writePieces(joined(phrasing(node, source)), "join");
      return line === "" ? "" : `**${line}**`;
    }
    case "code":
      return fence(node.value, node.lang ?? "");
    case "thematicBreak":
      return "";
    case "list":
      return depth >= DEEPEST ? fence(sourceOf(node, source)) : listOf(node, source, depth);
    case "blockquote":
      return depth >= DEEPEST
        ? fence(sourceOf(node, source))
        : blocksOf(node, source, depth + 1)
            .replace(/^/gm, "> ")
            .trimEnd();
    default:
      return fence(sourceOf(node, source));
  }
};

const blocksOf = (node: Readonly<{ children: readonly RootContent[] }>, source: string, depth: number): string =>
  node.children
    .map((child) => blockOf(child, source, depth))
    .filter((block) => block !== "")
    .reduce(
      (text, block) => (text === "" ? block : `${text}${/^- /.test(block) && depth > 0 ? "\n" : "\n\n"}${block}`),
      "",
    );

/** Every word of untrusted Markdown, on as many lines and blocks as it has. */
export const block = (markdown: string): string => {
  const source = showHidden(plainLines(markdown)).trim();
  const tree = parse(source);
  return tree === null ? fence(source) : blocksOf(tree, source, 0);
};

const lineOf = (node: Nodes, source: string): readonly Piece[] => {
  if (node.type === "paragraph" || node.type === "heading") return [...phrasing(node, source), text(" ")];
  if (node.type === "code") return [code(node.value), text(" ")];
  if (node.type === "list" || node.type === "listItem" || node.type === "root" || node.type === "blockquote")
    return node.children.flatMap((child) => lineOf(child, source));
  return [text(`${sourceOf(node, source)} `)];
};

/** Every word of untrusted Markdown on one line, fit for a sentence, a list item, a heading. Code spans stay code. */
export const inline = (markdown: string): string => {
  const source = showHidden(plainLines(markdown)).trim();
  const tree = parse(source);
  const pieces = tree === null ? [text(source)] : lineOf(tree, source);
  return writePieces(joined(pieces), "join");
};
