import { describe } from "vitest";
import { listsPaths } from "../found.ts";

describe("package-manager-config", () => {
  listsPaths(
    "package-manager-config",
    "block",
    [
      ".npmrc",
      "packages/a/.npmrc",
      ".NPMRC",
      ".yarnrc",
      ".yarnrc.yml",
      ".yarn/releases/yarn-4.cjs",
      ".pnpmfile.cjs",
      "pnpm-workspace.yaml",
      ".pnp.cjs",
      "bunfig.toml",
      "patches/left-pad+1.3.0.patch",
      "pip.conf",
      ".pypirc",
      ".cargo/config.toml",
      "rust-toolchain.toml",
      ".mvn/extensions.xml",
      "mvnw",
      "gradle/wrapper/gradle-wrapper.properties",
      "gradlew.bat",
      "NuGet.Config",
      ".bundle/config",
      "go.work",
      ".envrc",
    ],
    ["src/npmrc.ts", "package.json", "src/locales/auth.json", "src/settings.xml", "docs/yarn.md"],
  );
});
