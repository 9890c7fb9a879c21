// Closes a bundle with a manifest of hashes, and tells what in a bundle is not what its manifest says. Pure.
import { createHash } from "node:crypto";
import { Digest } from "../../ids.ts";
import type { Head } from "../entry.ts";
import { type Files, FORMAT, MANIFEST, Manifest } from "./files.ts";

/** `where` is a path in the bundle, or the sequence number of a ledger entry as `ledger #7`. */
export type Problem = Readonly<{ where: string; what: string }>;

export const problem = (where: string, what: string): Problem => ({ where, what });
export const unless = (holds: boolean, where: string, what: string): Problem[] => (holds ? [] : [problem(where, what)]);

const hashOf = (text: string): Digest => Digest.parse(createHash("sha256").update(text, "utf8").digest("hex"));

/** Pretty, with a newline at the end: made to be read and compared. */
export const jsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export function seal(delivery: string, head: Head, files: Files): Files {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest: Manifest = {
    format: FORMAT,
    delivery,
    ledger: head,
    files: Object.fromEntries(sorted.map(([path, text]) => [path, hashOf(text)])),
  };
  return new Map([[MANIFEST, jsonFile(manifest)], ...sorted]);
}

export type Opened = Readonly<{ manifest: Manifest | null; problems: readonly Problem[] }>;

export function openSeal(files: Files): Opened {
  const manifest = Manifest.safeParse(parsed(files.get(MANIFEST)));
  if (!manifest.success)
    return { manifest: null, problems: [{ where: MANIFEST, what: "is missing or not a manifest" }] };
  const listed = new Map(Object.entries(manifest.data.files));
  const changed = [...listed].flatMap(([path, hash]): Problem[] => {
    const text = files.get(path);
    if (text === undefined) return [{ where: path, what: "is missing" }];
    return hashOf(text) === hash ? [] : [{ where: path, what: "is not what the manifest says" }];
  });
  const isWritten = files.get(MANIFEST) === jsonFile(manifest.data);
  const untidy = isWritten ? [] : [{ where: MANIFEST, what: "is not as it is written" }];
  const extra = [...files.keys()]
    .filter((path) => path !== MANIFEST && !listed.has(path))
    .map((path) => ({ where: path, what: "is not in the manifest" }));
  return { manifest: manifest.data, problems: [...untidy, ...changed, ...extra] };
}

/** What a file says as JSON; undefined when it is not there, is no JSON, or has numbers that no hash can cover. */
export function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text, finite);
  } catch {
    return undefined;
  }
}

/** `1e999` is JSON, and infinite. */
function finite(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("not a finite number");
  return value;
}
