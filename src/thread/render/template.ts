// A repository's own template for pull requests, with our sections under the headings that ask for them.
import { inline } from "../defuse.ts";

export type Fillings = Readonly<Record<"why" | "scope" | "changes" | "tests" | "risks", string>>;

const ASKS: Readonly<Record<keyof Fillings, RegExp>> = {
  tests: /\b(?:tests?|tested|testing|verif(?:y|ied|ication)|how (?:to|was|has) .*(?:test|verif))\b/i,
  risks: /\b(?:risks?|impact|breaking|rollback)\b/i,
  scope: /\bscope\b/i,
  changes: /\b(?:changes?|changelog|implementation|solution)\b/i,
  why: /\b(?:why|what|summary|description|motivation|context|overview|purpose|background)\b/i,
};

const ORDER = ["tests", "risks", "scope", "why", "changes"] as const;

const isFilling = (key: string): key is keyof Fillings => Object.hasOwn(ASKS, key);

/** Instructions to the author stand in HTML comments; they are not part of the text. */
const withoutComments = (template: string): string => template.replace(/<!--[\s\S]*?(?:-->|$)/g, "");

/** A line of the template: headings and boxes stay what they are, all else becomes harmless text. */
const lineOf = (line: string): string => {
  const box = /^\s*[-*+] \[[ xX]\] +(.*)$/.exec(line);
  if (box !== null) return `- [ ] ${inline(box[1] ?? "")}`;
  const item = /^\s*[-*+] +(.*)$/.exec(line);
  if (item !== null) return `- ${inline(item[1] ?? "")}`;
  return inline(line);
};

/** `unused` are the sections that no heading asked for. Boxes stay unticked: ticking them is a human's statement. */
export const fillTemplate = (
  template: string,
  fillings: Fillings,
): Readonly<{ text: string; unused: Partial<Fillings> }> => {
  const used = new Set<keyof Fillings>();
  const out: string[] = [];
  for (const line of withoutComments(template).split(/\r?\n/)) {
    const heading = /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
    if (heading === null) {
      out.push(lineOf(line));
      continue;
    }
    const words = heading[2] ?? "";
    out.push("", `${heading[1]} ${inline(words)}`, "");
    const asked = ORDER.find((key) => !used.has(key) && ASKS[key].test(words));
    if (asked === undefined) continue;
    used.add(asked);
    out.push(fillings[asked], "");
  }
  const unused: Partial<Record<keyof Fillings, string>> = {};
  for (const [key, value] of Object.entries(fillings)) if (isFilling(key) && !used.has(key)) unused[key] = value;
  return {
    text: out
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
    unused,
  };
};
