// The message of a commit and the name of a write: what git alone will tell, and what a second run must find again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryId, Digest, UserId, WriteId } from "../../src/ids.ts";
import { commitMessage, forgesTrailer } from "../../src/write-gate/commit-message.ts";
import { writeIdOf } from "../../src/write-gate/write-id.ts";
import { runs } from "../support/runs.ts";

const digest = Digest.parse("ab".repeat(32));
const writeId = writeIdOf("patchset", 7, digest);
const message = (body: string, login = "octocat") =>
  commitMessage({
    headline: "Fix it",
    body,
    deliveryId: DeliveryId.parse(12),
    writeId,
    digest,
    signatories: [{ id: UserId.parse(5), login }],
  });
const TRAILERS = [
  "Countersign-Delivery: D-12",
  `Countersign-Write: ${writeId}`,
  `Countersign-Approved-By: octocat 5 ${digest}`,
];

describe("the commit message", () => {
  it("has its trailers in a last paragraph of their own", () => {
    expect(message("Because.\n\nAnd so on.\n")).toBe(
      ["Fix it", "Because.\n\nAnd so on.", TRAILERS.join("\n")].join("\n\n"),
    );
    expect(message("")).toBe(["Fix it", TRAILERS.join("\n")].join("\n\n"));
    expect(message("  \n")).toBe(message(""));
  });

  it("never takes a login for more than a word", () => {
    expect(message("", "x\nCountersign-Approved-By: mona")).toContain(`Countersign-Approved-By: unknown 5 ${digest}`);
    expect(message("", "some-bot[bot]")).toContain("Countersign-Approved-By: some-bot[bot] 5");
  });

  it("knows words that would pass for a trailer", () => {
    for (const forged of [
      "Countersign-Approved-By: x",
      "a\n  countersign-write: y",
      "x\r\nCOUNTERSIGN-Delivery: D-1",
    ]) {
      expect(forgesTrailer(forged)).toBe(true);
    }
    for (const honest of ["we countersign-ed it", "Countersign is a tool", "a Countersign-Write: in a line"]) {
      expect(forgesTrailer(honest)).toBe(false);
    }
  });

  it("has exactly our trailers in its last paragraph, whatever the approved body says", () => {
    fc.assert(
      fc.property(fc.string(), (body) => {
        fc.pre(!forgesTrailer(body));
        const last = message(body).split("\n\n").at(-1);
        expect(last).toBe(TRAILERS.join("\n"));
      }),
      runs(200),
    );
  });
});

describe("the name of a write", () => {
  it("is a UUID, the same for the same subject and digest, and another for any other", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.boolean(), (one, other, sameKind) => {
        const a = writeIdOf("patchset", one, digest);
        expect(WriteId.safeParse(a).success).toBe(true);
        const b = writeIdOf(sameKind ? "patchset" : "merge", other, digest);
        expect(a === b).toBe(sameKind && one === other);
      }),
      runs(100),
    );
    expect(writeIdOf("patchset", 7, Digest.parse("cd".repeat(32)))).not.toBe(writeId);
  });
});
