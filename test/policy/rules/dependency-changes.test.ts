import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { changed, created, deleted, found, foundIn } from "../found.ts";

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
const before = json({
  name: "shop",
  version: "1.0.0",
  scripts: { test: "vitest" },
  dependencies: { "left-pad": "^1.3.0", zod: "3.0.0" },
  devDependencies: { vitest: "1.0.0" },
  overrides: { a: { b: "1.0.0" } },
});
const after = json({
  name: "shop",
  version: "1.1.0",
  scripts: { test: "vitest run" },
  dependencies: { zod: "4.0.0", "@acme/new": "~2.0.0" },
  devDependencies: { vitest: "1.0.0" },
  overrides: { a: { b: "2.0.0" } },
});

describe("dependency-changes", () => {
  it("lists what comes, goes and changes, with old and new", async () => {
    const all = await found("dependency-changes", changed("package.json", before, after));
    expect(all.map(({ severity, line, message }) => [severity, line, message])).toEqual([
      ["warn", null, '"dependencies > left-pad" is removed; it was "^1.3.0".'],
      ["warn", 8, '"dependencies > zod" changes from "3.0.0" to "4.0.0".'],
      ["warn", 16, '"overrides > a > b" changes from "1.0.0" to "2.0.0".'],
      ["warn", 9, '"dependencies > @acme/new" is added: "~2.0.0".'],
    ]);
  });

  it("reads new and deleted manifests whole", async () => {
    expect(await found("dependency-changes", created("pkg/package.json", before))).toHaveLength(4);
    expect(await found("dependency-changes", deleted("package.json", before))).toHaveLength(4);
  });

  it("sees that a dependency moves to another section", async () => {
    const moved = changed("package.json", json({ devDependencies: { a: "1" } }), json({ dependencies: { a: "1" } }));
    expect(await found("dependency-changes", moved)).toHaveLength(2);
  });

  it("reads the changed lines when a text is not whole, or no JSON", async () => {
    const { files } = proposalOf([changed("package.json", before, after)]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    const names = (await foundIn("dependency-changes", { files: partly, base: null })).map(
      ({ message }) => message.split(" ")[0],
    );
    expect(names).toEqual(expect.arrayContaining(['"left-pad"', '"zod"', '"@acme/new"', '"b"']));
    expect(names).not.toContain('"version"');
    const broken = await found("dependency-changes", changed("package.json", "{ broken", '{\n"a": "1.0.0"\n'));
    expect(broken.map(({ message }) => message)).toEqual([
      '"a" is added: "1.0.0".',
      "The whole file is not known, and some changed lines cannot be read by themselves.",
    ]);
  });

  it.each(["pyproject.toml", "go.mod", "Cargo.toml", "Gemfile", "pom.xml", "src/App.csproj", "composer.json"])(
    "says that %s changed",
    async (path) => {
      expect(await found("dependency-changes", changed(path, "a\n", "b\n"))).toMatchObject([
        { severity: "warn", path, message: expect.stringMatching(/^(?:This file|The whole file) /) },
      ]);
    },
  );

  it("says of an alias that it is one", async () => {
    const of = (spec: string) =>
      found("dependency-changes", created("package.json", json({ dependencies: { a: spec } })));
    expect((await of("npm:evil@1.0.0"))[0]?.message).toBe(
      '"dependencies > a" is added: "npm:evil@1.0.0", which is another package than the name says.',
    );
    expect((await of("x-npm:1"))[0]?.message).toBe('"dependencies > a" is added: "x-npm:1".');
  });

  it("quotes names and versions so that they cannot do anything", async () => {
    const nasty = { [`@everyone ${"x".repeat(200)}`]: "1.0.0\n::warning::\u202e" };
    const [one] = await found("dependency-changes", created("package.json", json({ dependencies: nasty })));
    expect(one?.message).toMatch(/^[ -~…]*$/);
    expect(one?.message.length).toBeLessThan(250);
  });

  it("leaves other fields and other files alone", async () => {
    const other = before.replace("1.0.0", "1.0.1").replace('"vitest"', '"vitest run"');
    expect(await found("dependency-changes", changed("package.json", before, other))).toEqual([]);
    expect(await found("dependency-changes", [created("src/package.json.ts"), created("a.json", before)])).toEqual([]);
  });
});
