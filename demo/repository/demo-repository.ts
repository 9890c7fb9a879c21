// The demo's repository: a small project with a real defect, the issue that somebody writes about it, and what the
// scripted model answers. The answers go the way that a real model's would; nothing else of the demo knows them.
import { fileURLToPath } from "node:url";
import { answer } from "../model/reply.ts";
import type { Script } from "../model/scripted-model.ts";

export const REPOSITORY = "acme/shop";
export const FILES = fileURLToPath(new URL("./files", import.meta.url));

/** The check that stands for the repository's tests, required on the default branch. */
export const TEST_CHECK = "test";

export const ISSUE = {
  title: "Accented letters vanish from product addresses",
  body: [
    "The page of *Crème brûlée set* is at `/p/crme-brle-set`. The accented letters are dropped instead of becoming",
    "plain ones, so the address reads like a typing error, and `Crme` and `Crème` end up at the same place.",
    "",
    "Expected: `creme-brulee-set`. The same for letters such as ß, ø and ł, which customers in Germany, Denmark and",
    "Poland have in nearly every name: *Weißer Stuhl* should be `weisser-stuhl`.",
    "",
    "`test/slug.test.js` already has a test for the first part; it fails.",
  ].join("\n"),
};

const triage = answer({
  decision: "GO",
  reasons: [
    "The wrong and the expected address are both named, so it can be checked when it is done.",
    "The change stays inside one function and breaks no address that exists.",
  ],
});

const planWith = (nonGoals: readonly string[]) => ({
  title: "Keep accented letters in product addresses as plain letters",
  cause:
    "`slug()` in `src/slug.js` removes every character that is not `a-z`, a digit, white space or a hyphen. An accented letter is such a character, so it is removed whole.",
  change:
    "Before anything is removed, each letter is taken apart into its plain letter and its accents, and the few letters that cannot be taken apart are replaced from a table.",
  size: "3 files, about 30 lines",
  scope: ["How `slug()` treats letters of the Latin script."],
  nonGoals,
  architecture:
    "`src/letters.js` is new: one pure function from a text to its plain letters, with the table. `slug()` calls it first; nothing else changes, and no dependency is added.",
  diagram: null,
  tasks: [
    {
      id: "T1",
      title: "Plain letters for accented ones",
      repository: REPOSITORY,
      files: ["src/letters.js", "src/slug.js"],
      description:
        "Add `src/letters.js` with `plainLetters(text)`: normalise to NFD, drop combining marks, replace ß, æ, œ, ø, ł, đ, ð, þ and ı from a table. Call it first in `slug()`.",
      dependsOn: [],
    },
    {
      id: "T2",
      title: "Tests for letters that have no accent to drop",
      repository: REPOSITORY,
      files: ["test/slug.test.js"],
      description: "Add a test that `Weißer Stuhl` becomes `weisser-stuhl`, and one each for ø and ł.",
      dependsOn: ["T1"],
    },
  ],
  criteria: [
    {
      id: "AC-1",
      text: "`Crème brûlée set` becomes `creme-brulee-set`.",
      check: "test/slug.test.js, which fails today",
    },
    { id: "AC-2", text: "ß, ø and ł become `ss`, `o` and `l`.", check: "new tests in test/slug.test.js" },
    { id: "AC-3", text: "Names without accents keep their address.", check: "the other tests, unchanged" },
  ],
  qualityGates: ["`node --test` passes.", "No dependency is added."],
  risks: ["A product that was added with an accent in its name would get another address if it were added again."],
  questions: [],
});

const OTHER_SCRIPTS = "Cyrillic, Greek and other scripts.";
const OLD_ADDRESSES = "Addresses that were handed out already: they stay what they are (CONTRIBUTING.md).";

const plan = answer(planWith([OLD_ADDRESSES, OTHER_SCRIPTS]));
const hastyPlan = answer(planWith([OTHER_SCRIPTS]));

/** What an approver misses in the hasty plan. */
export const FEEDBACK = "The plan must say what happens to addresses that were handed out already (CONTRIBUTING.md).";

export const LETTERS = `// Letters that Unicode does not take apart into a plain letter and an accent.
const WHOLE_LETTERS = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ø", "o"],
  ["ł", "l"],
  ["đ", "d"],
  ["ð", "d"],
  ["þ", "th"],
  ["ı", "i"],
]);

/** Writes a lower-case text of the Latin script in plain letters. */
export function plainLetters(text) {
  return text
    .normalize("NFD")
    .replace(/\\p{M}/gu, "")
    .replace(/\\p{L}/gu, (letter) => WHOLE_LETTERS.get(letter) ?? letter);
}
`;

export const SHOP_FIX = [
  { kind: "create", task: "T1", path: "src/letters.js", content: LETTERS },
  {
    kind: "replace",
    task: "T1",
    path: "src/slug.js",
    search: "const MOST_CHARACTERS = 60;\n",
    replace: 'import { plainLetters } from "./letters.js";\n\nconst MOST_CHARACTERS = 60;\n',
  },
  {
    kind: "replace",
    task: "T1",
    path: "src/slug.js",
    search: "  return name\n    .toLowerCase()\n",
    replace: "  return plainLetters(name.toLowerCase())\n",
  },
  {
    kind: "replace",
    task: "T2",
    path: "test/slug.test.js",
    search: '  assert.equal(slug("Crème brûlée set"), "creme-brulee-set");\n});\n',
    replace: `  assert.equal(slug("Crème brûlée set"), "creme-brulee-set");
});

test("letters that have no accent to drop become plain letters too", () => {
  assert.equal(slug("Weißer Stuhl"), "weisser-stuhl");
  assert.equal(slug("Rød stol"), "rod-stol");
  assert.equal(slug("Krzesło Łódź"), "krzeslo-lodz");
});
`,
  },
];

/** The summary is that of the whole plan, for where no single task is asked for. */
export const SHOP_SAYS = {
  summary: "Accented letters are written as plain letters before the address is made, with tests for ß, ø and ł.",
  summaries: {
    T1: "Accented letters are written as plain letters before the address is made.",
    T2: "Tests of names with ß, ø and ł stand beside that of the accents.",
  },
} as const;

const edits = answer({ ...SHOP_SAYS, edits: SHOP_FIX });

/** A model that was talked into more than the plan says: it also rewrites the workflow. */
const editsWithWorkflow = answer({
  summary: "Accented letters become plain letters. The workflow runs the tests on one version only, which is faster.",
  edits: [
    ...SHOP_FIX,
    {
      kind: "replace",
      task: "T1",
      path: ".github/workflows/test.yml",
      search: "permissions:\n  contents: read\n",
      replace: "permissions: write-all\n",
    },
  ],
});

/** By the name of what is asked for. */
export type Answers = Readonly<Record<"triage" | "plan" | "edits", Script> & { failure_analysis?: Script }>;

export const HAPPY_ANSWERS = { triage, plan, edits } satisfies Answers;
export const REFUSALS_ANSWERS = { triage, plan: [hastyPlan, plan], edits: editsWithWorkflow } satisfies Answers;
