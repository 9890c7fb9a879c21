// The archive of a commit is read as a stream from somewhere else: where from, how much of it, and what of it, is bounded.
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { archiveAddress } from "../../src/github/archive-address.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { type ArchiveBounds, untar } from "../../src/github/untar.ts";

describe("archiveAddress", () => {
  const GITHUB = "https://api.github.com";
  const SERVER = "https://git.acme.example/api/v3";
  it.each([
    [GITHUB, "https://codeload.github.com/acme/shop/legacy.tar.gz/abc?token=A1"],
    [SERVER, "https://git.acme.example/_codeload/acme/shop/legacy.tar.gz/abc"],
    [SERVER, "https://codeload.git.acme.example/acme/shop/legacy.tar.gz/abc"],
    ["https://api.acme.ghe.com", "https://codeload.acme.ghe.com/acme/shop/legacy.tar.gz/abc"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000/codeload/x"],
  ])("of %s goes to %s", (api, location) => expect(archiveAddress(api, location)?.href).toBe(location));

  it.each([
    [GITHUB, undefined],
    [GITHUB, 7],
    [GITHUB, "/acme/shop"],
    [GITHUB, "https://evil.example/x"],
    [GITHUB, "https://github.com.evil.example/x"],
    [GITHUB, "https://evilgithub.com/x"],
    [GITHUB, "http://codeload.github.com/x"],
    [GITHUB, "file:///etc/passwd"],
    [GITHUB, "https://a:b@codeload.github.com/x"],
    [SERVER, "https://169.254.169.254/latest"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:5000/codeload/x"],
  ])("of %s does not go to %s", (api, location) => expect(archiveAddress(api, location)).toBeNull());
});

const Bytes = z.instanceof(Uint8Array);

type File = Readonly<{ name: string; content?: string; type?: "file" | "symlink" | "directory" | "link" }>;

const archiveOf = async (files: readonly File[]): Promise<Buffer> => {
  const packed = pack();
  for (const { name, content = "", type = "file" } of files) {
    if (type === "file") packed.entry({ name, type }, content);
    else packed.entry({ name, type, linkname: "elsewhere" });
  }
  packed.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of packed) chunks.push(Bytes.parse(chunk));
  return gzipSync(Buffer.concat(chunks));
};

async function* inPieces(bytes: Uint8Array, size = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const WIDE: ArchiveBounds = { compressedBytes: 1e9, bytes: 1e9, entries: 1e6, ratio: 1e6 };
const take = async (
  bytes: Uint8Array,
  bounds: Partial<ArchiveBounds> = {},
  wants: (path: string, size: number) => boolean = () => true,
) => {
  const taken = new Map<string, string>();
  const asked: string[] = [];
  await untar(
    inPieces(bytes),
    { ...WIDE, ...bounds },
    {
      wants: (path, size) => {
        asked.push(path);
        return wants(path, size);
      },
      keep: async (path, content) => void taken.set(path, Buffer.from(content).toString("utf8")),
    },
  );
  return { taken, asked };
};

const FILES: readonly File[] = [
  { name: "acme-shop-abc/", type: "directory" },
  { name: "acme-shop-abc/README.md", content: "# Shop\n" },
  { name: "acme-shop-abc/link", type: "symlink" },
  { name: "acme-shop-abc/hard", type: "link" },
  { name: `acme-shop-abc/${"deep/".repeat(30)}file.txt`, content: "deep\n" },
  { name: "acme-shop-abc/empty", content: "" },
  { name: "acme-shop-abc/big.txt", content: "x".repeat(10_000) },
];

describe("untar", () => {
  it("hands over the files that are wanted, whole, without the folder that GitHub puts around them", async () => {
    const { taken, asked } = await take(await archiveOf(FILES), {}, (_path, size) => size < 1_000);
    expect([...taken]).toEqual([
      ["README.md", "# Shop\n"],
      [`${"deep/".repeat(30)}file.txt`, "deep\n"],
      ["empty", ""],
    ]);
    // Links and folders are nobody's content.
    expect(asked).toEqual(["README.md", `${"deep/".repeat(30)}file.txt`, "empty", "big.txt"]);
  });

  it.each<[string, Partial<ArchiveBounds>]>([
    ["compressed bytes", { compressedBytes: 100 }],
    ["bytes", { bytes: 2_000 }],
    ["entries", { entries: 3 }],
  ])("stops at its bound of %s", async (what, bounds) => {
    const failed = take(await archiveOf(FILES), bounds);
    await expect(failed).rejects.toThrow(GitHubError);
    await expect(failed).rejects.toThrow(what);
  });

  it("stops at what is compressed beyond belief", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    await expect(take(bomb, { ratio: 200 })).rejects.toThrow("a higher compression");
  });

  it.each<[string, (whole: Buffer) => Buffer]>([
    ["is cut short", (whole) => whole.subarray(0, whole.length / 2)],
    ["is no gzip", () => Buffer.from("<html>not what you wanted</html>")],
    ["is gzip of something else", () => gzipSync("not a tar at all".repeat(100))],
  ])("fails when the archive %s", async (_what, spoil) => {
    await expect(take(spoil(await archiveOf(FILES)))).rejects.toThrow();
  });

  it("fails with what the taker throws, and does not hang", async () => {
    const bytes = await archiveOf(FILES);
    const failing = untar(inPieces(bytes), WIDE, {
      wants: () => true,
      keep: async () => Promise.reject(new Error("the database is away")),
    });
    await expect(failing).rejects.toThrow("the database is away");
  });
});
