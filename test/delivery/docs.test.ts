// The page about the machine is the one that the machine gives, and can be drawn.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { PHASES } from "../../src/delivery/delivery.ts";
import { machinePage } from "../../src/delivery/docs.ts";

const page = machinePage();

describe("docs/machine.md", () => {
  it("is not stale", async () => {
    expect(await readFile(new URL("../../docs/machine.md", import.meta.url), "utf8")).toBe(page);
  });

  it("has a section, a diagram and a table for each phase", () => {
    for (const phase of PHASES) {
      const section = page.split(`\n## ${phase}\n`)[1]?.split("\n## ")[0] ?? "";
      expect(section).toContain("stateDiagram-v2");
      expect(section).toContain("| state | event | becomes | besides |");
    }
  });

  it("says what people look for", () => {
    expect(page).toContain("| `pending`, `running` | `triaged, GO` | `plan/pending` | `work plan` |");
    expect(page).toContain("| `succeeded`, `succeeded · asked again` | `/reject` | `intake/failed(rejected)` |");
    expect(page).toContain("verify --> deploy: checks_green");
    expect(page).toContain("| `/cancel` | canceled(by_command) |");
  });

  it("has diagrams whose lines Mermaid can read", () => {
    const lines = page
      .split("```mermaid\n")
      .slice(1)
      .flatMap((block) => block.split("\n```")[0]?.split("\n") ?? []);
    const known = /^(stateDiagram-v2| {2}direction LR| {2}(\[\*\]|[a-z]+) --> (\[\*\]|[a-z]+)(: [a-z_/, ]+)?)$/;
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
    expect(lines.length).toBeGreaterThan(60);
  });
});
