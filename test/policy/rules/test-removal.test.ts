import { describe, expect, it } from "vitest";
import { changed, created, deleted, found, renamed } from "../found.ts";

const two = 'it("a", () => {\n  expect(1).toBe(1);\n});\nit("b", () => {\n  expect(2).toBe(2);\n});\n';

describe("test-removal", () => {
  it.each([
    "test/a.ts",
    "src/__tests__/a.js",
    "src/a.test.ts",
    "src/a.spec.tsx",
    "tests/test_a.py",
    "test_a.py",
    "pkg/a_test.go",
    "spec/a_spec.rb",
    "src/FooTest.java",
    "FooTests.cs",
    "cypress/a.cy.ts",
  ])("finds that %j goes", async (path) => {
    expect(await found("test-removal", deleted(path))).toMatchObject([{ severity: "warn", path }]);
  });

  it("finds a test file that is renamed to something else", async () => {
    expect(await found("test-removal", renamed("src/a.test.ts", "src/a.old.ts"))).toHaveLength(1);
    expect(await found("test-removal", renamed("test/a.test.ts", "test/b.test.ts"))).toEqual([]);
  });

  it("finds fewer tests, and fewer assertions", async () => {
    const messages = (await found("test-removal", changed("a.test.ts", two, two.split("\n").slice(3).join("\n")))).map(
      (one) => one.message,
    );
    expect(messages).toEqual(["1 test fewer than before.", "1 assertion fewer than before."]);
    expect(
      await found("test-removal", changed("a.test.ts", two, two.replace("  expect(1).toBe(1);\n", ""))),
    ).toHaveLength(1);
    expect(await found("test-removal", changed("a_test.go", "func TestA(t *testing.T) {\n}\n", "\n"))).toHaveLength(1);
    expect(
      await found(
        "test-removal",
        changed("test_a.py", "def test_a():\n  assert f()\n", "def helper():\n  assert f()\n"),
      ),
    ).toHaveLength(1);
  });

  it.each([
    ["a.test.ts", 'it.skip("b", () => {'],
    ["a.test.ts", 'it.only("b", () => {'],
    ["a.test.ts", 'xit("b", () => {'],
    ["a.test.ts", 'fit("b", () => {'],
    ["a_test.go", 'it("b"); t.Skip("later")'],
    ["test_a.py", '@pytest.mark.skip; it("b")'],
    ["ATest.java", '@Disabled it("b"'],
  ])("finds that a test is skipped: %s %s", async (path, line) => {
    const after = two.replace('it("b", () => {', line);
    expect(await found("test-removal", changed(path, two, after))).toMatchObject([{ line: 4 }]);
  });

  it.each([
    ["a comment", "a.test.ts", two, two.replace('it("b"', '// it("b"')],
    ["a comment of Python", "test_a.py", "def test_a():\n  f()\n", "# def test_a():\n  f()\n"],
    ["a comment that begins above it", "a.test.ts", two, `/*\n${two}`],
    ["a condition that is never true", "a.test.ts", two, `if (false) {\n${two}`],
    ["a preprocessor's condition", "a_test.cc", "x\n", "#if 0\nx\n"],
    ["an option", "a.test.ts", two, two.replace('"b", ', '"b", { skip: true }, ')],
    ["a condition of the runner", "a.test.ts", two, two.replace('it("b"', 'it.skipIf(true)("b"')],
    ["a build tag", "a_test.go", "package a\n", "//go:build never\npackage a\n"],
    ["a call", "test_a.py", "x\n", 'x\npytest.skip("later")\n'],
  ])("finds a test that is lost to %s", async (_, path, before, after) => {
    expect((await found("test-removal", changed(path, before, after))).length).toBeGreaterThan(0);
  });

  it("finds a test that gets a name that no runner looks for", async () => {
    expect(await found("test-removal", renamed("src/a.test.ts", "src/a.test.bak"))).toHaveLength(1);
  });

  it.each(["test/README.md", "tests/notes.txt", "test/logo.png", "e2e/LICENSE", "spec/.gitignore"])(
    "knows that %j is no test",
    async (path) => {
      expect(await found("test-removal", [deleted(path), changed(`x/${path}`, 'it("a")\nexpect(1)\n', "x\n")])).toEqual(
        [],
      );
    },
  );

  it("leaves comments that close on their line, and documentation, alone", async () => {
    expect(await found("test-removal", changed("a.test.ts", two, `/* why */\n/** why */\n// it.skip\n${two}`))).toEqual(
      [],
    );
  });

  it("leaves more tests, changed tests and other files alone", async () => {
    expect(await found("test-removal", changed("a.test.ts", two, two + two))).toEqual([]);
    expect(await found("test-removal", changed("a.test.ts", two, two.replace("toBe(1)", "toEqual(1)")))).toEqual([]);
    expect(await found("test-removal", changed("src/a.ts", two, ""))).toEqual([]);
    expect(
      await found("test-removal", [created("a.test.ts", two), deleted("src/latest.ts"), deleted("src/contest/a.ts")]),
    ).toEqual([]);
  });
});
