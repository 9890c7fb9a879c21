// What an attacker writes. A mark stands with each, by which it is found wherever it went.

/** Words for fields that hold text: the whole app carries them from the issue to the commit message. */
export type Words = Readonly<{
  id: string;
  mark: string;
  text: string;
  /** Also as content of a file: policy stops what cannot be seen, which the table of edits tries. */
  isForFiles: boolean;
}>;

export type Group = Readonly<{ name: string; words: readonly Words[] }>;

const UNSEEN = /(?![\t\n])\p{C}|[\p{Zl}\p{Zp}\u00A0\u115F\u1160\u3164\uFFA0]|\p{M}{3}/u;

export const group = (name: string, texts: readonly string[]): Group => ({
  name,
  words: texts.map((text, index) => {
    const mark = `zq${name.replace(/[^a-z]/g, "")}${String(index + 1).padStart(2, "0")}z`;
    return { id: `${name} ${index + 1}`, mark, text: `${text}\n\n${mark}`, isForFiles: !UNSEEN.test(text) };
  }),
});
