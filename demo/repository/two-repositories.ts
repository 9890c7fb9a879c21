// A defect in two repositories at once: the shop makes addresses, its search makes the same ones by itself, and both drop
// accented letters. Whoever mends only one of them breaks every link between the two.
import { fileURLToPath } from "node:url";
import { answer, type Reply } from "../model/reply.ts";
import type { ModelRequest } from "../model/wire.ts";
import { type Answers, HAPPY_ANSWERS, LETTERS, REPOSITORY, SHOP_FIX, SHOP_SAYS } from "./demo-repository.ts";

export const SEARCH = "acme/search";
export const SEARCH_FILES = fileURLToPath(new URL("./search", import.meta.url));

/** What the shop's owner commits so that the search takes part in every delivery of the shop. */
export const SHOP_CONFIGURATION = `repos: [${SEARCH}]\n`;

export const ISSUE_OF_TWO = {
  title: "Accented letters vanish from product addresses, and from the links of the search",
  body: [
    "The page of *Crème brûlée set* is at `/p/crme-brle-set`. The accented letters are dropped instead of becoming",
    "plain ones. The search links to the same wrong address, because it makes addresses by itself.",
    "",
    "Expected: `creme-brulee-set`, in the shop and in the links of the search. If only one of them changes, every such",
    "link is broken.",
    "",
    "Both repositories have a test for it already; it fails in both.",
  ].join("\n"),
};

const plan = answer({
  title: "Keep accented letters in product addresses as plain letters, in shop and search",
  cause:
    "`slug()` in `acme/shop` and `pageOf()` in `acme/search` both remove every character that is not `a-z`, a digit, white space or a hyphen. An accented letter is such a character, so it is removed whole.",
  change:
    "Both first write each letter as a plain one, with the same function and the same table, so that links and pages keep matching.",
  size: "6 files in 2 repositories, about 60 lines",
  scope: ["How `slug()` and `pageOf()` treat letters of the Latin script."],
  nonGoals: [
    "Addresses that were handed out already: they stay what they are (CONTRIBUTING.md).",
    "A package that both share: that would be a decision of its own.",
  ],
  architecture:
    "`src/letters.js` is new in both repositories, with the same content: one pure function from a text to its plain letters. `slug()` and `pageOf()` call it first. The search follows the shop: its links are right once the shop's pages are.",
  diagram: null,
  tasks: [
    {
      id: "T1",
      title: "Plain letters for accented ones in the shop's addresses",
      repository: REPOSITORY,
      files: ["src/letters.js", "src/slug.js"],
      description: "Add `src/letters.js` with `plainLetters(text)` and call it first in `slug()`.",
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
    {
      id: "T3",
      title: "The same letters in the links of the search",
      repository: SEARCH,
      files: ["src/letters.js", "src/page.js"],
      description: "Add the same `src/letters.js` and call it first in `pageOf()`.",
      dependsOn: ["T1"],
    },
    {
      id: "T4",
      title: "A test that links of such names lead to the shop's pages",
      repository: SEARCH,
      files: ["test/search.test.js"],
      description: "Add a test with the names that the shop tests in T2, and the addresses that it expects.",
      dependsOn: ["T3"],
    },
  ],
  criteria: [
    {
      id: "AC-1",
      text: "`Crème brûlée set` becomes `creme-brulee-set` in both.",
      check: "test/slug.test.js and test/search.test.js, which fail today",
    },
    { id: "AC-2", text: "ß, ø and ł become `ss`, `o` and `l` in both.", check: "new tests in both" },
    { id: "AC-3", text: "Names without accents keep their address.", check: "the other tests, unchanged" },
  ],
  qualityGates: ["`node --test` passes in both repositories.", "No dependency is added."],
  risks: ["Between the two merges, the search links to pages that the shop does not have yet, or not any more."],
  questions: [],
});

const shopEdits = answer({ ...SHOP_SAYS, edits: SHOP_FIX });

const searchEdits = answer({
  summary: "Links are made of plain letters, as the shop makes its addresses, with the names that the shop tests.",
  summaries: {
    T3: "Links are made of plain letters, as the shop makes its addresses.",
    T4: "The names that the shop tests are tested here, too.",
  },
  edits: [
    { kind: "create", task: "T3", path: "src/letters.js", content: LETTERS },
    {
      kind: "replace",
      task: "T3",
      path: "src/page.js",
      search: "const MOST_CHARACTERS = 60;\n",
      replace: 'import { plainLetters } from "./letters.js";\n\nconst MOST_CHARACTERS = 60;\n',
    },
    {
      kind: "replace",
      task: "T3",
      path: "src/page.js",
      search: "  const last = name\n    .toLowerCase()\n",
      replace: "  const last = plainLetters(name.toLowerCase())\n",
    },
    {
      kind: "replace",
      task: "T4",
      path: "test/search.test.js",
      search: 'test("a link leads to where the shop has the page", () => {\n',
      replace: `test("letters that have no accent to drop lead there too", () => {
  const names = ["Weißer Stuhl", "Rød stol", "Krzesło Łódź"];
  assert.deepEqual(
    search(names, "").map(({ page }) => page),
    ["/p/weisser-stuhl", "/p/rod-stol", "/p/krzeslo-lodz"],
  );
});

test("a link leads to where the shop has the page", () => {
`,
    },
  ],
});

/** The proposer is told in which repository it works. */
const edits = ({ prompt }: ModelRequest): Reply =>
  prompt.includes(`in the repository ${SEARCH}, and only there`) ? searchEdits : shopEdits;

export const TWO_ANSWERS: Answers = { triage: HAPPY_ANSWERS.triage, plan, edits };
