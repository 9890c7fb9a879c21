// What undoes a change at one path: restored where nobody touched it, merged where others worked beside it, a conflict on the same lines.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/patches/git-objects.ts";
import { fileChanges, type UndonePath } from "../../src/rollback/file-changes.ts";
import { touchedBy } from "../../src/rollback/touched.ts";
import { type Side, undoPath } from "../../src/rollback/undo.ts";

const file = (text: string, mode = "100644"): Side => ({ entry: { mode, sha: blobSha(text) }, text });
const link = (to: string): Side => ({ entry: { mode: "120000", sha: blobSha(to) }, text: null });
const path = "src/a.ts";
const undo = (before: Side, after: Side, now: Side) => undoPath({ path, before, after, now });
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join("");

const OLD = lines("one", "two", "three", "four", "five", "six");
const MERGED = lines("one", "TWO", "three", "four", "five", "six");
const restored = (text: string, mode = "100644") => ({ kind: "undo", to: { mode, text } });
const conflict = (why: string, spans: readonly object[] = []) => ({
  kind: "conflict",
  conflict: { path, why, lines: spans },
});

describe("a path that nobody changed since", () => {
  it.each<[string, Side, Side, object]>([
    ["gets its old text back", file(OLD), file(MERGED), restored(OLD)],
    ["gets its old mode back", file(OLD), file(OLD, "100755"), restored(OLD)],
    ["goes, where the delivery made it", null, file(MERGED), { kind: "undo", to: null }],
    ["comes back, where the delivery took it away", file(OLD), null, restored(OLD)],
    ["stays where it is a link: a diff cannot show how that goes", file(OLD), link("b"), conflict("not_text")],
    ["stays where it is a link that came along", null, link("b"), conflict("not_text")],
    ["cannot become a link again by a patch", link("b"), file(MERGED), conflict("not_text")],
  ])("%s", (_, before, after, expected) => {
    expect(undo(before, after, after)).toEqual(expected);
  });
});

describe("a path that others changed since", () => {
  it.each<[string, Side, Side, Side, object]>([
    ["is left alone when they undid it", file(OLD), file(MERGED), file(OLD), { kind: "as_before" }],
    ["is left alone when they took away what was made", null, file(MERGED), null, { kind: "as_before" }],
    [
      "keeps their other lines",
      file(OLD),
      file(MERGED),
      file(lines("one", "TWO", "three", "four", "five", "SIX", "seven")),
      restored(lines("one", "two", "three", "four", "five", "SIX", "seven")),
    ],
    [
      "keeps their mode, where the delivery did not touch it",
      file(OLD),
      file(MERGED),
      file(MERGED, "100755"),
      restored(OLD, "100755"),
    ],
    [
      "is left alone where only their lines are left",
      file(OLD),
      file(MERGED),
      file(lines("one", "two", "three", "four", "five", "SIX")),
      { kind: "as_before" },
    ],
    [
      "is a conflict on the same lines, named as they stand now",
      file(OLD),
      file(MERGED),
      file(lines("zero", "one", "2", "three", "four", "five", "six")),
      conflict("same_lines", [{ from: 3, to: 3 }]),
    ],
    [
      "is a conflict where the lines went",
      file(OLD),
      file(MERGED),
      file(lines("one", "three", "four", "five", "six")),
      conflict("same_lines", [{ from: 2, to: 1 }]),
    ],
    [
      "is a conflict at its end when that lost its newline",
      file("one\ntwo\n"),
      file("one\nTWO\n"),
      file("one\nTWO"),
      conflict("same_lines", [{ from: 2, to: 2 }]),
    ],
    ["is a conflict, made and then changed", null, file(MERGED), file(OLD), conflict("changed_since")],
    ["is a conflict, changed and then gone", file(OLD), file(MERGED), null, conflict("removed_since")],
    ["is a conflict, gone and then another", file(OLD), null, file("else\n"), conflict("back_since")],
    ["is a conflict when it is no text now", file(OLD), file(MERGED), link("b"), conflict("not_text")],
    [
      "is a conflict when it is too long to compare",
      file(OLD),
      file(MERGED),
      file(`${MERGED}${"x\n".repeat(100_001)}`),
      conflict("too_long"),
    ],
    [
      "is a conflict when its lines are so alike that comparing them would hold up everything else",
      file(`old\n${"same\n".repeat(600)}`),
      file(`new\n${"same\n".repeat(600)}`),
      file(`${"same\n".repeat(600)}newer\n`),
      conflict("too_long"),
    ],
    [
      "is compared, however long, where only few lines differ",
      file(`${"same\n".repeat(9_000)}old\nbeside\n\n${"same\n".repeat(9_000)}`),
      file(`${"same\n".repeat(9_000)}new\nbeside\n\n${"same\n".repeat(9_000)}`),
      file(`${"same\n".repeat(9_000)}new\nbeside\n\nother\n${"same\n".repeat(9_000)}`),
      restored(`${"same\n".repeat(9_000)}old\nbeside\n\nother\n${"same\n".repeat(9_000)}`),
    ],
  ])("%s", (_, before, after, now, expected) => {
    expect(undo(before, after, now)).toEqual(expected);
  });
});

