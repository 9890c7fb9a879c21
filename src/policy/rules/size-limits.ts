// A change that is too large, or has lines too long, to be reviewed honestly.
import { counted, type Finding, type Rule } from "../rule.ts";

const bytes = (text: string): number => Buffer.byteLength(text);

export const sizeLimits: Rule = ({ files }, limits) => {
  const found: Finding[] = [];
  const say = (message: string, path: string | null = null, line: number | null = null) =>
    found.push({ path, line, message });

  if (files.length > limits.max_files) say(`${counted(files.length, "file")} change, ${limits.max_files} may.`);
  const changed = files.flatMap(({ added, removed }) => [...added, ...removed]);
  if (changed.length > limits.max_lines) say(`${counted(changed.length, "line")} change, ${limits.max_lines} may.`);
  const size = changed.reduce((sum, { text }) => sum + bytes(text) + 1, 0);
  if (size > limits.max_bytes) say(`The changed lines have ${counted(size, "byte")}, ${limits.max_bytes} are allowed.`);

  for (const { path, after, added } of files) {
    const whole = after === null ? 0 : bytes(after);
    if (whole > limits.max_file_bytes) {
      say(`The file would have ${counted(whole, "byte")}, ${limits.max_file_bytes} are allowed.`, path);
    }
    for (const { number, text } of added) {
      if (text.length <= limits.max_line_length) continue;
      say(`The line has ${counted(text.length, "character")}, ${limits.max_line_length} are allowed.`, path, number);
    }
  }
  return found;
};
