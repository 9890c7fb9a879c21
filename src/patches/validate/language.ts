// What a language is here: which files are in it, and the first thing in a text that its parser cannot read.

export type Misread = Readonly<{
  /** Counted from 1. */
  line: number;
  /** One sentence for whoever wrote the text. */
  message: string;
}>;

export type Language = Readonly<{
  name: string;
  /** Loads the parser when it is needed. The function may throw where it cannot tell. */
  load: () => Promise<(text: string, path: string) => Misread | null>;
  /** By its path alone. */
  speaks: (path: string) => boolean;
  /** What stands in templates of such files, which become files of the language only later. */
  placeholder: RegExp;
}>;

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1).toLowerCase();

/** The line of an offset, counted from 1; the ends of lines are \n or \r\n. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
