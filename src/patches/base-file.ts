// A file of the base as edits may meet it: text that can be changed, or something that must be left alone.
import type { Sha } from "../ids.ts";
import { blobSha } from "./git-objects.ts";
import { FileMode } from "./patch-set.ts";

export type BaseFile =
  | Readonly<{ kind: "text"; text: string; blob: Sha; mode: FileMode }>
  | Readonly<{ kind: "unusable"; why: "symlink" | "submodule" | "odd_mode" | "binary" | "not_utf8" }>;

const decoder = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads one file. `mode` and `sha` are those of the tree's listing; throws when the bytes are not the blob of that name,
 * which would mean that a cache or an answer was wrong.
 */
export const baseFile = (mode: string, sha: Sha, bytes: Uint8Array): BaseFile => {
  if (mode === "120000") return { kind: "unusable", why: "symlink" };
  if (mode === "160000") return { kind: "unusable", why: "submodule" };
  const known = FileMode.safeParse(mode);
  if (!known.success) return { kind: "unusable", why: "odd_mode" };
  if (blobSha(bytes) !== sha) throw new Error(`the bytes read for blob ${sha} are not that blob`);
  if (bytes.includes(0)) return { kind: "unusable", why: "binary" };
  try {
    return { kind: "text", text: decoder().decode(bytes), blob: sha, mode: known.data };
  } catch {
    return { kind: "unusable", why: "not_utf8" };
  }
};
