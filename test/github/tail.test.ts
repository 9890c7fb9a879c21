// The two ends of a stream, whatever pieces it comes in; and where nobody goes for a log.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logAddress } from "../../src/github/log-address.ts";
import { endsOf } from "../../src/github/tail.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("endsOf", () => {
  it("is the beginning and the end, with nothing twice", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(60),
        fc.nat(60),
        async (bytes, size, headBytes, tailBytes) => {
          const { head, tail, leftOut } = await endsOf(pieces(bytes, size), { headBytes, tailBytes, mostBytes: 1_000 });
          expect([...head]).toEqual([...bytes.subarray(0, headBytes)]);
          const rest = bytes.subarray(head.length);
          expect([...tail]).toEqual(tailBytes === 0 ? [] : [...rest.subarray(-tailBytes)]);
          expect(leftOut).toBe(bytes.length - head.length - tail.length);
        },
      ),
    ));

  it("does not wait for the end of what has none", async () => {
    const bounds = { headBytes: 2, tailBytes: 2, mostBytes: 10 };
    const { head, leftOut } = await endsOf(pieces(new Uint8Array(1_000), 4), bounds);
    expect([head.length, leftOut]).toEqual([2, null]);
  });
});

describe("logAddress", () => {
  const GITHUB = "https://api.github.com";
  it.each([
    "https://productionresultssa1.blob.core.windows.net/actions-results/x?sig=1",
    "https://pipelines.actions.githubusercontent.com/x",
    "https://github.com/x",
  ])("goes to %s", (location) => expect(logAddress(GITHUB, location)?.href).toBe(location));

  it.each([
    "https://evil.example/x",
    "http://a.blob.core.windows.net/x",
    "https://a.blob.core.windows.net:8443/x",
    "https://u:p@a.blob.core.windows.net/x",
    "https://blob.core.windows.net.evil.example/x",
    undefined,
  ])("does not go to %s", (location) => expect(logAddress(GITHUB, location)).toBeNull());
});
