// The one door for untrusted text: what a model, an issue or a repository wrote becomes harmless for the place where it
// is shown, and stays readable. Nothing else may bring foreign text into a comment, a check run, a title or a commit.
//
//   block, inline    Markdown in, Markdown out, as blocks or on one line
//   codeSpan, fence  as code: names, paths, diffs, logs
//   htmlCode         in the summary of a fold
//   diagram          Mermaid from a model
//   headline         titles of pull requests, first lines of commits
//   commitText       bodies of commit messages
//   listItems        a list, one line an item
import { inline } from "./defuse/prose.ts";

export { codeSpan, fence, htmlCode } from "./defuse/code.ts";
export { diagram } from "./defuse/diagram.ts";
export { commitText, headline } from "./defuse/plain.ts";
export { block, inline } from "./defuse/prose.ts";

/** A bullet list of untrusted lines. */
export const listItems = (items: readonly string[]): string => items.map((item) => `- ${inline(item)}`).join("\n");
