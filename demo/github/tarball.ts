// The archive of a commit as GitHub packs it: a gzip'd ustar, the commit in a global header, everything in one folder, attributes applied.
import { gzipSync } from "node:zlib";
import { type GitObjects, objectTypeOf } from "./git-objects.ts";

const BLOCK = 512;
const LONGEST_NAME = 100;

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);

type Head = Readonly<{ name: string; mode: number; size: number; kind: "0" | "2" | "5" | "g" | "x"; link?: string }>;

const header = ({ name, mode, size, kind, link = "" }: Head): Buffer => {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void =>
    void block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0, LONGEST_NAME);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(" ".repeat(8), 148, "latin1");
  block.write(kind, 156, "latin1");
  block.write(link, 157, LONGEST_NAME);
  block.write("ustar\x0000root", 257, "latin1");
  block.write("root", 297, "latin1");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
};

/** `27 path=some/long/name\n`: the number counts itself. */
const record = (key: string, value: string): Buffer => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
};

const extended = (kind: "g" | "x", name: string, body: Buffer): Buffer =>
  Buffer.concat([header({ name, mode: 0o666, size: body.length, kind }), padded(body)]);

const entry = (name: string, head: Omit<Head, "name" | "size">, content: Buffer = Buffer.alloc(0)): Buffer => {
  const long = Buffer.byteLength(name) > LONGEST_NAME;
  const pax = long ? [extended("x", "pax", record("path", name))] : [];
  return Buffer.concat([...pax, header({ ...head, name, size: content.length }), padded(content)]);
};

type Attributes = (path: string) => Readonly<{ ignored: boolean; substituted: boolean }>;

/** Of the root's `.gitattributes`, for plain paths and folders. */
const attributesOf = (text: string): Attributes => {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const has = (path: string, attribute: string): boolean =>
    lines.some(
      ([pattern = "", ...set]) => set.includes(attribute) && (path === pattern || path.startsWith(`${pattern}/`)),
    );
  return (path) => ({ ignored: has(path, "export-ignore"), substituted: has(path, "export-subst") });
};

/** `top` is the folder that everything is put into. */
export function tarballOf(git: GitObjects, commit: string, top: string): Buffer {
  const tree = git.commit(commit)?.tree ?? "";
  const attributesFile = git.files(tree).get(".gitattributes");
  const attributes = attributesOf(git.blob(attributesFile?.sha ?? "")?.toString("utf8") ?? "");
  const parts = [
    extended("g", "pax_global_header", record("comment", commit)),
    entry(`${top}/`, { mode: 0o775, kind: "5" }),
  ];
  git.walk(tree, (path, { mode, sha }) => {
    const { ignored, substituted } = attributes(path);
    if (ignored) return;
    const name = `${top}/${path}`;
    if (objectTypeOf(mode) !== "blob") return void parts.push(entry(`${name}/`, { mode: 0o775, kind: "5" }));
    const bytes = git.blob(sha) ?? Buffer.alloc(0);
    if (mode === "120000")
      return void parts.push(entry(name, { mode: 0o777, kind: "2", link: bytes.toString("utf8") }));
    const content = substituted ? Buffer.from(bytes.toString("utf8").replaceAll("$Format:%H$", commit)) : bytes;
    parts.push(entry(name, { mode: mode === "100755" ? 0o775 : 0o664, kind: "0" }, content));
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]));
}
