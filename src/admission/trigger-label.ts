// Whether a label is the one that starts deliveries in a repository, told from its configuration file alone. Pure.
import { z } from "zod";
import { parseConfig } from "../config/parse.ts";
import { ConfigFile, DEFAULT_CONFIG } from "../config/schema.ts";
import { readYaml } from "../config/yaml-document.ts";

/** GitHub tells labels apart without regard to case. */
export const sameLabel = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const OwnLabel = z.object({ label: ConfigFile.shape.label });

/**
 * `text` is null where there is no file. A file with problems must not silence the label that it means, nor answer for
 * every other label: it counts for the label that it names, as far as that can be read, and else for the default.
 */
export function triggerLabelOf(text: string | null): string {
  if (text === null) return DEFAULT_CONFIG.label;
  const parsed = parseConfig(text);
  if (parsed.ok) return parsed.value.label;
  const yaml = readYaml(text);
  const named = yaml.ok ? OwnLabel.safeParse(yaml.value.data) : null;
  return named?.success === true ? named.data.label : DEFAULT_CONFIG.label;
}

export const isTriggerLabel = (label: string, text: string | null): boolean => sameLabel(label, triggerLabelOf(text));
