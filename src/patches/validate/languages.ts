// Every language whose files are read before people are asked. One more is one more file here.
import { javascript } from "./javascript.ts";
import { json } from "./json.ts";
import type { Language } from "./language.ts";
import { python } from "./python.ts";
import { toml } from "./toml.ts";
import { yaml } from "./yaml.ts";

const LANGUAGES: readonly Language[] = [json, yaml, toml, javascript, python];

/** Null: nobody here can read such a file. */
export const languageOf = (path: string): Language | null => LANGUAGES.find(({ speaks }) => speaks(path)) ?? null;
