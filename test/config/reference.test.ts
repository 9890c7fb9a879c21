// What is generated from the schema: every key is explained, the schema accepts what the parser accepts, the docs are fresh.
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { configJsonSchema, configTable } from "../../src/config/reference.ts";

const root = resolve(import.meta.dirname, "../..");

const rows = () =>
  configTable()
    .split("\n")
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe("the reference", () => {
  it("explains every key in a sentence", () => {
    expect(rows().length).toBeGreaterThan(50);
    for (const [, key, values, byDefault, sentence] of rows()) {
      expect(key).toMatch(/^`[a-z_.-]+`$/);
      expect(values).not.toBe("");
      expect(byDefault).not.toBe("");
      expect(sentence, key).toMatch(/^[A-Z`].*\.$/);
    }
  });

  it("tells bounds and defaults", () => {
    expect(configTable()).toContain("| `approvals.review` | 1 to 10 | `1` |");
    expect(configTable()).toContain("| `thread.show_cost` | `on`, `off` | `off` |");
    expect(configTable()).toContain("| `policy.unsafe-path` | `block` | `block` |");
  });

  it("is a closed JSON Schema with a description and default for each key", () => {
    const schema = z
      .object({
        $schema: z.string(),
        additionalProperties: z.literal(false),
        properties: z.record(z.string(), z.looseObject({})),
      })
      .parse(configJsonSchema());
    expect(Object.keys(schema.properties)).toContain("policy");
    expect(schema.properties["policy"]).toMatchObject({ additionalProperties: false });
    expect(schema.properties["label"]).toMatchObject({ default: "countersign", type: "string" });
    expect(schema.properties["policy"]).not.toHaveProperty("default");
  });

  it("is what the documentation holds", () => {
    execFileSync(process.execPath, [join(root, "scripts/generate-config-docs.ts"), "--check"], { cwd: root });
  });
});
