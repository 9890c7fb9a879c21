// Tests that disappear, are skipped, or assert less than before.
import { basename } from "../path-forms.ts";
import type { Line, ProposedFile } from "../proposal.ts";
import { counted, type Finding, type Rule } from "../rule.ts";

const FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e)\//i;
const NAME =
  /[._-](?:tests?|specs?|cy|e2e)\.[a-z]+$|^test_.*\.py$|_test\.(?:go|py|rb|exs?|dart|cc?|cpp|rs)$|(?:Tests?|Spec|IT)\.(?:java|kts?|cs|swift|scala|php|groovy)$/i;
/** Words and pictures beside the tests are none, nor is what no runner looks for. */
const NO_CODE =
  /\.(?:md|mdx|markdown|rst|adoc|txt|png|jpe?g|gif|svg|webp|ico|pdf|csv|tsv|log|lock|bak|old|orig|tmp|disabled|skip|off)$|^(?:readme|licen[cs]e|changelog|\.git\w+)$/i;
export const isTest = (path: string): boolean => {
  const name = basename(path);
  return !NO_CODE.test(name) && (NAME.test(name) || FOLDER.test(path));
};

/** A line that is only a comment tests nothing, whatever it says. */
const COMMENT = /^\s*(?:\/\/(?!go:build)|#(?![[!])|\/\*|\*|--|<!--|;|%|"""|''')/;

const CASE =
  /(?:^|[^\w.])[xf]?(?:it|test|specify|scenario|Deno\.test)(?:\.(?:skip|only|concurrent|sequential|fails|failing|fixme|todo))*(?:\.each\b.{0,200}?)?\s*\(|\bdef\s+test_?\w*|\bfunc\s+Test\w*\s*\(|@(?:Test|ParameterizedTest)\b|#\[(?:\w+::)?test\b|\[(?:Fact|Theory|Test|TestMethod)\b/;
const SKIP =
  /\b(?:it|test|describe|context|suite)\.(?:skip|only|todo|fixme|failing)\b|\bx(?:it|test|describe|context)\s*\(|\bf(?:it|describe|context)\s*\(|\b(?:it|test|describe)\.(?:skipIf|runIf|skip\.each)\b|\bskip\s{0,20}:\s{0,20}(?:true|["'])|@pytest\.mark\.(?:skip|xfail)|\bpytest\.(?:skip|xfail|importorskip)\s*\(|\bself\.skipTest\b|@(?:unittest\.)?(?:skip|expectedFailure)\b|@(?:Ignore|Disabled)\b|\bXCTSkip|^\s*\/\/go:build\s|^\s*(?:pending|skip)\b|\bmarkTest(?:Skipped|Incomplete)\b|\bt\.Skip(?:f|Now)?\s*\(|#\[ignore\b|\bSkip\s*=\s*"/;
/** Everything below such a line could be a comment from now on, although no line of it changes. */
const OPENED =
  /^\s*(?:\/\*(?!\*)(?!.*\*\/)|=begin\b|<!--(?!.*-->)|#if\s+(?:0|false)\b)|\bif\s{0,20}\(?\s{0,20}(?:false|False|0)\s{0,20}[):]/;
const ASSERTION = /\bexpect\s*\(|\bassert\w*\b|\.should\b|\brequire\.\w+\s*\(\s*t\b|\bXCTAssert/;

const count = (lines: readonly Line[], pattern: RegExp): number =>
  lines.filter(({ text }) => !COMMENT.test(text) && pattern.test(text)).length;

const problems = ({ kind, path, previousPath, added, removed }: ProposedFile): Finding[] => {
  if (!isTest(previousPath ?? path)) return [];
  const found = (message: string, line: number | null = null): Finding => ({ path, line, message });
  if (kind === "delete") return [found("A test file would be deleted.")];
  const all: Finding[] = [];
  if (!isTest(path)) all.push(found("A test file would be renamed so that it is none any more."));
  const cases = count(removed, CASE) - count(added, CASE);
  if (cases > 0) all.push(found(`${counted(cases, "test")} fewer than before.`));
  const assertions = count(removed, ASSERTION) - count(added, ASSERTION);
  if (assertions > 0) all.push(found(`${counted(assertions, "assertion")} fewer than before.`));
  const skips = added.filter(({ text }) => !COMMENT.test(text) && SKIP.test(text));
  const opened = added.find(({ text }) => OPENED.test(text));
  if (opened !== undefined) all.push(found("Here a comment begins that has no end on its line.", opened.number));
  if (skips.length > count(removed, SKIP)) all.push(found("A test would be skipped.", skips[0]?.number ?? null));
  return all;
};

export const testRemoval: Rule = ({ files }) => files.flatMap(problems);
