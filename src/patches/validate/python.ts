// Python 3, by Ruff's parser.
import { z } from "zod";
import { baseName, type Language } from "./language.ts";

/** What Ruff answers, as far as it is read. With no rule selected, only what is no Python is left. */
const Diagnostics = z.array(
  z.object({ message: z.string(), start_location: z.object({ row: z.number().int().positive() }) }),
);

export const python: Language = {
  name: "Python",
  placeholder: /\{%|<%|\{\{ ?cookiecutter/,
  speaks: (path) => /\.pyi?$/.test(baseName(path)),
  load: async () => {
    const { PositionEncoding, Workspace } = await import("@astral-sh/ruff-wasm-nodejs");
    const ruff = new Workspace({ lint: { select: [] } }, PositionEncoding.Utf16);
    return (text) => {
      const [first] = Diagnostics.parse(ruff.check(text.replace(/^\uFEFF/, "")));
      return first === undefined ? null : { line: first.start_location.row, message: first.message };
    };
  },
};
