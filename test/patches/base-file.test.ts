import { expect, it } from "vitest";
import { baseFile } from "../../src/patches/base-file.ts";
import { blobSha } from "../../src/patches/git-objects.ts";

const read = (mode: string, bytes: Uint8Array) => baseFile(mode, blobSha(bytes), bytes);

it("reads text as it is, byte order mark and line ends included", () => {
  const bytes = Buffer.from("\ufeffa\r\nä\n", "utf8");
  expect(read("100755", bytes)).toEqual({ kind: "text", text: "\ufeffa\r\nä\n", blob: blobSha(bytes), mode: "100755" });
});

it.each([
  ["120000", Buffer.from("target"), "symlink"],
  ["160000", Buffer.from(""), "submodule"],
  ["100664", Buffer.from("a"), "odd_mode"],
  ["100644", Buffer.from("a\0b"), "binary"],
  ["100644", Buffer.from([0x61, 0xff, 0x62]), "not_utf8"],
  ["100644", Buffer.from([0xed, 0xa0, 0x80]), "not_utf8"],
])("leaves %s %s alone", (mode, bytes, why) => {
  expect(read(mode, bytes)).toEqual({ kind: "unusable", why });
});

it("throws when the bytes are another blob", () => {
  expect(() => baseFile("100644", blobSha("a"), Buffer.from("b"))).toThrow(/not that blob/);
});
