import { describe } from "vitest";
import { listsPaths } from "../found.ts";

describe("agent-instructions", () => {
  listsPaths(
    "agent-instructions",
    "block",
    [
      "AGENTS.md",
      "agents.md",
      "packages/x/AGENTS.md",
      "AGENT.md",
      "CLAUDE.md",
      "CLAUDE.local.md",
      ".claude/settings.json",
      ".claude/commands/x.md",
      "GEMINI.md",
      ".gemini/settings.json",
      ".cursorrules",
      ".cursor/rules/x.mdc",
      ".windsurfrules",
      ".clinerules",
      ".clinerules/x.md",
      ".roo/rules/x.md",
      ".github/copilot-instructions.md",
      ".github/prompts/x.prompt.md",
      ".github/instructions/x.instructions.md",
      ".mcp.json",
      ".vscode/mcp.json",
      ".aider.conf.yml",
      ".junie/guidelines.md",
      "skills/x/SKILL.md",
      "\u0410GENTS.md",
    ],
    ["docs/agents/overview.md", "src/agent.ts", "README.md", "src/prompt.md.ts"],
  );
});
