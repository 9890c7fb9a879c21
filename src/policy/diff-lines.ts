// A foreign diff as lines with a place in them, and what a file in it begins with.

export class UnusableDiff extends Error {
  override readonly name = "UnusableDiff";
  /** Counted from 1; null when the whole input is meant. */
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}

/** Longer than a safe path with its quotes. */
const LONGEST_HEADER = 10_000;

/** Lines with a place in them. */
export class Lines {
  readonly #lines: readonly string[];
  at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  get line(): string | undefined {
    return this.#lines[this.at];
  }

  get next(): string | undefined {
    return this.#lines[this.at + 1];
  }

  /** The rest of the present line after `prefix`, stepping over it; undefined when it begins otherwise. */
  take(prefix: string): string | undefined {
    const line = this.line;
    if (line === undefined || !line.startsWith(prefix)) return undefined;
    if (line.length > LONGEST_HEADER) this.stop("this header is too long");
    if (line.endsWith("\r")) this.stop("this header ends in a carriage return");
    this.at++;
    return line.slice(prefix.length);
  }

  stop(message: string): never {
    throw new UnusableDiff(message, this.at + 1);
  }
}

export const startsSides = (lines: Lines): boolean =>
  lines.line?.startsWith("--- ") === true && lines.next?.startsWith("+++ ") === true;

/** Subversion's heading, or the command line that `diff -r` repeats before each file. */
export const startsHeading = (lines: Lines): boolean =>
  (lines.line?.startsWith("Index: ") === true && /^={3,}$/.test(lines.next ?? "")) ||
  (/^diff -(?!-(?:git|cc|combined) )/.test(lines.line ?? "") && lines.next?.startsWith("--- ") === true);

export const startsFile = (lines: Lines): boolean =>
  lines.line?.startsWith("diff --git ") === true || startsSides(lines) || startsHeading(lines);
