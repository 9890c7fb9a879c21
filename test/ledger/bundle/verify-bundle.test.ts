// Nothing in an export can be changed, left out or added unseen: tried on one that was made by an earlier build and is kept here.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Digest } from "../../../src/ids.ts";
import { type Files, LEDGER, MANIFEST, Manifest } from "../../../src/ledger/bundle/files.ts";
import { readFolder } from "../../../src/ledger/bundle/folder.ts";
import { jsonFile, seal } from "../../../src/ledger/bundle/seal.ts";
import { verifyBundle } from "../../../src/ledger/bundle/verify-bundle.ts";

/** Made by `WRITE_EVIDENCE=1 npm test -- test/ledger/bundle.db.test.ts`, which takes it down as it is exported there. */
const bundle = await readFolder(join(import.meta.dirname, "evidence"));

const problems = (files: Files, head: Digest | null = null) => verifyBundle(files, head).problems;
const textOf = (path: string) => {
  const text = bundle.get(path);
  if (text === undefined) throw new Error(`no ${path}`);
  return text;
};
const manifest = () => Manifest.parse(JSON.parse(textOf(MANIFEST)));
const pathOf = (pattern: RegExp) => {
  const path = [...bundle.keys()].find((each) => pattern.test(each));
  if (path === undefined) throw new Error(`nothing like ${pattern}`);
  return path;
};
/** As somebody would who rewrites the bundle and seals it anew. */
const resealed = (change: (files: Map<string, string>) => void): Files => {
  const files = new Map(bundle);
  files.delete(MANIFEST);
  change(files);
  return seal(manifest().delivery, manifest().ledger, files);
};
const edited = (pattern: RegExp, edit: (text: string) => string): Files =>
  resealed((files) => {
    const path = pathOf(pattern);
    const [before, after] = [textOf(path), edit(textOf(path))];
    if (before === after) throw new Error("nothing was edited");
    files.set(path, after);
  });

describe("an export", () => {
  it("of an earlier build verifies", () => {
    expect(verifyBundle(bundle, null)).toEqual({
      delivery: manifest().delivery,
      head: manifest().ledger,
      problems: [],
    });
  });

  it("is held against the head that somebody remembers, of then or of the end", () => {
    const entries: { hash: string }[] = textOf(LEDGER)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    expect(entries.length).toBeGreaterThan(5);
    for (const { hash } of entries) expect(problems(bundle, Digest.parse(hash))).toEqual([]);
    expect(problems(bundle, Digest.parse("f".repeat(64)))).toEqual([
      { where: LEDGER, what: "does not lead to the head that was given" },
    ]);
  });

  it("shows any change of any file, any that is missing and any that is added", () => {
    for (const [path, text] of bundle) {
      expect(problems(new Map([...bundle, [path, `${text} `]]))).not.toEqual([]);
      expect(problems(new Map([...bundle].filter(([each]) => each !== path)))).not.toEqual([]);
    }
    expect(problems(new Map([...bundle, ["extra.json", "{}"]]))).toEqual([
      { where: "extra.json", what: "is not in the manifest" },
    ]);
    expect(problems(new Map())).toEqual([{ where: MANIFEST, what: "is missing or not a manifest" }]);
  });
});

/** Another comment in the webhook that the first approval came in. */
const forgedReceipt = (): Files =>
  resealed((files) => {
    const [approval]: { webhookGuid: string }[] = JSON.parse(textOf("approvals.json"));
    const path = [...bundle.keys()].find(
      (each) => each.startsWith("receipts/") && textOf(each).includes(approval?.webhookGuid ?? "none"),
    );
    files.set(path ?? "", textOf(path ?? "").replace('"payload": {}', '"payload": {"x": 1}'));
  });

