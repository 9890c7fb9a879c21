// What a text would do once GitHub shows it: mention, close, refer, load, link away, hide, command. Each finds its like.
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { spokenLines } from "../../src/commands/spoken-lines.ts";
import type { Outbound } from "./outbound.ts";

/** What our own texts may do: the test says so, of each world. */
export type Allowed = Readonly<{
  /** Who may be mentioned in what is new. */
  people: readonly string[];
  /** Where links may lead. */
  origins: readonly string[];
  /** `Closes #12`, in a pull request. */
  closes: readonly string[];
}>;

const MENTION = /(?<![A-Za-z0-9`/])@([A-Za-z0-9](?:[A-Za-z0-9-]*)(?:\/[A-Za-z0-9._-]+)?)/g;
const REFERENCE = /(?<![A-Za-z0-9&])(?:[\w.-]+\/[\w.-]+)?#\d+|\bGH-\d+|[\w.-]+\/[\w.-]+@[0-9a-f]{7,40}\b/gi;
const CLOSING =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:(?:[\w.-]+\/[\w.-]+)?#\d+|GH-\d+|https?:\/\/\S+\/(?:issues|pull)\/\d+)/gi;
const SHA = /(?<![0-9a-zA-Z])(?=[0-9a-f]*\d)[0-9a-f]{7,40}(?![0-9a-zA-Z])/g;
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.[a-z0-9]/gi;
const HIDDEN =
  /(?![\t\n\r])\p{Cc}|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200C\u200E\u200F\u2028\u2029\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0]|[\u{E0000}-\u{E0FFF}]|\u034F|\u180B|\u180C|\u180D|\p{Surrogate}/u;
const OUR_HTML =
  /^(?:<\/?details>|<\/?summary>|<details><summary>(?:[^<>]|<code>[^<>]*<\/code>)*<\/summary>|<!-- countersign [0-9a-f]{40} -->)$/;
const SKIPS = /\[[^[\]]*\b(?:skip|no)\b[^[\]]*\]|\*{3}NO_CI\*{3}/i;
const TRAILER = /^[A-Za-z][\w-]*-[\w-]*:/;
const OUR_TRAILER = /^Countersign-(?:Delivery: D-\d+|Write: [0-9a-f-]{36}|Approved-By: [\w-]+ \d+ [0-9a-f]{64})$/;

const walk = (node: Nodes, see: (node: Nodes) => void): void => {
  see(node);
  if ("children" in node) for (const child of node.children) walk(child, see);
};

const found = (pattern: RegExp, text: string): readonly string[] => [...text.matchAll(pattern)].map(([hit]) => hit);

/** Words as GitHub's filters see them: code left out, inline marks gone. */
const wordsOf = (node: Nodes): string => {
  if (node.type === "text") return node.value;
  if (node.type === "break") return "\n";
  if (node.type === "inlineCode" || node.type === "code") return "\uFFFC";
  if (node.type === "link") return "\uFFFC";
  return "children" in node ? node.children.map(wordsOf).join("") : "";
};

const ofWords = (words: string, { people, closes }: Allowed, isNew: boolean): readonly string[] => {
  const closing = found(CLOSING, words).filter((hit) => !closes.includes(hit));
  const own = closes.map((hit) => hit.replace(/^\S+ /, ""));
  return [
    ...[...words.matchAll(MENTION)]
      .filter(([, name = ""]) => !isNew || !people.includes(name))
      .map(([hit]) => `mentions ${hit}`),
    ...closing.map((hit) => `closes: ${hit}`),
    ...found(REFERENCE, words)
      .filter((hit) => !own.includes(hit))
      .map((hit) => `refers to ${hit}`),
  ];
};

const ofNode = (node: Nodes, allowed: Allowed, isNew: boolean): readonly string[] => {
  const isOurs = (url: string): boolean => allowed.origins.some((origin) => url.startsWith(origin));
  switch (node.type) {
    case "image":
    case "imageReference":
      return ["an image"];
    case "definition":
    case "linkReference":
    case "footnoteDefinition":
    case "footnoteReference":
      return [`a ${node.type}`];
    case "link":
      return isOurs(node.url) ? [] : [`a link to ${node.url}`];
    case "html":
      return node.value
        .split("\n")
        .filter((line) => !OUR_HTML.test(line.trim()))
        .map((line) => `HTML: ${line}`);
    case "code":
      if (/^(?:math|geojson|topojson|stl|suggestion)$/.test(node.lang ?? "")) return [`drawn as ${node.lang}`];
      return node.lang === "mermaid" && /\bclick\b|:\/\/|<|%%\{/.test(node.value) ? ["a diagram that acts"] : [];
    case "paragraph":
    case "heading":
    case "tableCell": {
      const words = wordsOf(node);
      return [
        ...ofWords(words, allowed, isNew),
        ...found(ADDRESS, words).map((hit) => `an address: ${hit}`),
        ...found(SHA, words).map((hit) => `a commit: ${hit}`),
      ];
    }
    default:
      return [];
  }
};

const COMMAND =
  /^\/(?:cs )?(?:approve|reject|revise|retry|cancel|plan|hold|resume|rollback|accept|budget|status|help)(?![a-z])/i;
const MARKER = /<!--\s*countersign/g;

const ofMarkdown = (text: string, allowed: Allowed, isNew: boolean): readonly string[] => {
  const harms: string[] = [];
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  walk(tree, (node) => harms.push(...ofNode(node, allowed, isNew)));
  const markers: string[] = [];
  walk(tree, (node) => {
    if (node.type === "html") markers.push(...found(MARKER, node.value));
  });
  if (markers.length > 1) harms.push("a second marker");
  if (markers.length === 1 && !/<!-- countersign [0-9a-f]{40} -->\s*$/.test(text))
    harms.push("a marker that is not at the end");
  // As the parser hears lines, but for its limits of length: quotes, code and folds are left out.
  const heard = spokenLines(text).filter((line) => COMMAND.test(line.text));
  harms.push(...heard.map((line) => `a command: ${line.text}`));
  return harms;
};

/** Neither knows Markdown, so a code span helps nobody there. */
const ofPlain = (text: string, allowed: Allowed): readonly string[] => [
  ...ofWords(text.replaceAll("`", " "), { ...allowed, closes: [] }, false),
  ...found(ADDRESS, text).map((hit) => `an address: ${hit}`),
];

const ofCommit = (text: string, allowed: Allowed): readonly string[] => {
  const lines = text.split("\n");
  const end = lines.lastIndexOf("");
  return [
    ...ofPlain(lines.filter((line) => !OUR_TRAILER.test(line)).join("\n"), allowed),
    ...lines
      .slice(0, Math.max(0, end))
      .filter((line) => TRAILER.test(line.trim()))
      .map((line) => `a trailer: ${line}`),
    ...lines
      .slice(end + 1)
      .filter((line) => !OUR_TRAILER.test(line))
      .map((line) => `among the trailers: ${line}`),
    ...(SKIPS.test(text) ? ["it skips the checks"] : []),
  ];
};

const NAMES = /^[A-Za-z0-9 ./_:&-]{1,250}$/;

/** Empty where the text does no more than show itself. */
export const harmsOf = (
  { kind, text, isNew }: Pick<Outbound, "kind" | "text" | "isNew">,
  allowed: Allowed,
): readonly string[] => {
  const hidden = HIDDEN.test(text) ? ["hidden characters"] : [];
  switch (kind) {
    case "markdown":
      return [...hidden, ...ofMarkdown(text, allowed, isNew)];
    case "title":
      return [...hidden, ...ofPlain(text, allowed)];
    case "commit":
      return [...hidden, ...ofCommit(text, allowed)];
    case "name":
      return NAMES.test(text) ? [] : [`a name: ${text}`];
  }
};
