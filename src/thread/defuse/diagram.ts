// A Mermaid diagram that a model drew, if it keeps to a small safe part of the language; else its source as text.
import { fence } from "./code.ts";

const HEADER = /^(?:(?:flowchart|graph) (?:TB|TD|BT|RL|LR)|sequenceDiagram|stateDiagram-v2);?$/;
/** Letters, digits, spaces, arrows, brackets of shapes and quotes of labels; no `<`, `@`, `#`, `%`, `$`, backslash, backtick. */
const LINE = /^[\p{L}\p{N} \-=.>|[\](){}"':,;&+*/?!_~]*$/u;
/** Statements that link, call, style or load. */
const STATEMENT =
  /^(?:click|link|links|href|call|callback|style|classDef|class|linkStyle|properties|details|init|accTitle|accDescr)\b/i;
const REMOTE = /:\/\/|\/\/|\bwww\.|\bjavascript:|\bdata:|\b(?:fa|fab|fas|far|icon|img):/i;
const MOST_LINES = 80;

const statements = (line: string): readonly string[] => line.split(";").map((one) => one.trim());

/** The diagram as a fence that GitHub draws, or as a fence of text where it does anything that we do not know. */
export const diagram = (source: string): string => {
  const lines = source
    .replace(/\r\n?/g, "\n")
    .replace(/<br ?\/?>/gi, " ")
    .replace(/\t/g, "  ")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const [header = "", ...rest] = lines;
  const known =
    HEADER.test(header.trim()) &&
    rest.length > 0 &&
    lines.length <= MOST_LINES &&
    rest.every((line) => LINE.test(line) && !REMOTE.test(line) && !statements(line).some((one) => STATEMENT.test(one)));
  return known ? ["```mermaid", header.trim(), ...rest, "```"].join("\n") : fence(source, "text");
};
