// Red checks are analysed together only where the same people see what each of them says.
import { expect, it } from "vitest";
import { whyNotAnalysed } from "../../src/agent/analyse.ts";
import { RepoId } from "../../src/ids.ts";
import type { Visibility } from "../../src/visibility.ts";

const [HOME, OTHER] = [RepoId.parse(1), RepoId.parse(2)];
const CLOSED = "the checks are of a repository that fewer people see than the issue";
const MIXED = "the checks are of repositories that not the same people see";

it.each<[home: Visibility, other: Visibility, red: readonly RepoId[], why: string | null]>([
  ["private", "private", [HOME], null],
  ["private", "private", [HOME, OTHER], null],
  ["public", "public", [HOME, OTHER], null],
  ["private", "public", [HOME], null],
  ["private", "public", [OTHER], null],
  ["private", "public", [HOME, OTHER], MIXED],
  ["private", "internal", [HOME, OTHER], MIXED],
  ["internal", "public", [HOME, OTHER], MIXED],
  ["public", "private", [OTHER], CLOSED],
  ["public", "private", [HOME, OTHER], CLOSED],
  ["public", "private", [HOME], null],
  ["private", "private", [RepoId.parse(3)], CLOSED],
])("%s home, %s beside it, red: %j", (home, other, red, why) => {
  const repos = [
    { repoId: HOME, role: "primary", visibility: home },
    { repoId: OTHER, role: "secondary", visibility: other },
  ] as const;
  expect(whyNotAnalysed(repos, red)).toBe(why);
});

it("not where nobody knows the home", () => {
  expect(whyNotAnalysed([{ repoId: HOME, role: "secondary", visibility: "public" }], [HOME])).toBe(CLOSED);
});
