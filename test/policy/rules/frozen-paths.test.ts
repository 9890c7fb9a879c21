import { describe, expect, it } from "vitest";
import { created, deleted, found, renamed } from "../found.ts";

const frozen = ["src/core/**", "db/schema.sql", "vendor", "legal/", "**/*.pem", "app/[slug]/page.tsx", ".env*"];

describe("frozen-paths", () => {
  it("names the line of the new name only", async () => {
    const away = await found("frozen-paths", renamed("src/a", "b", "x\n", "x\ny\n"), { frozen: ["src"] });
    expect(away).toMatchObject([{ path: "src/a", line: null }]);
    const into = await found("frozen-paths", renamed("b", "src/a", "x\n", "x\ny\n"), { frozen: ["src"] });
    expect(into).toMatchObject([{ path: "src/a", line: 2 }]);
  });

  it.each([
    "src/core/a.ts",
    "src/core/deep/.hidden",
    "SRC/Core/a.ts",
    "src/c\u043ere/a.ts",
    "db/schema.sql",
    "vendor/lib/x.js",
    "vendor",
    "legal/terms.md",
    "keys/server.pem",
    "server.pem",
    "app/[slug]/page.tsx",
    ".env",
    ".env.local",
  ])("freezes %j", async (path) => {
    expect(await found("frozen-paths", created(path), { frozen })).toMatchObject([
      { severity: "block", path, line: 1 },
    ]);
    expect(await found("frozen-paths", deleted(path), { frozen })).toHaveLength(1);
    expect(await found("frozen-paths", renamed(path, "free.ts"), { frozen })).toMatchObject([{ path }]);
    expect(await found("frozen-paths", renamed("free.ts", path), { frozen })).toMatchObject([{ path }]);
  });

  it.each([
    "src/cores/a.ts",
    "lib/src/core/a.ts",
    "db/schema.sql.md",
    "vendored/x",
    "app/s/page.tsx",
    "x.pem.ts",
    "src/.env",
  ])("does not freeze %j", async (path) => {
    expect(await found("frozen-paths", created(path), { frozen })).toEqual([]);
  });

  it("names the pattern, and freezes nothing when none is set", async () => {
    expect((await found("frozen-paths", created("vendor/x"), { frozen }))[0]?.message).toContain("`vendor`");
    expect(await found("frozen-paths", created("src/core/a.ts"))).toEqual([]);
  });
});
