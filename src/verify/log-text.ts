// What a check printed, as people would read it: without times and colours, and of a long one the end and a little of the beginning. Pure.

/** Of one check, in characters: some 3,000 tokens. */
const MOST_CHARACTERS = 12_000;
const OF_THE_BEGINNING = 1_500;

/** The runner puts a time before each line. */
const TIME = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?/;
/** Colours, cursor moves and titles of windows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences begin with one
const TERMINAL = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** What a terminal would show of a line that overwrote itself. */
const lastWritten = (line: string): string => line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1);

export const plainLog = (log: string): string =>
  log
    .split("\n")
    .map((line) => lastWritten(line.replace(TIME, "").replace(TERMINAL, "").replace(/\r+$/, "")))
    .join("\n");

const SHORTENED = "(lines in between are left out)";

/** Whole lines; the end weighs more, because failures stand there. */
export function shortened(text: string, most: number = MOST_CHARACTERS): Readonly<{ text: string; whole: boolean }> {
  if (text.length <= most) return { text, whole: true };
  const begin = text.slice(0, Math.min(OF_THE_BEGINNING, Math.floor(most / 4)));
  const head = begin.slice(0, Math.max(0, begin.lastIndexOf("\n")));
  const end = text.slice(-(most - head.length - SHORTENED.length - 2));
  const cut = end.indexOf("\n");
  const tail = cut < 0 ? end : end.slice(cut + 1);
  return { text: [head, SHORTENED, tail].filter((part) => part !== "").join("\n"), whole: false };
}
