// JavaScript and TypeScript, with JSX where the file may hold it, by Babel's parser.
import type { ParserOptions, ParserPlugin } from "@babel/parser";
import { baseName, type Language, type Misread } from "./language.ts";

const FILE = /\.(?:js|mjs|cjs|jsx|ts|mts|cts|tsx)$/;
const DECLARATIONS = /\.d\.[mc]?ts$/;

const DECORATORS: readonly ParserPlugin[] = ["decorators", "decorators-legacy"];

/** The ways in which a file of that name may be meant; it is sound when it can be read in one of them. */
const dialects = (path: string, text: string): readonly ParserPlugin[][] => {
  const name = baseName(path);
  const typescript: ParserPlugin = DECLARATIONS.test(name) ? ["typescript", { dts: true }] : "typescript";
  const plain: readonly ParserPlugin[] = /\.[mc]?ts$/.test(name)
    ? [typescript]
    : name.endsWith(".tsx")
      ? ["jsx", typescript]
      : ["jsx"];
  const flow: ParserPlugin[][] = /@flow\b/.test(text) && /js/.test(name) ? [["jsx", ["flow", { all: true }]]] : [];
  return [...DECORATORS.map((decorators) => [...plain, decorators]), ...flow];
};

const source = (path: string): ParserOptions => {
  const name = baseName(path);
  if (/\.c[jt]s$/.test(name)) return { sourceType: "commonjs" };
  return { sourceType: /\.m[jt]s$/.test(name) ? "module" : "unambiguous", allowReturnOutsideFunction: true };
};

type SyntaxProblem = Readonly<{ loc: Readonly<{ line: number }>; message: string }>;

const isSyntaxProblem = (problem: unknown): problem is SyntaxError & SyntaxProblem =>
  problem instanceof SyntaxError && "loc" in problem;

export const javascript: Language = {
  name: "JavaScript or TypeScript",
  placeholder: /\{%|<%|\{\{ ?cookiecutter/,
  speaks: (path) => FILE.test(baseName(path)),
  load: async () => {
    const { parse } = await import("@babel/parser");
    const misread = (text: string, path: string, plugins: ParserPlugin[]): Misread | null => {
      try {
        parse(text, {
          ...source(path),
          plugins,
          allowUndeclaredExports: true,
          // Declarations may say things twice: of those, only what cannot be read at all counts.
          errorRecovery: DECLARATIONS.test(baseName(path)),
        });
        return null;
      } catch (problem) {
        if (!isSyntaxProblem(problem)) throw problem;
        return { line: problem.loc.line, message: problem.message.replace(/ \(\d+:\d+\)$/, "") };
      }
    };
    return (text, path) => {
      const found = dialects(path, text).map((plugins) => misread(text, path, plugins));
      return found.includes(null) ? null : (found[0] ?? null);
    };
  },
};
