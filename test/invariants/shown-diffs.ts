// The diffs as people read them: the code blocks of our comments and checks, taken out of the Markdown as GitHub would show it.
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

const blocksIn = (node: Nodes): readonly string[] => {
  if (node.type === "code") return node.lang === "diff" ? [node.value] : [];
  return "children" in node ? node.children.flatMap(blocksIn) : [];
};

/** In the order in which they stand; each ends with a newline, as a patch must. A carriage return is shown as `␍`. */
export const shownDiffs = (markdown: string): readonly string[] =>
  blocksIn(fromMarkdown(markdown)).map((block) => `${block.replaceAll("␍", "\r")}\n`);
