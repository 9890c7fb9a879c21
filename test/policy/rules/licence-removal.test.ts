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
