// The configuration's reference, made from its schema: a JSON Schema for editors and a table in Markdown for people.
import { z } from "zod";
import { RULES } from "../policy/rules.ts";
import type { PolicySettings } from "../policy/settings.ts";
import { CONFIG_PATH, ConfigFile } from "./schema.ts";

/** Sentences for the settings of `policy/`, which are not rules; rules bring their own. */
const POLICY_SENTENCES: Readonly<Record<Exclude<keyof PolicySettings, keyof typeof RULES>, string>> = {
  frozen: "Patterns of paths, from the repository's root, that no patch may touch.",
  registries: "Hosts, beside the public registries, from which lock files may bring packages.",
  max_files: "How many files one patch set may change.",
  max_lines: "How many added and removed lines one patch set may have, together.",
  max_bytes: "How many bytes the added and removed lines of one patch set may have, together.",
  max_file_bytes: "How many bytes one changed file may have afterwards.",
  max_line_length: "How many characters one added line may have.",
  max_deleted_files: "How many files one patch set may delete.",
  max_deleted_lines: "How many lines one patch set may remove that no added line makes up for.",
};

/** What JSON Schema can say of a key, as far as we read it. */
const Property = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxItems: z.number().optional(),
  examples: z.array(z.unknown()).optional(),
  get anyOf() {
    return z.array(Property).optional();
  },
  get properties() {
    return z.record(z.string(), Property).optional();
  },
});
type Property = z.infer<typeof Property>;

const Group = z.record(z.string(), z.unknown());

const isRule = (name: string): name is keyof typeof RULES => Object.hasOwn(RULES, name);
const isSetting = (name: string): name is keyof typeof POLICY_SENTENCES => Object.hasOwn(POLICY_SENTENCES, name);

const policySentence = (name: string): string | undefined => {
  if (isRule(name)) return `${RULES[name].summary}.${RULES[name].fixed ? " Cannot be loosened." : ""}`;
  return isSetting(name) ? POLICY_SENTENCES[name] : undefined;
};

/** Draft 2020-12, of the file as it is written: durations are text, switches `on` and `off`. */
export const configJsonSchema = (): Readonly<Record<string, unknown>> => {
  const schema = z.toJSONSchema(ConfigFile, {
    io: "input",
    override: ({ jsonSchema }) => {
      // The default of a group is that of its keys.
      if (jsonSchema.properties !== undefined) delete jsonSchema.default;
    },
  });
  const properties = Group.parse(schema.properties);
  const policy = Group.parse(properties["policy"]);
  const settings = Object.entries(Group.parse(policy["properties"])).map(([name, setting]) => [
    name,
    { ...Group.parse(setting), description: policySentence(name) },
  ]);
  return {
    ...schema,
    properties: { ...properties, policy: { ...policy, properties: Object.fromEntries(settings) } },
    title: "Countersign",
    description: `What a repository says about its deliveries, in ${CONFIG_PATH} on its default branch.`,
  };
};

type Row = Readonly<{ key: string; values: string; default: string; sentence: string }>;

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

const valuesOf = (property: Property): string => {
  if (property.const !== undefined) return code(property.const);
  if (property.enum !== undefined) return property.enum.map(code).join(", ");
  if (property.type === "integer") return `${property.minimum} to ${property.maximum}`;
  if (property.type === "array") return `list of at most ${property.maxItems}`;
  if (property.type === "object") return "keys";
  const branches = (property.anyOf ?? []).filter((branch) => branch.type !== "null" && branch.type !== "boolean");
  if (branches.length > 0) return [...new Set(branches.map(valuesOf))].join(" or ");
  return property.examples === undefined ? "text" : `such as ${property.examples.map(code).join(", ")}`;
};

const rowsOf = (properties: Readonly<Record<string, Property>>, prefix: string): readonly Row[] =>
  Object.entries(properties).flatMap(([name, property]): readonly Row[] => {
    const key = prefix + name;
    if (property.properties !== undefined) return rowsOf(property.properties, `${key}.`);
    const byDefault = property.default;
    return [
      {
        key,
        values: valuesOf(property),
        default: byDefault === undefined || byDefault === null ? "–" : code(byDefault),
        sentence: property.description ?? "",
      },
    ];
  });

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The reference as one Markdown table; the words around it are in `docs/`. */
export const configTable = (): string => {
  const rows = rowsOf(Property.parse(configJsonSchema()).properties ?? {}, "");
  return [
    "| key | values | default | what it does |",
    "| --- | --- | --- | --- |",
    ...rows.map((row) => `| \`${row.key}\` | ${cell(row.values)} | ${cell(row.default)} | ${cell(row.sentence)} |`),
  ].join("\n");
};
