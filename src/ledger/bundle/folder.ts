// A bundle as a folder on disk.
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Files } from "./files.ts";

/** A folder that is there already, or something in it that is no plain file. */
export class FolderRefused extends Error {
  override readonly name = "FolderRefused";
}

/** Whole or not at all: written beside, then renamed. Never over something that is there. */
export async function writeFolder(folder: string, files: Files): Promise<void> {
  if (await isThere(folder)) throw new FolderRefused(`${folder} is there already`);
  const draft = `${folder}.${process.pid}.partial`;
  try {
    for (const [path, text] of files) {
      const file = join(draft, ...path.split("/"));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: "wx" });
    }
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

export async function readFolder(folder: string): Promise<Files> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join("/");
    // A link could show something else to the next who looks.
    if (!entry.isFile()) throw new FolderRefused(`${path} is not a plain file`);
    files.set(path, await readFile(file, "utf8"));
  }
  return files;
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
