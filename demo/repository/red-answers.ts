// A model that writes ß as one s: its own test fails, and what the check says of that leads it to the cause.
import { answer } from "../model/reply.ts";
import type { Script } from "../model/scripted-model.ts";
import {
  type Answers,
  HAPPY_ANSWERS,
  LETTERS,
  REPOSITORY,
  SHOP_FIX,
  SHOP_SAYS,
  TEST_CHECK,
} from "./demo-repository.ts";

const WRONG = '  ["ß", "s"],\n';
const RIGHT = '  ["ß", "ss"],\n';

const hasty = answer({
  ...SHOP_SAYS,
  edits: SHOP_FIX.map((edit) =>
    edit.path === "src/letters.js" ? { ...edit, content: LETTERS.replace(RIGHT, WRONG) } : edit,
  ),
});

const mended = answer({
  summary: "ß is written as ss.",
  edits: [{ kind: "replace", task: "T1", path: "src/letters.js", search: WRONG, replace: RIGHT }],
});

/** The line of the test's output that tells the cause, copied as it was shown. */
const shownLine = (prompt: string): string => /actual: 'weiser-stuhl'/.exec(prompt)?.[0] ?? "not ok";

const analysis: Script = ({ prompt }) =>
  answer({
    evidence: [{ check: TEST_CHECK, line: shownLine(prompt) }],
    cause: "`plainLetters()` in `src/letters.js` writes ß as one `s`, so `Weißer Stuhl` becomes `weiser-stuhl`.",
    remedy: "change",
    wouldFix: "Write ß as `ss` in the table of `src/letters.js`.",
    repositories: [REPOSITORY],
  });

export const RED_ANSWERS = {
  ...HAPPY_ANSWERS,
  edits: ({ prompt }) => (prompt.includes("# Why the checks of the pull request are red") ? mended : hasty),
  failure_analysis: analysis,
} satisfies Answers;