describe("whatever was changed", () => {
  // Few words, so that lines repeat and a merge could go wrong.
  const text = fc
    .array(fc.constantFrom("", "}", "a", "b", "\tc", "d\r"), { maxLength: 12 })
    .chain((all) => fc.constantFrom(all.join("\n"), all.map((line) => `${line}\n`).join("")));
  const mode = fc.constantFrom("100644", "100755");
  const side = fc.option(
    fc.tuple(text, mode).map(([content, bits]) => file(content, bits)),
    { nil: null, freq: 4 },
  );

  it("gives the old tree exactly, on the tree of the merge", () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const undone = undo(before, after, after);
        const content = before === null ? null : { mode: before.entry.mode, text: before.text };
        expect(undone).toEqual(
          before?.entry.sha === after?.entry.sha && before?.entry.mode === after?.entry.mode
            ? { kind: "as_before" }
            : { kind: "undo", to: content },
        );
      }),
    );
  });

  it("undoes nothing twice", () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        expect(undo(before, after, before)).toEqual({ kind: "as_before" });
      }),
    );
  });

  it("keeps what others wrote elsewhere in the file, and takes the delivery's own lines back", () => {
    const part = fc.array(fc.constantFrom("", "}", "a", "b"), { maxLength: 5 });
    fc.assert(
      fc.property(part, part, part, part, fc.boolean(), (old, made, was, theirs, isAbove) => {
        // Lines that stand once keep the two apart; without them nobody could say whose lines are whose.
        const fence = ["=== 1", "=== 2"];
        const whole = (own: string[], others: string[]) =>
          lines(...(isAbove ? [...others, ...fence, ...own] : [...own, ...fence, ...others]));
        const undone = undo(file(whole(old, was)), file(whole(made, was)), file(whole(made, theirs)));
        const wanted = whole(old, theirs);
        if (undone.kind === "as_before") expect(whole(made, theirs)).toBe(wanted);
        else expect(undone).toEqual(restored(wanted));
      }),
    );
  });

  it("never writes anything where it names a conflict, and never names a line that is not there", () => {
    fc.assert(
      fc.property(text, text, text, (before, after, now) => {
        const undone = undo(file(before), file(after), file(now));
        if (undone.kind !== "conflict") return;
        const count = now.match(/[^\n]*\n|[^\n]+$/g)?.length ?? 0;
        expect(undone.conflict.lines.length).toBeGreaterThan(0);
        for (const { from, to } of undone.conflict.lines) {
          expect(from).toBeGreaterThanOrEqual(1);
          expect(to).toBeGreaterThanOrEqual(from - 1);
          expect(to).toBeLessThanOrEqual(count);
        }
      }),
    );
  });
});

describe("the changes of a patch set", () => {
  const content = (text: string) => ({ mode: "100644", text }) as const;

  it("are one a path, in git's order, with a file that only moved back as a rename", () => {
    const undone: UndonePath[] = [
      { path: "src/new.ts", now: content("same\n"), to: null },
      { path: "src/old.ts", now: null, to: content("same\n") },
      { path: "z.ts", now: content("made\n"), to: null },
      { path: "back.ts", now: null, to: content("one\ntwo\n") },
      { path: "a.ts", now: content(MERGED), to: content(OLD) },
    ];
    expect(
      fileChanges(undone).map(({ kind, path: at, previousPath, additions, deletions }) => [
        kind,
        at,
        previousPath,
        additions,
        deletions,
      ]),
    ).toEqual([
      ["modify", "a.ts", null, 1, 1],
      ["create", "back.ts", null, 2, 0],
      ["rename", "src/old.ts", "src/new.ts", 0, 0],
      ["delete", "z.ts", null, 0, 1],
    ]);
  });

  it("move one file once, where two had the same text", () => {
    const undone: UndonePath[] = [
      { path: "gone", now: content("x"), to: null },
      { path: "one", now: null, to: content("x") },
      { path: "two", now: null, to: content("x") },
    ];
    expect(fileChanges(undone).map(({ kind }) => kind)).toEqual(["rename", "create"]);
  });
});

describe("who touched the same lines", () => {
  const at = (commit: string, text: string | null) => ({ commit, text });
  const beside = lines("one", "TWO", "three", "four", "five", "SIX");

  it("is not who worked beside them", () => {
    const versions = [at("beside", beside), at("same", beside.replace("TWO", "2")), at("later", `${beside}7\n`)];
    expect(touchedBy(OLD, MERGED, versions.slice(0, 1))).toEqual([]);
    expect(touchedBy(OLD, MERGED, versions.slice(0, 2))).toEqual(["same"]);
  });

  it("is everybody who made something else of them, and not who moved them", () => {
    const first = MERGED.replace("TWO", "2");
    const versions = [
      at("first", first),
      at("moved", `zero\n${first}`),
      at("second", `zero\n${first}`.replace("2", "II")),
    ];
    expect(touchedBy(OLD, MERGED, versions)).toEqual(["first", "second"]);
  });

  it("is everybody, where there is no text to compare", () => {
    expect(touchedBy(null, MERGED, [at("one", OLD), at("two", MERGED)])).toEqual(["one", "two"]);
    expect(touchedBy(OLD, MERGED, [at("gone", null)])).toEqual(["gone"]);
  });
});
