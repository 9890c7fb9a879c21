// As what each thing that a write rests on is judged: whose approvals, by which repository's rules, and whether a code must be typed.
import { describe, expect, it } from "vitest";
import { Delivery } from "../../src/delivery/delivery.ts";
import { Digest, InstallationId, IssueNumber, RepoId, Sha, ShipId } from "../../src/ids.ts";
import { headAs, patchSetAs, planAs, shipAs } from "../../src/write-gate/rests-on.ts";
import { type WriteTarget, whyNotWanted } from "../../src/write-gate/write-case.ts";

const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));
const subject = { version: 1, digest: Digest.parse("ab".repeat(32)), shown: null, approvals: [], approved: true };
const patchSet = { ...subject, id: 3, written: false };
const issue = { repoId: RepoId.parse(1), number: IssueNumber.parse(12) };
const delivery = Delivery.parse({
  id: 12,
  phase: "verify",
  runStatus: "pending",
  reason: null,
  holds: [],
  exitPhase: "verify",
  version: 9,
  attempt: 4,
  revisionsLeft: 5,
  fixesLeft: 2,
  restartsLeft: 20,
  plan: subject,
  targets: [{ repoId: 2, role: "primary", patchSet, written: null, strayHead: null, landed: "no" }],
  ship: null,
  retired: [],
});
const stored = delivery.targets[0]?.patchSet;
if (stored == null) throw new Error("a patch set");
const target: WriteTarget = {
  place: {
    repoId: RepoId.parse(2),
    installationId: InstallationId.parse(77),
    name: "acme/widgets",
    baseBranch: "main",
    baseSha: sha("b"),
  },
  patchSet: stored,
  heads: null,
  written: null,
  strayHead: null,
  countersigned: [],
};

describe("what was approved", () => {
  it("of a patch set is its own row, by the rules of its repository", () => {
    expect(patchSetAs(target)).toEqual({ kind: "patchset", row: 3, repoId: 2, subject: stored, quote: false });
    const quoted = { ...stored, quote: true } as const;
    expect(patchSetAs({ ...target, patchSet: quoted }).quote).toBe(true);
  });

  it("of a plan is known by its digest, by the rules of the issue's repository; a rollback has none", () => {
    expect(planAs({ delivery, issue })).toEqual({
      kind: "plan",
      row: null,
      repoId: 1,
      subject: delivery.plan,
      quote: false,
    });
    expect(planAs({ delivery: { ...delivery, plan: null }, issue })).toBeNull();
  });

  it("of a ship is its row, one for all its repositories", () => {
    const content = { baseBranch: "main", merges: [], deployments: [] };
    const ship = { id: ShipId.parse(6), digest: subject.digest, content, parts: [] } as never;
    const shown = { ...subject, shipped: false };
    expect(shipAs({ ship, subject: shown, issue })).toEqual({
      kind: "ship",
      row: 6,
      repoId: 1,
      subject: shown,
      quote: false,
    });
  });

  it("of a head is asked for where the patch set stands on it, or on what took in the base since, by its code", () => {
    const strayHead = { ...subject, head: sha("a") };
    const written = { head: sha("c"), tree: sha("7"), pullRequest: 50 } as never;
    const asked = { kind: "head", row: null, repoId: 2, subject: strayHead, quote: true };
    expect(headAs({ ...target, written, strayHead }, sha("a"))).toEqual(asked);
    expect(headAs({ ...target, written, strayHead }, sha("d"))).toEqual(asked);
    expect(headAs({ ...target, written: null, strayHead }, sha("d"))).toEqual(asked);
    expect(headAs({ ...target, written, strayHead }, sha("c"))).toBeNull();
    expect(headAs({ ...target, written }, sha("d"))).toBeNull();
  });
});

describe("whether a write is wanted", () => {
  it.each([
    ["gone", null, 4, "write"],
    ["canceled", { ...delivery, runStatus: "canceled", attempt: 5, holds: ["hold"] }, 4, "write"],
    ["other_attempt", { ...delivery, holds: ["hold"] }, 3, "write"],
    ["other_attempt", delivery, 5, "write"],
    ["held", { ...delivery, holds: ["suspended"] }, 4, "write"],
    ["other_work", delivery, 4, "ship"],
    ["other_work", { ...delivery, runStatus: "running" }, 4, "write"],
    [null, delivery, 4, "write"],
    [null, { ...delivery, phase: "observe", ship: { ...subject, shipped: false } }, 4, "ship"],
  ] as const)("is told as %s", (why, state, attempt, work) => {
    expect(whyNotWanted(state, attempt, work)).toBe(why);
  });
});
