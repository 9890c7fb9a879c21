// YAML 1.2, all documents of a file. Nothing is resolved: an alias stays a name, so no document grows while it is read.
import { type Document, isAlias, isScalar, parseAllDocuments, visit } from "yaml";
import { baseName, type Language, lineOf, type Misread } from "./language.ts";

/** What the parser can check only in time that grows with the square of the keys, or would have to resolve. */
const contradiction = (document: Document, text: string): Misread | null => {
  const anchors = new Set<string>();
  let found: Misread | null = null;
  const stop = (offset: number, message: string): symbol => {
    found = { line: lineOf(text, offset), message };
    return visit.BREAK;
  };
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        return anchors.has(node.source)
          ? undefined
          : stop(node.range?.[0] ?? 0, `the alias *${node.source} names no anchor before it.`);
      }
      if (node.anchor !== undefined) anchors.add(node.anchor);
      return undefined;
    },
    Map: (_, map) => {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === "<<") continue;
        if (keys.has(key.value)) return stop(key.range?.[0] ?? 0, "this key is there twice.");
        keys.add(key.value);
      }
      if (map.anchor !== undefined) anchors.add(map.anchor);
      return undefined;
    },
  });
  return found;
};

export const yaml: Language = {
  name: "YAML",
  // GitHub's own ${{ }} stands in YAML that is whole.
  placeholder: /(?<!\$)\{\{|\{%|<%|^\s*#@|\(@/m,
  speaks: (path) => /\.ya?ml$/.test(baseName(path)),
  load: async () => (text) => {
    const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    for (const document of documents) {
      const [error] = document.errors;
      if (error !== undefined) {
        const [message = ""] = error.message.split("\n");
        return { line: lineOf(text, error.pos[0]), message };
      }
      const found = contradiction(document, text);
      if (found !== null) return found;
    }
    return null;
  },
};
