// JSON, and JSON with comments where the name of the file says that its readers take them.
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { baseName, type Language, lineOf, type Misread } from "./language.ts";

/** Their own tools read these with comments and trailing commas. */
const WITH_COMMENTS = [
  /\.(?:jsonc|code-workspace|code-snippets)$/,
  /^(?:tsconfig|jsconfig)(?:[.-].*)?\.json$/,
  /^\.?devcontainer\.json$/,
  /^\.(?:eslintrc|babelrc|swcrc|jshintrc|jscsrc|hintrc|jslintrc)(?:\.json)?$/,
  /^(?:api-extractor|biome|deno|rush|wrangler|turbo|nx|project|angular|renovate|babel\.config|language-configuration)\.json$/,
];
const FOLDERS_WITH_COMMENTS = /(?:^|\/)\.(?:vscode|devcontainer|zed)\/[^/]+\.json$/i;

const takesComments = (path: string): boolean =>
  FOLDERS_WITH_COMMENTS.test(path) || WITH_COMMENTS.some((pattern) => pattern.test(baseName(path)));

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is no value of JSON",
  InvalidNumberFormat: "this is no number of JSON",
  PropertyNameExpected: "the name of a property is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a closing brace is missing",
  CloseBracketExpected: "a closing bracket is missing",
  EndOfFileExpected: "the file goes on after its value has ended",
  InvalidCommentToken: "JSON knows no comments",
  UnexpectedEndOfComment: "a comment does not end",
  UnexpectedEndOfString: "a text does not end on its line",
  UnexpectedEndOfNumber: "a number ends too soon",
  InvalidUnicode: "this escape is no character",
  InvalidEscapeCharacter: "JSON knows no such escape",
  InvalidCharacter: "a control character stands in a text",
};

const firstError = (text: string, withComments: boolean): Misread | null => {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: !withComments, allowTrailingComma: withComments, allowEmptyContent: false });
  const [first] = errors;
  if (first === undefined) return null;
  const words = WORDS[printParseErrorCode(first.error)] ?? "this cannot be read";
  return { line: lineOf(text, first.offset), message: `${words}.` };
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch (problem) {
    if (problem instanceof SyntaxError) return false;
    throw problem;
  }
};

export const json: Language = {
  name: "JSON",
  placeholder: /\{\{|\{%|<%/,
  speaks: (path) => /\.(?:json|geojson|webmanifest|ipynb)$/.test(baseName(path)) || takesComments(path),
  load: async () => (raw, path) => {
    const text = raw.replace(/^\uFEFF/, "");
    if (takesComments(path)) return firstError(text, true);
    // The strict parser decides; the tolerant one only says where.
    if (isJson(text)) return null;
    return firstError(text, false) ?? { line: 1, message: "this is not JSON." };
  },
};
