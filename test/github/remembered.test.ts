// One job asks GitHub once: the same question is one request, a failed one is asked anew, and another job begins anew.
import { expect, it } from "vitest";
import type { GitHub } from "../../src/github/github.ts";
import type { Reading } from "../../src/github/reading.ts";
import { remembered } from "../../src/github/remembered.ts";
import { InstallationId, RepoId, Sha } from "../../src/ids.ts";

const repo = RepoId.parse(1);
const other = RepoId.parse(2);
const installation = InstallationId.parse(7);
const sha = Sha.parse("a".repeat(40));

const counting = () => {
  const asked: string[] = [];
  let failures = 0;
  const never = async (): Promise<never> => {
    throw new Error("nobody asks for this");
  };
  const reading: Partial<Reading> = {
    branchHead: async (id, branch) => {
      asked.push(`head ${id} ${branch}`);
      if (failures > 0) {
        failures -= 1;
        throw new Error("GitHub is away");
      }
      return sha;
    },
    compare: async () => {
      asked.push("compare");
      return "ahead";
    },
  };
  const others = { repository: never, file: never, commit: never, tree: never };
  const github: Pick<GitHub, "reading"> = {
    reading: async () => Object.assign(Object.create(null), others, reading),
  };
  return { asked, github, fail: () => (failures += 1) };
};

it("asks once for the same, of each repository, and again for what it does not remember", async () => {
  const { asked, github } = counting();
  const door = remembered(github);
  for (const id of [repo, repo, other]) {
    const reading = await door.reading(installation, [id]);
    expect(await Promise.all([reading.branchHead(id, "main"), reading.branchHead(id, "main")])).toEqual([sha, sha]);
    await reading.compare(id, "a", "b");
  }
  expect(asked).toEqual(["head 1 main", "compare", "compare", "head 2 main", "compare"]);
  await (await remembered(github).reading(installation, [repo])).branchHead(repo, "main");
  expect(asked.at(-1)).toBe("head 1 main");
});

it("asks anew for what failed", async () => {
  const { asked, github, fail } = counting();
  fail();
  const reading = await remembered(github).reading(installation, [repo]);
  await expect(reading.branchHead(repo, "main")).rejects.toThrow("away");
  expect(await reading.branchHead(repo, "main")).toBe(sha);
  expect(asked).toHaveLength(2);
});
