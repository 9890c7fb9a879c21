// TOML 1.0.
import { baseName, type Language } from "./language.ts";

/** Files in TOML whose names do not end so. */
const NAMES = ["pipfile", "cargo.lock", "poetry.lock", "uv.lock", "gopkg.lock"];

export const toml: Language = {
  name: "TOML",
  placeholder: /\{\{|\{%|<%/,
  speaks: (path) => baseName(path).endsWith(".toml") || NAMES.includes(baseName(path)),
  load: async () => {
    const { parse, TomlError } = await import("smol-toml");
    return (text) => {
      try {
        parse(text.replace(/^\uFEFF/, ""));
        return null;
      } catch (problem) {
        if (!(problem instanceof TomlError)) throw problem;
        const [message = ""] = problem.message.split("\n");
        return { line: problem.line, message: message.replace(/^Invalid TOML document: /, "") };
      }
    };
  },
};
