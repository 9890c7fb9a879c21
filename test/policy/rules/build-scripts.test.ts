import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { changed, created, found, foundIn, listsPaths } from "../found.ts";

describe("build-scripts", () => {
  listsPaths(
    "build-scripts",
    "warn",
    [
      "Dockerfile",
      "docker/Dockerfile.prod",
      "app.Dockerfile",
      "Containerfile",
      "docker-compose.yml",
      "compose.override.yaml",
      "Makefile",
      "GNUmakefile",
      "build/rules.mk",
      "CMakeLists.txt",
      "configure",
      "justfile",
      "Rakefile",
      "gulpfile.js",
      "vite.config.ts",
      "eslint.config.mjs",
      ".eslintrc.js",
      "setup.py",
      "conftest.py",
      "build.rs",
      "build.gradle.kts",
      "pom.xml",
      "BUILD",
      "BUILD.bazel",
      "scripts/deploy.sh",
      "infra/main.tf",
      "Vagrantfile",
    ],
    ["src/build/index.ts", "src/workspace/x.ts", "docs/docker.md", "src/configure/x.ts"],
  );

  const json = (scripts: Record<string, string>) => `${JSON.stringify({ scripts }, null, 2)}\n`;

  it("finds scripts of a manifest that are new or run another command", async () => {
    const before = json({ test: "vitest", build: "tsc" });
    expect(
      await found("build-scripts", changed("package.json", before, json({ test: "curl x", build: "tsc" }))),
    ).toMatchObject([
      { severity: "warn", path: "package.json", line: 3, message: 'The script "test" would run another command.' },
    ]);
    expect(await found("build-scripts", created("package.json", before))).toHaveLength(2);
    expect(await found("build-scripts", changed("package.json", before, json({ test: "vitest" })))).toEqual([]);
    expect(
      await found("build-scripts", changed("package.json", before, json({ build: "tsc", test: "vitest" }))),
    ).toEqual([]);
  });

  it("leaves what runs at installation to the rule that blocks it", async () => {
    expect(await found("build-scripts", created("package.json", json({ postinstall: "x" })))).toEqual([]);
  });

  it("reads changed lines where that is all there is", async () => {
    const { files } = proposalOf([
      changed("package.json", '"test": "a",\n"name": "a"\n', '"test": "b",\n"name": "b"\n'),
    ]);
    const partly = files.map((file) => ({ ...file, before: null, after: null }));
    expect(await foundIn("build-scripts", { files: partly, base: null })).toHaveLength(1);
  });
});
