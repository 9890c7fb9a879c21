// go.mod and go.work: what is required, and what takes the place of what.
import { type Entries, entries, type Reader } from "./entries.ts";

const VERBS = new Set(["require", "replace", "exclude", "retract", "tool", "toolchain", "go", "use"]);

const pair = (verb: string, rest: string): [string, string][] => {
  if (rest === "") return [];
  if (verb === "replace") {
    const [from = "", to = ""] = rest.split("=>");
    return [[`replace > ${from.trim()}`, to.trim()]];
  }
  if (verb === "require" || verb === "exclude") {
    const [module = "", ...version] = rest.split(" ");
    return [[`${verb} > ${module}`, version.join(" ")]];
  }
  return [[verb, rest]];
};

const read = (text: string): Readonly<{ found: Entries; whole: boolean }> => {
  let block = "";
  let whole = true;
  const found: [string, string][] = [];
  for (const line of text.split("\n")) {
    const words = (line.split("//", 1)[0] ?? "")
      .replace(/["`]/g, "")
      .replace(/[()]/g, " $& ")
      .split(/\s/)
      .filter(Boolean);
    const [first = "", ...rest] = words;
    if (first === ")") block = "";
    else if (block !== "") found.push(...pair(block, words.join(" ")));
    else if (VERBS.has(first) && rest[0] === "(") {
      block = first;
      found.push(
        ...pair(
          first,
          rest
            .slice(1)
            .filter((word) => word !== ")")
            .join(" "),
        ),
      );
      if (rest.includes(")")) block = "";
    } else if (VERBS.has(first)) found.push(...pair(first, rest.join(" ")));
    else if (first !== "" && first !== "module" && first !== "godebug") {
      whole = false;
      if (words.includes("=>")) found.push(...pair("replace", words.join(" ")));
      else if (/^v\d/.test(rest[0] ?? "")) found.push(...pair("require", words.join(" ")));
    }
  }
  return { found: entries(found), whole: whole && block === "" };
};

export const readGoMod: Reader = (text) => {
  const { found, whole } = read(text);
  return whole ? found : null;
};

/** A line whose block is not known is taken for a requirement or a replacement when it looks like one. */
export const goModFragments = (lines: readonly string[]): Entries => read(lines.join("\n")).found;

export const isGoModLine = (line: string): boolean => {
  const { found, whole } = read(line);
  return whole || found.size > 0 || /^\s*(?:require|replace|exclude|retract|tool|use)\s*\(\s*$/.test(line);
};
