// Markdown as its readers see it: what GitHub does not show them is no part of what a model is told. Pure.
import type { Code, Link, LinkReference, Nodes, Root, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { HTML_COMMENT, visibleHtml } from "./visible-html.ts";

/** `hidden` counts the parts that were left out. */
export type Visible = Readonly<{ text: string; hidden: number }>;

/** Beyond these the parser's time and stack are an attacker's to spend. */
const MOST_PARSED = 12_000;
const NESTED = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){100,}/m;
/** Taking one thing out can make another of what stood around it. */
const MOST_PASSES = 3;

/** The transforms would find links in text anew and lose their places. */
const withPlaces = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

const treeOf = (text: string): Root | null => {
  if (text.length > MOST_PARSED || NESTED.test(text)) return null;
  try {
    return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: withPlaces });
  } catch {
    return null;
  }
};

type Cut = Readonly<{ from: number; to: number; put: string; hidden: number }>;

const place = (node: Nodes): readonly [from: number, to: number] => [
  node.position?.start.offset ?? 0,
  node.position?.end.offset ?? 0,
];

const all = (tree: Root): readonly Nodes[] => {
  const found: Nodes[] = [];
  const pending: Nodes[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    found.push(node);
    if ("children" in node) pending.push(...node.children);
  }
  return found;
};

/** The end of a link behind its words: address and title, or the name of a definition that stands elsewhere. */
const tail = (node: Link | LinkReference, source: string, url: string, hidden: number): readonly Cut[] => {
  const last = node.children.at(-1);
  const [start, to] = place(node);
  if (source[start] !== "[") return [];
  const isSeen = node.children.some((child) => child.type !== "text" || /\S/.test(child.value));
  if (!isSeen || last === undefined) return [{ from: start, to, put: "(empty link left out)", hidden: 1 }];
  const from = place(last)[1];
  const isAddress = /^[^\s<>()]{0,500}$/.test(url);
  const put = `](${isAddress ? url : "left-out"})`;
  return source.slice(from, to) === put ? [] : [{ from, to, put, hidden: isAddress ? hidden : 1 }];
};

/** GitHub draws no cell beyond the columns of the header. */
const beyondColumns = (node: Table): readonly Cut[] => {
  const columns = node.children[0]?.children.length ?? 0;
  return node.children.flatMap(({ children }) => {
    const beyond = children.slice(columns);
    const [first, last] = [beyond[0], beyond.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ from: place(first)[0], to: place(last)[1], put: "|", hidden: beyond.length }];
  });
};

/** Of these GitHub shows a drawing, and not what it is drawn from. */
const DRAWN = new Set(["mermaid", "geojson", "topojson", "stl"]);

/** Behind the name of a language the line that opens a fence can say anything. */
const opening = (node: Code, source: string): readonly Cut[] => {
  const [from, to] = place(node);
  if (DRAWN.has((node.lang ?? "").toLowerCase())) return [{ from, to, put: "(diagram left out)", hidden: 1 }];
  const [line = "", ticks = ""] = /^(`{3,}|~{3,})[^\n]*/.exec(source.slice(from, to)) ?? [];
  const language = /^[A-Za-z0-9+#.-]{1,20}$/.test(node.lang ?? "") ? (node.lang ?? "") : "";
  const put = `${ticks}${language}`;
  return line.trimEnd() === put ? [] : [{ from, to: from + line.length, put, hidden: 1 }];
};

const cutsOf = (tree: Root, source: string): readonly Cut[] => {
  const nodes = all(tree);
  const urls = new Map(nodes.flatMap((node) => (node.type === "definition" ? [[node.identifier, node.url]] : [])));
  const noted = new Set(nodes.flatMap((node) => (node.type === "footnoteReference" ? [node.identifier] : [])));
  return nodes.flatMap((node): readonly Cut[] => {
    const [from, to] = place(node);
    switch (node.type) {
      case "html": {
        const { text, hidden } = visibleHtml(source.slice(from, to));
        return text === source.slice(from, to) ? [] : [{ from, to, put: text, hidden }];
      }
      case "image":
      case "imageReference":
        return [{ from, to, put: "(image)", hidden: (node.alt ?? "") === "" ? 0 : 1 }];
      case "definition":
        return [{ from, to, put: "", hidden: 1 }];
      case "footnoteDefinition":
        return noted.has(node.identifier) ? [] : [{ from, to, put: "", hidden: 1 }];
      case "link":
        return tail(node, source, node.url, node.title == null ? 0 : 1);
      case "linkReference":
        return tail(node, source, urls.get(node.identifier) ?? "", 0);
      case "table":
        return beyondColumns(node);
      case "code":
        return opening(node, source);
      default:
        return [];
    }
  });
};

/** Outermost first; what lies within one that is cut goes with it. */
const cut = (source: string, cuts: readonly Cut[]): Visible => {
  let [text, at, hidden] = ["", 0, 0];
  for (const one of cuts.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (one.from < at) continue;
    text += source.slice(at, one.from) + one.put;
    at = one.to;
    hidden += one.hidden;
  }
  return { text: text + source.slice(at), hidden };
};

/** Of a text that nobody parses, at least the comments. */
const withoutComments = (source: string): Visible => {
  let hidden = 0;
  const text = source.replace(HTML_COMMENT, () => {
    hidden += 1;
    return "(hidden comment left out)";
  });
  return { text, hidden };
};

/**
 * Left out: HTML comments, attributes, alternative texts and titles, definitions, notes that nothing refers to, links without
 * words and addresses that are none, cells beyond a table's columns, what is drawn rather than shown, and what follows the
 * language of a code block. A fold stays, named as one: who reads may open it.
 */
export const visibleMarkdown = (markdown: string): Visible => {
  let [text, hidden] = [markdown, 0];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    // The parser drops it without counting it, and every place behind it would be another.
    text = text.replace(/^\uFEFF+/, "");
    const tree = treeOf(text);
    if (tree === null) break;
    const next = cut(text, cutsOf(tree, text));
    hidden += next.hidden;
    if (next.text === text) return { text, hidden };
    text = next.text;
  }
  const rest = withoutComments(text);
  return { text: rest.text, hidden: hidden + rest.hidden };
};
