// Who was not shown all of a file may not write what they did not see.
import { describe, expect, it } from "vitest";
import { type SeenFile, unseenProblems } from "../../src/agent/unseen.ts";
import type { Edit } from "../../src/artifacts/edits.ts";
import { shownFile } from "../../src/context/shown-text.ts";

const AWS = ["AKIA", "QX7RT2MNB4VCJ9LK"].join("");
const task = "T1";

const seen = async (texts: Readonly<Record<string, string>>): Promise<Map<string, SeenFile>> => {
  const files = new Map<string, SeenFile>();
  for (const [path, real] of Object.entries(texts))
    files.set(path, { real, shown: await shownFile(real), whole: !path.startsWith("part") });
  return files;
};
const FILES = {
  "keys.ts": `const name = "shop";\nconst key = "${AWS}";\n`,
  "odd.ts": "const a = '\u200b';\nconst b = 1;\n",
  "plain.ts": "const b = 1;\n",
  "part.ts": "const c = 1;\n",
  "part-empty.ts": "",
  "ours.ts": 'const words = "[removed: looks like a credential]";\n',
};
const STAND_IN = "[removed: looks like an AWS access key id]";

describe("an edit is refused", () => {
  it.each<[string, readonly Edit[], RegExp]>([
    [
      "that quotes what was taken out",
      [{ kind: "replace", task, path: "keys.ts", search: `${STAND_IN}\n`, replace: "" }],
      /^edit 1, keys\.ts: \[removed/,
    ],
    [
      "that would write it",
      [{ kind: "replace", task, path: "keys.ts", search: "shop", replace: STAND_IN }],
      /kept from you/,
    ],
    [
      "that would write it into a new file",
      [{ kind: "create", task, path: "new.ts", content: `a\n${STAND_IN}\n` }],
      /^edit 1, new\.ts/,
    ],
    [
      "that quotes a character nobody sees",
      [{ kind: "replace", task, path: "odd.ts", search: "const a = '⟨U+200B⟩';", replace: "" }],
      /⟨U\+200B⟩ is not what stands/,
    ],
    [
      "that rewrites the file",
      [{ kind: "rewrite", task, path: "keys.ts", content: "const name = 1;\n" }],
      /parts of this file were kept from you, and writing it anew/,
    ],
    [
      "that rewrites a file that was shown in part",
      [{ kind: "rewrite", task, path: "part.ts", content: "x" }],
      /^edit 1, part\.ts: not all of this file was shown to you/,
    ],
    [
      "that makes such a file anew under its name",
      [
        { kind: "delete", task, path: "part.ts" },
        { kind: "create", task, path: "part.ts", content: "x" },
      ],
      /^edit 2, part\.ts: not all/,
    ],
    [
      "that rewrites it under another name",
      [
        { kind: "rename", task, path: "keys.ts", to: "k.ts" },
        { kind: "rewrite", task, path: "k.ts", content: "x" },
      ],
      /^edit 2, k\.ts/,
    ],
    [
      "that makes it anew after it was deleted",
      [
        { kind: "delete", task, path: "keys.ts" },
        { kind: "create", task, path: "keys.ts", content: "x" },
      ],
      /^edit 2, keys\.ts/,
    ],
    [
      "that rewrites a file with hidden characters",
      [{ kind: "rewrite", task, path: "odd.ts", content: "x" }],
      /^edit 1, odd\.ts/,
    ],
  ])("%s", async (_what, edits, words) => {
    const problems = unseenProblems(edits, await seen(FILES));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(words);
    expect(problems.join()).not.toContain(AWS);
  });
});

describe("an edit is taken", () => {
  it.each<[string, Edit]>([
    ["on a file that was shown in part", { kind: "replace", task, path: "part.ts", search: "1", replace: "2" }],
    ["that fills an empty file", { kind: "rewrite", task, path: "part-empty.ts", content: "x" }],
    ["on another line of such a file", { kind: "replace", task, path: "keys.ts", search: "shop", replace: "store" }],
    ["that deletes it", { kind: "delete", task, path: "keys.ts" }],
    ["that moves it", { kind: "rename", task, path: "keys.ts", to: "k.ts" }],
    ["that rewrites a file that was shown whole", { kind: "rewrite", task, path: "plain.ts", content: "x" }],
    [
      "that quotes such words where they really stand",
      { kind: "replace", task, path: "ours.ts", search: "[removed: looks like a credential]", replace: "x" },
    ],
  ])("%s", async (_what, edit) => expect(unseenProblems([edit], await seen(FILES))).toEqual([]));
});
