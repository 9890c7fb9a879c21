// The page about the phases is the one that the code's tables give.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { PHASES } from "../../../src/delivery/delivery.ts";
import { phasesPage } from "../../../src/delivery/docs/phases.ts";
import { graph } from "../../../src/delivery/docs.ts";

const page = phasesPage(graph());
const sectionOf = (phase: string): string => page.split(`\n## ${phase}\n`)[1]?.split("\n## ")[0] ?? "";

describe("docs/phases.md", () => {
  it("is not stale", async () => {
    expect(await readFile(new URL("../../../docs/phases.md", import.meta.url), "utf8")).toBe(page);
  });

  it("tells of each phase its gate, its deadline, what can be said and what it is to a person", () => {
    for (const phase of PHASES) {
      const section = sectionOf(phase);
      expect(section).toMatch(/\| gate \| \S/);
      expect(section).toMatch(/\| deadline \| \d+ (?:minute|hour|day)/);
      expect(section).toMatch(/- [a-z ]+: `\/[a-z]+`/);
      expect(section).toMatch(/- \*\*(?:done|needs_human|blocked_policy|failed|canceled)\*\*: `/);
    }
  });

  it("says where a merge can be undone, and nowhere else", () => {
    expect(PHASES.filter((phase) => sectionOf(phase).includes("`/rollback`"))).toEqual(["observe", "close"]);
  });
});
