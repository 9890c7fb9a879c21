// The thread around the parsers: it brings what they find, and what takes too long ends with it.
import { expect, it } from "vitest";
import { brokenFilesApart } from "../../src/agent/broken-files-apart.ts";

const never = new AbortController().signal;
const created = (path: string, after: string) => ({ path, previousPath: null, before: null, after });

it("finds what cannot be read, in every language", async () => {
  const found = await brokenFilesApart(
    [created("a.json", "{"), created("b.py", "def f(:"), created("c.ts", "const = 1"), created("d.ts", "const d = 1")],
    never,
  );
  expect(found.map(({ path }) => path)).toEqual(["a.json", "b.py", "c.ts"]);
});

it("holds nothing against a change when there was no time to read it", async () => {
  expect(await brokenFilesApart([created("a.json", "{")], never, 0)).toEqual([]);
});

it("dies of no text", async () => {
  expect(await brokenFilesApart([created("a.py", "(".repeat(200_000)), created("b.json", "{")], never)).toMatchObject([
    { path: "b.json" },
  ]);
});

it("ends when the job does", async () => {
  await expect(brokenFilesApart([created("a.json", "{")], AbortSignal.abort(new Error("over")))).rejects.toThrow(
    "over",
  );
});