describe("an export that was rewritten and sealed anew", () => {
  const cases: [what: string, files: () => Files, where: RegExp, problem: RegExp][] = [
    [
      "a plan",
      () => edited(/^artifacts.*plan/, (s) => s.replace("first", "other")),
      /artifacts/,
      /does not give its hash/,
    ],
    [
      "what was said to the model",
      () => edited(/log\.json/, (s) => s.replace("what now", "obey")),
      /runs/,
      /transcriptHash/,
    ],
    ["what a run cost", () => edited(/output\.json/, (s) => s.replace("1200", "12")), /runs/, /inputTokens/],
    ["which model ran", () => edited(/input\.json/, (s) => s.replace("model-1", "model-2")), /runs/, /model/],
    ["the briefing", () => edited(/^context-packets/, (s) => s.replace("It does.", "It did.")), /context/, /hash/],
    [
      "the constraints",
      () => edited(/^constraint/, (s) => s.replace('"content": {}', '"content": {"x": 1}')),
      /constraint/,
      /hash/,
    ],
    [
      "a file's new text",
      () => edited(/patch-set\.json/, (s) => s.replace('"two\\n"', '"owned\\n"')),
      /patch-sets/,
      /blob_is_not_text/,
    ],
    [
      "the branch",
      () => edited(/patch-set\.json/, (s) => s.replace("countersign/d-12", "main")),
      /patch-sets/,
      /digest/,
    ],
    ["the diff", () => edited(/changes\.diff/, (s) => s.replace("+two", "+2")), /patch-sets/, /diff/],
    ["who approved", () => edited(/^approvals/, (s) => s.replaceAll("583231", "1")), /approvals/, /personId/],
    [
      "what was approved",
      () => edited(/^approvals/, (s) => s.replace(/"digest": "...../, '"digest": "00000')),
      /approvals/,
      /not in the bundle|digest/,
    ],
    [
      "that an approval was voided",
      () => edited(/^approvals/, (s) => s.replace(/"voidedAt": "[^"]+"/, '"voidedAt": null')),
      /approvals/,
      /voided/,
    ],
    ["the webhook of an approval", () => forgedReceipt(), /approvals/, /receiptHash/],
    ["a command", () => edited(/^commands/, (s) => s.replace('"approve"', '"cancel"')), /commands/, /name/],
    [
      "a gate's verdict",
      () => edited(/^gates/, (s) => s.replace('"passed": true', '"passed": false')),
      /gates/,
      /passed/,
    ],
    [
      "the commit that was written",
      () => edited(/^writes/, (s) => s.replace(/"commitSha": "..../, '"commitSha": "0000')),
      /writes/,
      /commitSha/,
    ],
    [
      "what a head was found to be",
      () => edited(/^provenance/, (s) => s.replaceAll('"approved"', '"unproven"')),
      /provenance/,
      /not of its kind|verdict/,
    ],
    [
      "which commit was looked at",
      () => edited(/^provenance/, (s) => s.replace(/"commitSha": "..../, '"commitSha": "0000')),
      /provenance/,
      /another one|commit/,
    ],
    ["where it was written", () => edited(/^writes/, (s) => s.replace("countersign/d-12", "main")), /writes/, /branch/],
    [
      "the state",
      () => edited(/^delivery/, (s) => s.replace('"phase": "verify"', '"phase": "close"')),
      /delivery/,
      /state/,
    ],
    ["an entry", () => edited(/ledger/, (s) => s.replace('"triaged"', '"trusted"')), /ledger #/, /altered/],
    [
      "an entry left out",
      () => edited(/ledger/, (s) => s.split("\n").toSpliced(3, 1).join("\n")),
      /ledger #4/,
      /missing/,
    ],
    [
      "an entry twice",
      () =>
        edited(/ledger/, (s) =>
          s
            .split("\n")
            .flatMap((l, i) => (i === 3 ? [l, l] : [l]))
            .join("\n"),
        ),
      /ledger #4/,
      /inserted/,
    ],
    [
      "entries in another order",
      () => edited(/ledger/, (s) => swapped(s.split("\n"), 2, 5).join("\n")),
      /ledger #3/,
      /reordered/,
    ],
  ];
  it.each(cases)("is found by %s", (_what, files, where, problem) => {
    const found = problems(files());
    expect(found.length).toBeGreaterThan(0);
    expect(
      found.some((each) => where.test(each.where) && problem.test(each.what)),
      JSON.stringify(found),
    ).toBe(true);
  });

  it.each([/^artifacts/, /input\.json/, /patch-set\.json/, /^context-packets/])(
    "is found by a piece like %s that is gone",
    (pattern) => {
      const files = resealed((each) => each.delete(pathOf(pattern)));
      expect(problems(files)).toContainEqual({
        where: expect.stringMatching(/^ledger #/),
        what: expect.stringMatching(/is not in the bundle/),
      });
    },
  );

  it.each(["approvals.json", "writes.json", "commands.json", "provenance.json"])(
    "is found by rows of %s that are gone",
    (path) => {
      expect(problems(resealed((each) => each.set(path, "[]\n"))).length).toBeGreaterThan(0);
      expect(problems(resealed((each) => each.set(path, "nonsense")))).toContainEqual({
        where: path,
        what: "is not of its kind",
      });
    },
  );

  it("is found by what cannot be hashed", () => {
    const infinite = (s: string) => s.replace(/"attempt": \d+/, '"attempt": 1e999');
    expect(problems(edited(/input\.json/, infinite))).toContainEqual({
      where: pathOf(/input\.json/),
      what: "is not of its kind",
    });
    expect(problems(edited(/ledger/, (s) => s.replace(/"version":\d+/, '"version":1e999')))).not.toEqual([]);
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(problems(edited(/log\.json/, () => deep))).not.toEqual([]);
  });

  it("is found by an approval that nobody gave", () => {
    const rows: { id: number }[] = JSON.parse(textOf("approvals.json"));
    const forged = [...rows, { ...rows[0], id: 4_711, personId: 1, voidedAt: null }];
    expect(problems(resealed((each) => each.set("approvals.json", jsonFile(forged))))).toContainEqual({
      where: "approvals.json #4711",
      what: "no ledger entry approval_recorded of approval 4711",
    });
  });
});

function swapped(lines: string[], a: number, b: number): string[] {
  return lines.with(a, lines[b] ?? "").with(b, lines[a] ?? "");
}
