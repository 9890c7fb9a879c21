// What `config check FILE` answers: the verdict on a configuration as lines for a terminal, and an exit code.
import { parseCeiling, type Tightened, withinCeiling } from "./ceiling.ts";
import { parseConfig } from "./parse.ts";
import type { ConfigProblem } from "./yaml-document.ts";

/** 0: usable; 1: problems in the file; 2: the file, or the ceiling, cannot be read. */
export type Checked = Readonly<{ exitCode: 0 | 1 | 2; text: string }>;

const inFile =
  (name: string) =>
  ({ line, key, message }: ConfigProblem): string =>
    `${name}${line === null ? "" : `:${line}`}: ${key === "" ? "the file" : key} ${message}`;

const held = ({ key, asked, given }: Tightened): string =>
  `${key}: ${JSON.stringify(asked)} is held to ${JSON.stringify(given)} by the ceiling`;

/** `text` is null where the file could not be read; `ceiling` is null where there is none. Null text of a ceiling likewise. */
export const checkConfig = (
  file: Readonly<{ name: string; text: string | null }>,
  ceiling: Readonly<{ name: string; text: string | null }> | null,
): Checked => {
  if (file.text === null) return { exitCode: 2, text: `${file.name}: cannot be read` };
  if (ceiling !== null && ceiling.text === null) return { exitCode: 2, text: `${ceiling.name}: cannot be read` };
  const bound = parseCeiling(ceiling?.text ?? "");
  if (!bound.ok) return { exitCode: 2, text: bound.error.map(inFile(ceiling?.name ?? "")).join("\n") };
  const parsed = parseConfig(file.text);
  if (!parsed.ok) return { exitCode: 1, text: parsed.error.map(inFile(file.name)).join("\n") };
  const { tightened } = withinCeiling(parsed.value, bound.value);
  return { exitCode: 0, text: [`${file.name}: can be used`, ...tightened.map(held)].join("\n") };
};
