import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { changed, created, found, foundIn, renamed } from "../found.ts";

const key = `AKIA${"QWERTYUIOPASDFGH"}`;

describe("secrets", () => {
  it("names rule, file and line, and never the secret", async () => {
    const text = `const a = 1;\nconst key = "${key}";\n`;
    const all = await found("secrets", created("src/a.ts", text));
    expect(all).toMatchObject([{ severity: "block", path: "src/a.ts", line: 2 }]);
    expect(JSON.stringify(all)).not.toContain("QWERTY");
  });

  it("looks at added lines only", async () => {
    const old = `const key = "${key}";\nconst a = 1;\n`;
    expect(await found("secrets", changed("a.ts", old, old.replace("a = 1", "a = 2")))).toEqual([]);
    expect(await found("secrets", changed("a.ts", old, "const a = 1;\n"))).toEqual([]);
    expect(await found("secrets", renamed("a.ts", "b.ts", old))).toEqual([]);
    expect(await found("secrets", changed("a.ts", old, `${old}const again = "${key}";\n`))).toMatchObject([
      { line: 3 },
    ]);
  });

  it("finds a secret that an added line completes", async () => {
    const old = 'const key =\n  "AKIA" +\n  "x";\n';
    const all = await found("secrets", changed("a.ts", old, old.replace('"x"', '"QWERTYUIOPASDFGH"')));
    expect(all).toMatchObject([{ path: "a.ts", line: 3 }]);
  });

  it("reads a foreign diff's added lines, where the whole text is not known", async () => {
    const { files } = proposalOf([changed("a.ts", "1\n2\n3\n", `1\n2\n3\n4\n${key}\n`)]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    expect(await foundIn("secrets", { files: partly, base: null })).toMatchObject([{ path: "a.ts", line: 5 }]);
  });

  it("leaves ordinary code alone", async () => {
    expect(await found("secrets", created("a.ts", "export const token = readToken();\n"))).toEqual([]);
  });
});
