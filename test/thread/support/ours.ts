// What our own texts would do on GitHub beyond what they are meant to: fold, link to GitHub, mention approvers, draw a timeline.
import type { Nodes } from "mdast";
import type { Publication } from "../../../src/thread/publications.ts";
import { harmsOf, parseMarkdown } from "./harms.ts";

const OURS = /^<\/?details>|^<details><summary>|^<!-- countersign [0-9a-f]{40} -->$/;
const OUR_LINKS = /^https:\/\/github\.com\//;

export const walk = (node: Nodes, see: (node: Nodes) => void): void => {
  see(node);
  if ("children" in node) for (const child of node.children) walk(child, see);
};

/** Harms, less what is ours: folds, tables, links to GitHub, the line that mentions approvers, a timeline. */
export const harmsOfOurs = (markdown: string): readonly string[] => {
  const harms: string[] = [];
  walk(parseMarkdown(markdown), (node) => {
    if (node.type === "html" && !node.value.split("\n").every((line) => OURS.test(line)))
      harms.push(`html: ${node.value}`);
    if (node.type === "link" && !OUR_LINKS.test(node.url)) harms.push(`link: ${node.url}`);
    if (
      node.type === "code" &&
      node.lang === "mermaid" &&
      !/^(timeline|flowchart|graph|sequenceDiagram|stateDiagram)/.test(node.value)
    )
      harms.push("mermaid");
  });
  const others = harmsOf(
    markdown
      .replace(/\[[^\][]*\]\(https:\/\/github\.com\/[^)]*\)/g, "link")
      .replace("@octocat @mona", "people")
      .replace(/@approver-number-\d+|@acme\/core/g, "people"),
  );
  return [...harms, ...others.filter((harm) => !["html", "link", "table", "drawn as mermaid"].includes(harm))];
};

/** All Markdown that a publication puts on GitHub. */
export const textsOf = (one: Publication): readonly string[] => {
  if (one.kind === "comment") return [one.body, one.firstBody];
  return one.kind === "check_run" ? [one.draft.summary, one.draft.text ?? ""] : [];
};
