import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { policyReference } from "../../src/policy/documentation.ts";
import { type Example, REFERENCE } from "../../src/policy/reference.ts";
import { RULE_NAMES } from "../../src/policy/rules.ts";
import { fileChange } from "../patches/file-changes.ts";
import { created, found, tree } from "./found.ts";

const changeOf = ({ path, from, before, after, mode }: Example) =>
  fileChange(path, {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(from === undefined ? {} : { previousPath: from }),
    ...(mode === undefined ? {} : { oldMode: "100644", newMode: mode }),
  });

/** What two examples need around them. */
const base = tree(["src/a/b.ts"], { out: "120000" });

describe("the reference", () => {
  it.each(RULE_NAMES)("shows of %s an example that it finds", async (rule) => {
    const all = await found(rule, changeOf(REFERENCE[rule].example), { frozen: ["migrations"] }, base);
    expect(all.length).toBeGreaterThan(0);
    expect(await found(rule, created("src/plain.ts"), {}, base)).toEqual([]);
  });

  it("has a section for each rule, and nothing in it that cannot be seen", () => {
    const page = policyReference();
    expect(page.match(/^### .+$/gm)).toEqual(RULE_NAMES.map((rule) => `### ${rule}`));
    expect(page).toMatch(/^[\P{C}\n]*$/u);
  });

  it("stands in the documentation as it is made here", () => {
    const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
    expect(page.slice(page.indexOf("### "))).toBe(`${policyReference()}\n`);
  });
});
