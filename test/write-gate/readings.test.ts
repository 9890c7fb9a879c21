// One reading a repository, of its own installation, and none of a repository that takes no part.
import { expect, it } from "vitest";
import type { Reading } from "../../src/github/reading.ts";
import { InstallationId, RepoId, Sha } from "../../src/ids.ts";
import { readingsOf } from "../../src/write-gate/readings.ts";

const place = (repo: number, installation: number) => ({
  repoId: RepoId.parse(repo),
  installationId: InstallationId.parse(installation),
  name: `acme/widgets-${repo}`,
  baseBranch: "main",
  baseSha: Sha.parse("b".repeat(40)),
});

it("is opened once for each repository, with its installation and the signal of the job", async () => {
  const places = [place(1, 77), place(2, 78)];
  const opened: unknown[][] = [];
  const github = {
    reading: async (...about: unknown[]) => {
      opened.push(about);
      return {} as unknown as Reading;
    },
  };
  const { signal } = new AbortController();
  const readingOf = readingsOf(github, { places: new Map(places.map((one) => [one.repoId, one])) }, signal);
  const [first, second] = [await readingOf(RepoId.parse(1)), await readingOf(RepoId.parse(2))];
  expect(await readingOf(RepoId.parse(1))).toBe(first);
  expect(second).not.toBe(first);
  expect(opened).toEqual([
    [77, [1], signal],
    [78, [2], signal],
  ]);
  await expect(readingOf(RepoId.parse(3))).rejects.toMatchObject({
    name: "GitHubError",
    code: "forbidden",
    message: "repository 3 takes no part in the delivery",
  });
  expect(opened).toHaveLength(2);
});
