// What no longer can be read is found, with its line; what never could be, or is not ours to judge, is let through.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenFiles, type Changed } from "../../../src/patches/validate/broken-files.ts";
import { runs } from "../../support/runs.ts";

const created = (path: string, after: string): Changed => ({ path, previousPath: null, before: null, after });
const changed = (path: string, before: string, after: string): Changed => ({ ...created(path, after), before });

const found = async (change: Changed) =>
  (await brokenFiles([change])).map(({ line, message }) => `${line}: ${message}`);

describe("a new file that cannot be read", () => {
  it.each([
    ["package.json", '{\n  "name": "shop",\n}\n', "3: "],
    ["package.json", '{\n  "name": "shop" // the name\n}\n', "2: JSON knows no comments."],
    ["data.json", "", "1: "],
    ["tsconfig.json", '{ "a": [1, 2 }', "1: a comma is missing."],
    ["config.yml", "a: 1\nb:\n  - c\n d: 2\n", "4: "],
    ["config.yml", "a: 1\nb: 2\na: 3\n", "3: this key is there twice."],
    ["config.yml", "a: *missing\n", "1: the alias *missing names no anchor before it."],
    ["config.yml", "---\na: 1\n---\nb: [1, 2\n", ": "],
    ["Cargo.toml", '[package]\nname = "shop\n', "2: "],
    ["src/a.js", "export const a = () => {\n  return 1;\n", "3: Unexpected token"],
    ["src/a.js", 'import a from "a";\nimport a from "b";\n', "2: Identifier 'a' has already been declared."],
    ["src/a.ts", "const a: = 1;\n", "1: Unexpected token"],
    ["src/a.tsx", "export const A = () => <p>one</div>;\n", "1: Expected corresponding JSX closing tag"],
    ["src/a.py", "def f():\nreturn 1\n", "2: "],
    ["src/a.py", "print 'a'\n", "1: "],
  ])("%s: %j", async (path, text, words) => {
    const [first = "nothing was found", ...more] = await found(created(path, text));
    expect(first).toContain(words);
    expect(more).toEqual([]);
  });
});

describe("a file that can be read", () => {
  it.each([
    ["package.json", '\uFEFF{ "name": "shop" }\n'],
    ["tsconfig.build.json", '{\n  // what is built\n  "include": ["src"],\n}\n'],
    [".vscode/settings.json", "{ /* none */ }"],
    ["config.yml", "a: &x 1\nb: *x\n<<: *x\n<<: *x\nc: !Ref d\n---\ne: 1\n"],
    [".github/workflows/a.yml", `on: push\nenv: { A: "$\{{ secrets.A }}" }\n`],
    ["Cargo.toml", '[package]\nname = "shop"\n'],
    ["src/a.js", "#!/usr/bin/env node\nconst a = <p>one</p>;\nawait a;\n"],
    ["src/a.cjs", "if (a) return;\nmodule.exports = {};\n"],
    ["src/a.js", "// @flow\nconst a: number = (1: any);\n"],
    ["src/a.ts", "@a class B<T> { constructor(@c private d: T) {} }\nenum E { A = 1 }\nconst x = <T>y;\n"],
    ["src/a.d.ts", "declare const a: 1;\ndeclare var B: string;\ndeclare var B: string;\n"],
    ["src/a.py", "match x:\n    case [1, *rest]:\n        print(f'{rest!r:>{w}} {'nested'}')\n"],
  ])("%s: %j", async (path, text) => {
    expect(await found(created(path, text))).toEqual([]);
  });
});

describe("what is not held against a change", () => {
  it("that the file could not be read before", async () => {
    expect(await found(changed("a.json", "{ // odd\n}", '{ // odd\n "b": 1 }'))).toEqual([]);
    expect(await found(changed("a.json", "{}", "{ // odd\n}"))).toHaveLength(1);
    // A rename is judged by what the old name was read as.
    expect(await found({ ...changed("a.json", "{ // odd\n}", "{ // odd\n}"), previousPath: "b.json" })).toEqual([]);
    expect(await found({ ...changed("a.json", "{ // odd\n}", "{ // odd\n}"), previousPath: "b.txt" })).toHaveLength(1);
  });

  it.each([
    ["a language that nobody here reads", created("src/a.rs", "fn main( {")],
    ["a deleted file", { path: "a.json", previousPath: null, before: "{}", after: null }],
    ["a template", created("chart/templates/a.yaml", "a: {{ .Values.a }}\n{{- if .b }}\nc: 1\n{{- end }}\n")],
    ["a template by its path", created("{{cookiecutter.name}}/a.json", "{")],
    ["what a test means to be broken", created("test/fixtures/broken-lock.json", "{")],
    ["a file nested too deeply to be read", created("a.js", "[".repeat(50_000))],
    ["a file too long to be read in passing", created("a.json", " ".repeat(300_000))],
  ])("%s", async (_, change) => {
    expect(await brokenFiles([change])).toEqual([]);
  });
});

it("says where, whatever stands around", async () => {
  const line = fc.constantFrom("const a = 1;", "// words", "", 'call("x", { y: 1 });');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(line, { maxLength: 8 }), async (above, below) => {
      const lines = [...above, "const = ;", ...below].map((text, at) => text.replace("const a", `const a${at}`));
      expect(await found(created("src/a.ts", lines.join("\n")))).toEqual([`${above.length + 1}: Unexpected token`]);
    }),
    runs(50),
  );
});
