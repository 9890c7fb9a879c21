// Reads a gzip'd tar as it comes in, within bounds. Nothing of it is written anywhere, and no entry but a file is looked at.
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { z } from "zod";
import { GitHubError } from "./errors.ts";
import type { ArchiveTaker } from "./reading.ts";

export type ArchiveBounds = Readonly<{
  compressedBytes: number;
  bytes: number;
  entries: number;
  /** Of bytes to compressed bytes; text compresses by some ten times. */
  ratio: number;
}>;

const Chunk = z.instanceof(Uint8Array);

/** A short archive may compress well by chance. */
const RATIO_COUNTS_FROM = 4 * 1024 * 1024;

const tooMuch = (what: string): GitHubError =>
  new GitHubError("unexpected_answer", `the archive has ${what} than we read`);

/** What GitHub puts around every path: one folder, named after owner, repository and commit. */
const withoutTop = (name: string): string => name.slice(name.indexOf("/") + 1);

/**
 * `taker` is asked for each regular file and handed those it wants, one after the other. Throws GitHubError where a bound is
 * passed, and what stream and parser throw where the archive is broken or cut short.
 */
export async function untar(
  body: AsyncIterable<Uint8Array>,
  bounds: ArchiveBounds,
  taker: ArchiveTaker,
): Promise<void> {
  let [compressed, inflated, entries] = [0, 0, 0];
  const own: unknown[] = [];
  const files = extract();
  const fed = pipeline(
    body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        compressed += chunk.byteLength;
        if (compressed > bounds.compressedBytes) throw tooMuch("more compressed bytes");
        yield chunk;
      }
    },
    createGunzip(),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        inflated += chunk.byteLength;
        if (inflated > bounds.bytes) throw tooMuch("more bytes");
        if (inflated > RATIO_COUNTS_FROM && inflated > compressed * bounds.ratio) throw tooMuch("a higher compression");
        yield chunk;
      }
    },
    files,
  );
  const taken = async (): Promise<void> => {
    for await (const entry of files) {
      entries += 1;
      if (entries > bounds.entries) throw tooMuch("more entries");
      const { name, type, size = 0 } = entry.header;
      const path = withoutTop(name);
      if (type !== "file" || !taker.wants(path, size)) {
        entry.resume();
        continue;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(Chunk.parse(chunk));
      await taker.keep(path, Buffer.concat(chunks)).catch((error: unknown) => {
        own.push(error);
        throw error;
      });
    }
  };
  const [taking, feeding] = await Promise.allSettled([
    taken().catch((error: unknown) => {
      files.destroy();
      throw error;
    }),
    fed,
  ]);
  // Each side ends the other, which then fails too: what was meant is told before what followed from it.
  const failed = [taking, feeding].flatMap((side) => (side.status === "rejected" ? [side.reason] : []));
  const meant = failed.find((reason) => reason instanceof GitHubError || own.includes(reason));
  if (failed.length > 0) throw meant ?? failed.at(-1);
}
