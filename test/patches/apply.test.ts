import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Edit } from "../../src/artifacts/edits.ts";
import { applyEdits, filesNeeded } from "../../src/patches/apply.ts";
import type { BaseFile } from "../../src/patches/base-file.ts";
import { checkContent } from "../../src/patches/check-content.ts";
import { applyDiff, renderDiff } from "../../src/patches/diff.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import type { FileChange, FileMode } from "../../src/patches/patch-set.ts";
import { runs } from "../support/runs.ts";
import { contentOf } from "./contents.ts";
import { randomScenario } from "./random-edits.ts";

const text = (content: string, mode: FileMode = "100644"): BaseFile => ({
  kind: "text",
  text: content,
  blob: blobSha(content),
  mode,
});
const base = (files: Record<string, string | BaseFile>) =>
  new Map(Object.entries(files).map(([path, file]) => [path, typeof file === "string" ? text(file) : file]));

const changes = (files: Record<string, string | BaseFile>, ...edits: Edit[]): FileChange[] => {
  const result = applyEdits(base(files), edits);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const problems = (files: Record<string, string | BaseFile>, ...edits: Edit[]) => {
  const result = applyEdits(base(files), edits);
  return result.ok ? [] : result.error;
};

const create = (path: string, content: string, task = "T1"): Edit => ({ kind: "create", task, path, content });
const rewrite = (path: string, content: string, task = "T1"): Edit => ({ kind: "rewrite", task, path, content });
const rename = (path: string, to: string, task = "T1"): Edit => ({ kind: "rename", task, path, to });
const remove = (path: string, task = "T1"): Edit => ({ kind: "delete", task, path });
const replace = (path: string, search: string, by: string, task = "T1"): Edit => ({
  kind: "replace",
  task,
  path,
  search,
  replace: by,
});

describe("one edit", () => {
  it("creates, replaces, rewrites, renames and deletes", () => {
    const files = { a: "one\ntwo\n", b: "b\n", c: "c\n", d: "d\n" };
    const found = changes(
      files,
      create("n", "new\n"),
      replace("a", "two", "2"),
      rewrite("b", "B\n"),
      rename("c", "e"),
      remove("d"),
    );
    expect(
      found.map(({ kind, path, previousPath, before, after }) => [kind, path, previousPath, before, after]),
    ).toEqual([
      ["modify", "a", null, "one\ntwo\n", "one\n2\n"],
      ["modify", "b", null, "b\n", "B\n"],
      ["delete", "d", null, "d\n", null],
      ["rename", "e", "c", "c\n", "c\n"],
      ["create", "n", null, null, "new\n"],
    ]);
    expect(found[0]).toMatchObject({ additions: 1, deletions: 1, oldMode: "100644", newMode: "100644", tasks: ["T1"] });
    expect(found[0]?.newBlob).toBe(blobSha("one\n2\n"));
  });

  it("keeps the mode, whatever is done to the file", () => {
    const files = { run: text("#!/bin/sh\n", "100755") };
    expect(changes(files, rewrite("run", "#!/bin/bash\n"))[0]).toMatchObject({ oldMode: "100755", newMode: "100755" });
    expect(changes(files, rename("run", "go"))[0]).toMatchObject({ oldMode: "100755", newMode: "100755" });
    expect(changes(files, remove("run"), create("run", "x"))[0]).toMatchObject({ kind: "modify", newMode: "100755" });
    expect(changes({}, create("run", "#!/bin/sh\n"))[0]).toMatchObject({ oldMode: null, newMode: "100644" });
  });

  it("can create an empty file", () => {
    expect(changes({}, create("empty", ""))[0]).toMatchObject({ kind: "create", after: "", additions: 0 });
  });
});

describe("line ends", () => {
  it("finds text whose line ends the model did not see, and puts in the file's own", () => {
    const [change] = changes({ a: "one\r\ntwo\r\nthree\r\n" }, replace("a", "one\ntwo\n", "1\n2\n2b\n"));
    expect(change?.after).toBe("1\r\n2\r\n2b\r\nthree\r\n");
    expect(changes({ a: "one\ntwo\n" }, replace("a", "one\r\ntwo", "1\r\n2"))[0]?.after).toBe("1\n2\n");
  });

  it("replaces within a mixed file without touching other lines", () => {
    const [change] = changes({ a: "one\r\ntwo\nthree\r\nfour\n" }, replace("a", "two\n", "2\n2b\n"));
    expect(change?.after).toBe("one\r\n2\n2b\nthree\r\nfour\n");
    expect(changes({ a: "one\r\ntwo\nthree\r\n" }, replace("a", "\ntwo", "\n2"))[0]?.after).toBe("one\r\n2\nthree\r\n");
  });

  it("keeps CRLF, the final newline and the byte order mark in a rewrite", () => {
    expect(changes({ a: "one\r\ntwo\r\n" }, rewrite("a", "1\n2"))[0]?.after).toBe("1\r\n2\r\n");
    expect(changes({ a: "one\ntwo" }, rewrite("a", "1\n2\n"))[0]?.after).toBe("1\n2");
    expect(changes({ a: "\ufeffone\n" }, rewrite("a", "1\n"))[0]?.after).toBe("\ufeff1\n");
    expect(changes({ a: "one\n" }, rewrite("a", "\ufeff1\n"))[0]?.after).toBe("1\n");
  });

  it("keeps the final newline when the last line is replaced", () => {
    expect(changes({ a: "one\ntwo\n" }, replace("a", "two\n", "2"))[0]?.after).toBe("one\n2\n");
    expect(changes({ a: "one\ntwo" }, replace("a", "two", "2\n3\n"))[0]?.after).toBe("one\n2\n3");
  });
});

describe("several edits", () => {
  it("apply one after the other", () => {
    const found = changes(
      { a: "one\n" },
      replace("a", "one", "two", "T2"),
      replace("a", "two", "three", "T1"),
      rename("a", "b", "T3"),
    );
    expect(found).toMatchObject([
      { kind: "rename", path: "b", previousPath: "a", after: "three\n", tasks: ["T1", "T2", "T3"] },
    ]);
  });

  it("show what is different in the end, not the way there", () => {
    expect(changes({ a: "a\n", b: "b\n" }, remove("a"), rename("b", "a"))).toMatchObject([
      { kind: "modify", path: "a", before: "a\n", after: "b\n" },
      { kind: "delete", path: "b" },
    ]);
    expect(changes({ a: "a\n" }, rename("a", "b"), create("a", "new\n"))).toMatchObject([
      { kind: "modify", path: "a", after: "new\n" },
      { kind: "create", path: "b", after: "a\n" },
    ]);
    expect(changes({ a: "a\n", c: "c\n" }, create("n", "n"), remove("n"), remove("c"))).toMatchObject([
      { kind: "delete", path: "c" },
    ]);
  });

  it("are refused when together they change nothing", () => {
    const edits = [rename("a", "b"), rename("b", "a")];
    expect(problems({ a: "a\n" }, ...edits)).toMatchObject([{ edit: null, code: "no_change" }]);
    expect(problems({}, create("n", "n"), remove("n"))).toMatchObject([{ edit: null, code: "no_change" }]);
    expect(problems({ a: "a\n" }, replace("a", "a", "b"), replace("a", "b", "a"))).toMatchObject([
      { code: "no_change" },
    ]);
  });
});

describe("problems", () => {
  const files: Record<string, string | BaseFile> = {
    "src/a.ts": "export const a = 1;\nexport const b = 2;\n",
    link: { kind: "unusable", why: "symlink" },
    "lib.bin": { kind: "unusable", why: "binary" },
    latin: { kind: "unusable", why: "not_utf8" },
    vendor: { kind: "unusable", why: "submodule" },
    twice: "x = 1\nx = 1\naaa\n",
  };

  it.each<[string, Edit, string]>([
    ["a missing file to replace in", replace("none.ts", "a", "b"), "missing_file"],
    ["a missing file to rewrite", rewrite("none.ts", "a"), "missing_file"],
    ["a missing file to rename", rename("none.ts", "b"), "missing_file"],
    ["a missing file to delete", remove("none.ts"), "missing_file"],
    ["a folder to delete", remove("src"), "missing_file"],
    ["create over a file", create("src/a.ts", "x"), "already_exists"],
    ["create over a link", create("link", "x"), "already_exists"],
    ["create over a folder", create("src", "x"), "path_is_taken"],
    ["create under a file", create("src/a.ts/b.ts", "x"), "path_is_taken"],
    ["create under a link", create("link/b.ts", "x"), "path_is_taken"],
    ["rename over a file", rename("src/a.ts", "twice"), "already_exists"],
    ["rename under itself", rename("src/a.ts", "src/a.ts/b"), "path_is_taken"],
    ["edit a link", rewrite("link", "/etc/passwd"), "not_editable"],
    ["delete a link", remove("link"), "not_editable"],
    ["edit a binary", replace("lib.bin", "a", "b"), "not_editable"],
    ["rename a file that is not UTF-8", rename("latin", "utf"), "not_editable"],
    ["edit a submodule", remove("vendor"), "not_editable"],
    ["search what is not there", replace("src/a.ts", "zzzzzzz", "b"), "not_found"],
    ["search what is there twice", replace("twice", "x = 1", "x = 2"), "ambiguous"],
    ["search what overlaps itself", replace("twice", "aa", "b"), "ambiguous"],
    ["replace by the same", replace("src/a.ts", "a = 1", "a = 1"), "no_change"],
    ["rewrite with the same", rewrite("src/a.ts", "export const a = 1;\r\nexport const b = 2;"), "no_change"],
    ["rename to the same", rename("src/a.ts", "src/a.ts"), "no_change"],
    ["a zero byte in a new file", create("n", "a\0b"), "not_text"],
    ["half a character", create("n", "a\ud800"), "not_text"],
    ["a zero byte in a replacement", replace("src/a.ts", "a = 1", "\0"), "not_text"],
    ["half a character in a rewrite", rewrite("src/a.ts", "\udfff"), "not_text"],
  ])("%s", (_, edit, code) => {
    expect(problems(files, edit)).toMatchObject([{ edit: 0, path: edit.path, code }]);
  });

  it("say what stands where the search was expected", () => {
    expect(problems(files, replace("src/a.ts", "export const a  = 1;\nexport const b = 2;", "x"))).toMatchObject([
      { code: "not_found", actual: { line: 1, lines: 2 } },
    ]);
    expect(problems(files, replace("src/a.ts", "export const bb = 2", "x"))).toMatchObject([
      { actual: { line: 2, lines: 1 } },
    ]);
    expect(problems(files, replace("src/a.ts", "import fs from 'fs'", "x"))).toMatchObject([{ actual: null }]);
  });

  it("say where the search is more than once", () => {
    expect(problems(files, replace("twice", "x = 1", "x"))[0]?.message).toContain("at lines 1, 2");
  });

  it("come all at once, without those that only follow", () => {
    const found = problems(
      files,
      replace("none", "a", "b"),
      rewrite("none", "c"),
      remove("link"),
      rewrite("twice", "fine"),
    );
    expect(found.map(({ edit, code }) => [edit, code])).toEqual([
      [0, "missing_file"],
      [2, "not_editable"],
    ]);
  });

  it("do not let a file be created over one that was not read", () => {
    const result = applyEdits(new Map(), [create("big.ts", "x"), create("dir", "x")], new Set(["big.ts", "dir/file"]));
    expect(result).toMatchObject({ ok: false, error: [{ code: "already_exists" }, { code: "path_is_taken" }] });
  });
});

it("filesNeeded names every path once", () => {
  expect(filesNeeded([rename("a", "b"), rewrite("b", "x"), create("c", "")])).toEqual(["a", "b", "c"]);
});

describe("random edits", () => {
  it("give the files that a plain reading of them gives, and a diff that leads there", () => {
    fc.assert(
      fc.property(randomScenario, ({ base: files, edits, files: expected }) => {
        const result = applyEdits(files, edits);
        const texts = new Map([...files].map(([path, file]) => [path, file.kind === "text" ? file.text : ""]));
        if (!result.ok) {
          expect(result.error).toMatchObject([{ edit: null, code: "no_change" }]);
          expect(expected).toEqual(texts);
          return;
        }
        const after = new Map(texts);
        for (const { path, previousPath } of result.value) {
          after.delete(path);
          if (previousPath !== null) after.delete(previousPath);
        }
        for (const change of result.value) {
          if (change.after !== null) after.set(change.path, change.after);
          expect(applyDiff(change.before, renderDiff(change))).toEqual({ ok: true, value: change.after });
        }
        expect(after).toEqual(expected);
        expect(checkContent(contentOf(result.value))).toBeNull();
      }),
      runs(400),
    );
  });
});
