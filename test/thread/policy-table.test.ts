// The policy's table in a check run: three columns whatever stands in them, and nothing left out in silence.
import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, it } from "vitest";
import { policyTable } from "../../src/thread/render/policy-table.ts";
import { runs } from "../support/runs.ts";
import { hostileText } from "./support/hostile.ts";

const warning = (path: string | null, message: string, line: number | null = 3) => ({
  rule: "build-scripts" as const,
  severity: "warn" as const,
  path,
  line,
  message,
});

it("has a header and three columns in every row, whatever paths and messages hold", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hostileText(), hostileText()), { minLength: 1, maxLength: 4 }), (found) => {
      const text = policyTable(found.map(([path, message]) => warning(path, message)));
      const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
      const tables = tree.children.filter(({ type }) => type === "table");
      expect(tables).toHaveLength(1);
      const [table] = tables;
      if (table?.type !== "table") throw new Error("no table");
      expect(table.children).toHaveLength(found.length + 1);
      for (const each of table.children) expect(each.children).toHaveLength(3);
    }),
    runs(200),
  );
});

it("says that nothing was found, and needs no table for it", () => {
  expect(policyTable([])).toBe("Policy: passed.");
});

it("counts what does not fit", () => {
  const many = Array.from({ length: 1_000 }, (_, at) => warning(`file-${at}.sh`, "A build script."));
  expect(policyTable(many)).toMatch(/\d+ more warnings stand in the comment\.$/);
});
