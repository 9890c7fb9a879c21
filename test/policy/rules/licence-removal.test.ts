import { describe, expect, it } from "vitest";
import { changed, created, deleted, found, renamed } from "../found.ts";

const MIT =
  "MIT License\n\nCopyright (c) 2025 Acme\n\nPermission is hereby granted, free of charge,\nto any person obtaining a copy\n";

describe("licence-removal", () => {
  it.each([
    "LICENSE",
    "LICENCE.md",
    "license.txt",
    "COPYING",
    "COPYING.LESSER",
    "NOTICE",
    "UNLICENSE",
    "pkg/LICENSE-MIT",
    "LICENSES/MIT.txt",
  ])("finds that %j goes", async (path) => {
    expect(await found("licence-removal", deleted(path, MIT))).toMatchObject([{ severity: "block", path }]);
    expect(await found("licence-removal", renamed(path, "old.txt", MIT))).toHaveLength(1);
    expect(await found("licence-removal", changed(path, MIT, "All rights reserved.\n"))).toHaveLength(1);
    expect(await found("licence-removal", changed(path, MIT, ""))).toHaveLength(1);
  });

  const said = async (...changes: Parameters<typeof found>[1][]) =>
    (await found("licence-removal", changes.flat())).map(({ line, message }) => `${line} ${message}`);
  const spdx = "// SPDX-License-Identifier: MIT";

  it("says what would happen, and where", async () => {
    expect(await said(deleted("LICENSE", MIT))).toEqual(["null A licence would be deleted."]);
    expect(await said(renamed("LICENSE", "x.txt", MIT))).toEqual([
      "null A licence would be renamed to something else.",
    ]);
    expect(await said(changed("LICENSE", "x\na\nb\n", "x\nc\n"))).toEqual(["2 The text of a licence would change."]);
    expect(await said(changed("LICENSE", "x\na\n", "x\n"))).toEqual(["null The text of a licence would change."]);
    const gone = ["null A statement of the licence would be removed or changed."];
    expect(await said(changed("a.ts", `x\n${spdx}\n`, ""))).toEqual(gone);
    expect(await said(changed("a.ts", `x\n${spdx}\n`, "y\n"))).toEqual(gone);
  });

  it.each([
    ["a licence that is indented otherwise", "LICENSE", "  a\nb\n", "a\n  b\n"],
    ["a licence that grows", "LICENSE", "a\n", "a\nb\n"],
    ["a statement that is indented otherwise", "a.json", '  "license": "MIT"\n', '\t"license": "MIT"\n'],
    ["a statement that ends otherwise", "a.json", '"license": "MIT" ,\n', '"license": "MIT"\n'],
    ["a statement far along a line", "a.ts", `${"x".repeat(300)}${spdx}\n`, "y\n"],
    [
      "a statement that is cut at the same place",
      "a.ts",
      `${spdx}${"x".repeat(300)}a\n`,
      `${spdx}${"x".repeat(300)}b\n`,
    ],
    ["a program that is deleted with its statement", "a.ts", `${spdx}\n`, null],
  ])("leaves alone %s", async (_, path, before, after) => {
    expect(await said(after === null ? deleted(path, before) : changed(path, before, after))).toEqual([]);
  });

  it("finds statements that go or change", async () => {
    const header = "// SPDX-License-Identifier: MIT\nx\n";
    expect(await found("licence-removal", changed("a.ts", header, "x\n"))).toHaveLength(1);
    expect(
      await found("licence-removal", changed("a.ts", header, "// SPDX-License-Identifier: GPL-3.0\nx\n")),
    ).toHaveLength(1);
    expect(
      await found("licence-removal", changed("package.json", '{\n "license": "MIT"\n}\n', '{\n "license": "ISC"\n}\n')),
    ).toHaveLength(1);
    expect(
      await found("licence-removal", changed("a.c", "// Licensed under the Apache License\nx\n", "x\n")),
    ).toHaveLength(1);
    expect(await found("licence-removal", changed("Cargo.toml", 'license = "MIT"\n', "\n"))).toHaveLength(1);
  });

  it("leaves years, moves between licence names, moved statements and other files alone", async () => {
    expect(await found("licence-removal", changed("LICENSE", MIT, MIT.replace("2025", "2025-2026")))).toEqual([]);
    expect(await found("licence-removal", renamed("LICENSE", "LICENSE.md", MIT))).toEqual([]);
    expect(
      await found(
        "licence-removal",
        changed("a.ts", "x\n// SPDX-License-Identifier: MIT\n", "// SPDX-License-Identifier: MIT\nx\n"),
      ),
    ).toEqual([]);
    expect(
      await found(
        "licence-removal",
        changed("package.json", '{\n "license": "MIT"\n}\n', '{\n "license": "MIT",\n "a": 1\n}\n'),
      ),
    ).toEqual([]);
    expect(
      await found("licence-removal", [
        created("LICENSE", MIT),
        deleted("src/licensing.ts"),
        deleted("src/licence-check.ts"),
        deleted("a.ts"),
      ]),
    ).toEqual([]);
  });
});
