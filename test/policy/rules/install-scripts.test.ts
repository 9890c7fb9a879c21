import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { changed, created, found, foundIn, renamed } from "../found.ts";

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

describe("install-scripts", () => {
  it.each([
    "preinstall",
    "install",
    "postinstall",
    "prepare",
    "prepublish",
    "prepublishOnly",
    "prepack",
    "preuninstall",
    "dependencies",
    "pnpm:devPreinstall",
  ])("finds %j", async (script) => {
    const now = json({ scripts: { test: "vitest", [script]: "node x.js" } });
    const expected = [{ severity: "block", path: "package.json", line: 4 }];
    expect(await found("install-scripts", created("package.json", now))).toMatchObject(expected);
    expect(
      await found("install-scripts", changed("package.json", json({ scripts: { test: "vitest" } }), now)),
    ).toMatchObject(expected);
    const old = json({ scripts: { test: "vitest", [script]: "node other.js" } });
    expect(await found("install-scripts", changed("package.json", old, now))).toMatchObject(expected);
    expect(await found("install-scripts", changed("package.json", now, now.replace("vitest", "jest")))).toEqual([]);
  });

  it("finds permissions for other packages' scripts", async () => {
    const now = json({ trustedDependencies: ["evil"], pnpm: { onlyBuiltDependencies: ["evil"] } });
    expect(await found("install-scripts", created("package.json", now))).toHaveLength(2);
    expect(await found("install-scripts", changed("package.json", now, json({})))).toEqual([]);
  });

  it("finds native builds and marked packages", async () => {
    expect(await found("install-scripts", created("binding.gyp"))).toHaveLength(1);
    expect(await found("install-scripts", renamed("x.txt", "binding.gyp"))).toHaveLength(1);
    expect(
      await found("install-scripts", changed("package-lock.json", "{}\n", '{\n  "hasInstallScript": true\n}\n')),
    ).toMatchObject([{ line: 2 }]);
    expect(
      await found("install-scripts", changed("pnpm-lock.yaml", "a:\n", "a:\n    requiresBuild: true\n")),
    ).toHaveLength(1);
  });

  it("reads changed lines when that is all there is", async () => {
    const { files } = proposalOf([changed("package.json", "{}\n", json({ scripts: { postinstall: "x" } }))]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    expect(await foundIn("install-scripts", { files: partly, base: null })).toHaveLength(1);
  });

  it("leaves other scripts, and scripts that go, alone", async () => {
    const old = json({ scripts: { test: "vitest", postinstall: "x" } });
    expect(
      await found("install-scripts", changed("package.json", old, json({ scripts: { test: "jest", build: "tsc" } }))),
    ).toEqual([]);
    expect(await found("install-scripts", created("src/package.json.ts", old))).toEqual([]);
  });
});
