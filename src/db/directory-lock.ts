// One process at a time on an embedded data directory: PGlite itself would let two in and lose the rows of both.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";
}

/**
 * Takes the directory or throws DirectoryInUse with one line for the operator. The lock is the operating system's, on an
 * SQLite file: it ends with the process, however that dies, so nothing is ever stale. (A file with a pid in it was
 * rejected: in containers every process is pid 1, and two may take over the same stale file at once.)
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const owner = join(directory, "owner");
  const lock = new DatabaseSync(join(directory, "lock"), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Error) || !cause.message.includes("locked")) throw cause;
    throw new DirectoryInUse(`the data directory ${directory} is in use by another process (${ownerOf(owner)})`, {
      cause,
    });
  }
  writeFileSync(owner, `pid ${process.pid}`);
  return () => lock.close();
}

function ownerOf(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(0, 100);
  } catch {
    return "pid unknown";
  }
}
