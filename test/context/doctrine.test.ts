// What governs the work in a repository: by name and by the configuration, in an order that does not depend on the tree's.
import { expect, it } from "vitest";
import { doctrineIn } from "../../src/context/doctrine.ts";

const PATHS = ["README.md", "agents.md", "docs/rules/names.md", "docs/rules.md", "src/README.md", "CONTRIBUTING.md"];

it("is known by its name at the root, the most binding first", () =>
  expect(doctrineIn(PATHS, [])).toEqual(["agents.md", "CONTRIBUTING.md", "README.md"]));

it("is what the configuration names besides, each once; a folder means all in it", () => {
  const found = ["agents.md", "CONTRIBUTING.md", "README.md", "docs/rules/names.md"];
  expect(doctrineIn(PATHS, ["docs/rules", "README.md"])).toEqual(found);
  expect(doctrineIn(PATHS.toReversed(), ["README.md", "docs/rules"])).toEqual(found);
});
