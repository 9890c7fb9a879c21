// Commands that judge a file without any database: a configuration, or a diff.
import { readFile } from "node:fs/promises";
import { parseCeiling, withinCeiling } from "../../config/ceiling.ts";
import { checkConfig } from "../../config/check.ts";
import { parseConfig } from "../../config/parse.ts";
import { checkDiff } from "../../policy/check-diff.ts";
import type { PolicySettings } from "../../policy/settings.ts";
import { type CliOutcome, unusable } from "./outcome.ts";

const textOf = (path: string): Promise<string | null> => readFile(path, "utf8").catch(() => null);

/** `countersign config check FILE`; `ceiling` is the operator's file, where there is one. */
export async function configCheck(path: string, ceiling: string | null): Promise<CliOutcome> {
  const { exitCode, text } = checkConfig(
    { name: path, text: await textOf(path) },
    ceiling === null ? null : { name: ceiling, text: await textOf(ceiling) },
  );
  return { exitCode, stdout: exitCode === 0 ? `${text}\n` : "", stderr: exitCode === 0 ? "" : `${text}\n` };
}

type Files = Readonly<{ config: string | null; ceiling: string | null }>;

/** `countersign policy check --diff FILE`; `-` reads the diff from standard input. */
export async function policyCheck(
  diff: string,
  files: Files,
  format: "json" | "text",
  stdin: AsyncIterable<Uint8Array>,
): Promise<CliOutcome> {
  const settings = await settingsOf(files);
  if ("exitCode" in settings) return settings;
  const bytes = diff === "-" ? await all(stdin) : await readFile(diff).catch(() => null);
  return bytes === null ? unusable(`${diff}: cannot be read`) : checkDiff(bytes, settings, format);
}

/** What a repository with this configuration is judged by, under an operator with this ceiling. */
async function settingsOf({ config, ceiling }: Files): Promise<PolicySettings | CliOutcome> {
  const file = { name: config ?? "the defaults", text: config === null ? "" : await textOf(config) };
  const bound = ceiling === null ? null : { name: ceiling, text: await textOf(ceiling) };
  const { exitCode, text } = checkConfig(file, bound);
  const [parsed, parsedBound] = [parseConfig(file.text ?? ""), parseCeiling(bound?.text ?? "")];
  return exitCode === 0 && parsed.ok && parsedBound.ok
    ? withinCeiling(parsed.value, parsedBound.value).config.policy
    : unusable(text);
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
