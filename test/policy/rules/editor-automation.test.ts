import { describe } from "vitest";
import { listsPaths } from "../found.ts";

describe("editor-automation", () => {
  listsPaths(
    "editor-automation",
    "block",
    [
      ".vscode/tasks.json",
      ".vscode/settings.json",
      "x.code-workspace",
      ".idea/workspace.xml",
      ".devcontainer/devcontainer.json",
      ".devcontainer.json",
      ".gitpod.yml",
      ".vimrc",
      ".exrc",
      ".dir-locals.el",
    ],
    [".editorconfig", "src/vscode/index.ts"],
  );
});
