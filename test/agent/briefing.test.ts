// A briefing as the model reads it: whose words, from where, and which lines.
import { expect, it } from "vitest";
import { briefing } from "../../src/agent/briefing.ts";
import { ContextPacket } from "../../src/context/packet.ts";
import { Sha } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { blobSha } from "../../src/patches/git-objects.ts";

const WHOLE = "export const a = 1;\n";
const LONG = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`).join("\n");
const packet = (files: readonly object[]): ContextPacket =>
  ContextPacket.parse({
    issue: {
      repoId: 1,
      number: 7,
      title: "A title",
      body: "",
      written: digestOf("x"),
      author: { id: 1, login: "hubot", role: "triage" },
      labels: [],
      takenAt: "2026-11-21T10:00:00.000Z",
      comments: [],
    },
    plan: null,
    feedback: [],
    repositories: [
      {
        repoId: 1,
        name: "acme/shop",
        visibility: "public",
        baseBranch: "main",
        baseSha: Sha.parse("a".repeat(40)),
        baseTree: Sha.parse("b".repeat(40)),
        paths: ["a.ts", "long.ts"],
        pathsLeftOut: 0,
        files,
      },
    ],
  });
const whole = { path: "a.ts", blob: blobSha(WHOLE), reason: "matches", tokens: 5 };
const part = {
  path: "long.ts",
  blob: blobSha(LONG),
  reason: "defines",
  tokens: 9,
  whole: false,
  ranges: [
    { from: 2, to: 3 },
    { from: 7, to: 7 },
  ],
  outline: [{ line: 9, name: "nine" }],
};
const texts = new Map([
  [blobSha(WHOLE), WHOLE],
  [blobSha(LONG), LONG],
]);
const said = (files: readonly object[]): string => briefing(packet(files), texts).replaceAll(/ id="[0-9a-f]{24}"/g, "");

it("shows ranges as the lines stand there, each in its block, and the outline of the rest", () => {
  const text = said([whole, part]);
  const blob = blobSha(LONG);
  expect(text).toContain(
    `<data source="file long.ts of acme/shop, blob ${blob}, lines 2 to 3 of 12">\nline 2\nline 3\n</data>`,
  );
  expect(text).toContain(
    `<data source="file long.ts of acme/shop, blob ${blob}, lines 7 to 7 of 12">\nline 7\n</data>`,
  );
  expect(text).toContain(
    '<data source="outline of file long.ts of acme/shop: names that lines not shown here define">\n9: nine\n</data>',
  );
  expect(text).not.toContain("line 4");
  expect(text).toContain("only those lines are shown");
});

it("shows a file that is shown whole as before, and says nothing of lines", () => {
  const text = said([whole]);
  expect(text).toContain(`<data source="file a.ts of acme/shop, blob ${blobSha(WHOLE)}">\n${WHOLE}\n</data>`);
  expect(text).not.toContain("only those lines");
});

it("has another context hash for another range", () => {
  const other = { ...part, ranges: [{ from: 2, to: 4 }] };
  expect(digestOf(packet([part]))).not.toBe(digestOf(packet([other])));
});
