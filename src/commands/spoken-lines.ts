// The lines of a comment in which a person speaks to us: in its Markdown tree, paragraphs of the top level and nothing else.
import type { Nodes, Paragraph, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { leavesOpen } from "./open-html.ts";

/** A line with its place in the source; `end` is before the line's end. */
export type SpokenLine = Readonly<{ text: string; start: number; end: number }>;

/** The transforms would find links in text anew and lose their places; the syntax itself already finds them. */
const withPlaces = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

const treeOf = (text: string): Root => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: withPlaces });

const startOf = (node: Nodes): number => node.position?.start.offset ?? Number.POSITIVE_INFINITY;
const endOf = (node: Nodes): number => node.position?.end.offset ?? Number.NEGATIVE_INFINITY;

const htmlIn = (tree: Root): readonly Readonly<{ start: number; value: string }>[] => {
  const found: { start: number; value: string }[] = [];
  const pending: Nodes[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "html") found.push({ start: startOf(node), value: node.value });
    if ("children" in node) pending.push(...node.children);
  }
  return found.sort((a, b) => a.start - b.start);
};

/** GitHub draws formulas between lines that begin with `$$`; Markdown itself knows nothing of them. */
const insideFormula = (before: string): boolean =>
  before.split(/\r\n|\r|\n/).filter((line) => /^\s*\$\$/.test(line) && !/^\s*\$\$.*\$\$\s*$/.test(line)).length % 2 ===
  1;

/** Between brackets that are still open a line may belong to a link whose address stands elsewhere. */
const insideBrackets = (before: string): boolean => {
  let open = 0;
  for (const [bracket] of before.replace(/\\./g, "").matchAll(/[[\]]/g)) {
    open = bracket === "[" ? open + 1 : Math.max(0, open - 1);
  }
  return open > 0;
};

const linesOf = (text: string, paragraph: Paragraph, isWanted: (line: string) => boolean): readonly SpokenLine[] => {
  const from = startOf(paragraph);
  const lines: SpokenLine[] = [];
  for (let start = from; start < endOf(paragraph); ) {
    const length = text.slice(start, endOf(paragraph)).search(/[\r\n]/);
    const end = length < 0 ? endOf(paragraph) : start + length;
    lines.push({ text: text.slice(start, end), start, end });
    start = end + (text.startsWith("\r\n", end) ? 2 : 1);
  }
  const plain = (line: SpokenLine): boolean =>
    paragraph.children.some(
      (child) => child.type === "text" && startOf(child) <= line.start && line.start < endOf(child),
    );
  const atMargin = (line: SpokenLine): boolean => line.start === 0 || /[\r\n]/.test(text.charAt(line.start - 1));
  return lines.filter(
    (line) => isWanted(line.text) && atMargin(line) && plain(line) && !insideBrackets(text.slice(from, line.start)),
  );
};

/**
 * Lines that begin, in the first column, with plain text: not in quotes, lists, tables, headings, notes, code, links,
 * emphasis, formulas or open HTML. Time grows with the square of the text's length in the worst case.
 */
export const plainLines = (comment: string, isWanted: (line: string) => boolean): readonly SpokenLine[] => {
  // A byte order mark would be dropped by the parser, and the line behind it pass for one at the margin.
  const text = comment.replace(/^\uFEFF/, "\u200B");
  const tree = treeOf(text);
  const html = htmlIn(tree);
  return tree.children
    .filter((node) => node.type === "paragraph")
    .flatMap((paragraph) => linesOf(text, paragraph, isWanted))
    .filter(
      (line) =>
        !leavesOpen(html.filter(({ start }) => start < line.start).map(({ value }) => value)) &&
        !insideFormula(text.slice(0, line.start)),
    );
};

/** Those that begin with a slash. */
export const spokenLines = (comment: string): readonly SpokenLine[] =>
  plainLines(comment, (line) => line.startsWith("/"));
