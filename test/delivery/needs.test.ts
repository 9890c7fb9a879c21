// What a gate needs beside a number: others than the requester, owners of the paths, and people who may still approve.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery, GateSubject } from "../../src/delivery/delivery.ts";
import type { Actor, AskOf } from "../../src/delivery/event.ts";
import { isEnough, type Needs, ONLY_A_NUMBER, voicesOf, withApproval, withoutLost } from "../../src/delivery/needs.ts";
import type { Step } from "../../src/delivery/step.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CommandId, CommentId, Digest, PatchSetId, type RepoId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { runs } from "../support/runs.ts";
import { DOCS, go, nameOf, newborn, ofTwo, SHOP, step } from "./reach.ts";

const MONA = UserId.parse(7);
const OCTOCAT = UserId.parse(8);
const LISA = UserId.parse(9);
const AT = instant("9999-12-31T23:59:59Z");

const by = (id: UserId): Actor => ({ kind: "human", id, login: `person-${id}` });
const needs = (part: Partial<Needs> = {}): Needs => ({ ...ONLY_A_NUMBER, ...part });

const approve = (d: Delivery, person: UserId, part: Partial<AskOf<"approve">> = {}): Step => {
  const ask = {
    name: "approve",
    target: null,
    code: null,
    quorum: 1,
    codeRequired: false,
    needs: needs(),
    ...part,
  } as const;
  const origin = { kind: "comment", commentId: CommentId.parse(1_000_000), writtenAt: AT } as const;
  return transition(d, {
    event: { type: "command", commandId: CommandId.parse(3), ask, origin },
    actor: by(person),
    at: AT,
  });
};
const moved = (done: Step): Delivery => {
  if (done.kind !== "moved") throw new Error(`not moved: ${JSON.stringify(done)}`);
  return done.next;
};
const refused = (done: Step) => {
  if (done.kind !== "refused") throw new Error(`not refused: ${done.kind}`);
  return done.refusal;
};

const planOpen = go(newborn(), "triaged, GO", "plan_made", "gate_published, plan");
const reviewOpen = go(planOpen, "/approve", "patches_made", "gate_published, review");
const twoOpen = go(
  ofTwo(),
  ...["triaged, GO", "plan_made", "gate_published, plan", "/approve", "patches_made", "gate_published, review"],
);

const patchSetOf = (d: Delivery, repoId: RepoId = SHOP) => {
  const found = d.targets.find((target) => target.repoId === repoId)?.patchSet;
  if (found == null) throw new Error("there is a patch set");
  return found;
};
const digestOf = (d: Delivery, repoId: RepoId = SHOP): Digest => patchSetOf(d, repoId).digest;

type Owned = NonNullable<Needs["owners"]>[number]["paths"][number];
const owned = (path: string, ...people: UserId[]): Owned => ({
  path,
  count: 1,
  named: ["@someone"],
  unknown: [],
  people,
});
const owners = (d: Delivery, ...paths: Owned[]): Needs["owners"] => [{ digest: digestOf(d), paths }];

describe("the requester, where they may not be alone", () => {
  const alone = needs({ notAlone: [OCTOCAT] });

  it.each([
    ["a plan", planOpen, "implement/pending"],
    ["a patch set", reviewOpen, "verify/pending"],
  ])("counts, and opens nothing by themselves: %s", (_what, open, after) => {
    const one = moved(approve(open, OCTOCAT, { needs: alone }));
    expect(nameOf(one)).toBe(nameOf(open));
    expect(refused(approve(one, OCTOCAT, { needs: alone })).code).toBe("already_approved");
    expect(nameOf(moved(approve(one, MONA, { needs: alone })))).toBe(after);
  });

  it("are one of two where two are needed", () => {
    const one = moved(approve(planOpen, OCTOCAT, { quorum: 2, needs: alone }));
    expect(nameOf(moved(approve(one, MONA, { quorum: 2, needs: alone })))).toBe("implement/pending");
  });

  it("anybody else alone is enough", () => {
    expect(nameOf(moved(approve(planOpen, MONA, { needs: alone })))).toBe("implement/pending");
  });
});

describe("whoever made a commit that nobody proposed, where nobody may be alone", () => {
  const stray = (...makers: UserId[]): Delivery => {
    const d = go(reviewOpen, "/approve", "written", "head_unapproved");
    const targets = d.targets.map((target) => ({
      ...target,
      strayHead: target.strayHead === null ? null : { ...target.strayHead, madeBy: makers, pushedUnseen: [] },
    }));
    return { ...d, targets };
  };
  const quoting = (d: Delivery, part: Partial<AskOf<"approve">> = {}) => {
    const digest = d.targets[0]?.strayHead?.digest;
    if (digest === undefined) throw new Error("a commit is on the head");
    return { code: codeOf(digest), ...part };
  };

  it("is not enough, as little as the requester; a third person is", () => {
    const alone = needs({ notAlone: [OCTOCAT] });
    const d = stray(MONA);
    const one = moved(approve(d, MONA, quoting(d, { needs: alone })));
    expect(nameOf(one)).toBe("verify/blocked(unapproved_head)");
    expect(nameOf(moved(approve(one, OCTOCAT, quoting(d, { needs: alone }))))).toBe("verify/blocked(unapproved_head)");
    expect(nameOf(moved(approve(one, LISA, quoting(d, { needs: alone }))))).toBe("verify/running");
  });

  it("is enough where anybody may be alone", () => {
    const d = stray(MONA);
    expect(nameOf(moved(approve(d, MONA, quoting(d))))).toBe("verify/running");
  });
});

describe("owners", () => {
  it("are needed beside the number, one of each group of paths", () => {
    const asked = { needs: needs({ owners: owners(reviewOpen, owned("a", LISA), owned("b", MONA, LISA)) }) };
    const one = moved(approve(reviewOpen, MONA, asked));
    expect(nameOf(one)).toBe("review/succeeded");
    expect(patchSetOf(one)).toMatchObject({
      approved: false,
      approvals: [MONA],
      owners: {
        paths: [
          { path: "a", approvedBy: [] },
          { path: "b", approvedBy: [MONA] },
        ],
        pathsOnly: [],
      },
    });
    expect(nameOf(moved(approve(one, LISA, asked)))).toBe("verify/pending");
  });

  it("who are no approvers count for their paths, and not for the number", () => {
    const asOwner = needs({ voice: "owner", owners: owners(reviewOpen, owned("a", LISA)) });
    const one = moved(approve(reviewOpen, LISA, { needs: asOwner }));
    expect(nameOf(one)).toBe("review/succeeded");
    expect(patchSetOf(one)).toMatchObject({ approvals: [LISA], owners: { pathsOnly: [LISA] } });
    expect(refused(approve(one, LISA, { needs: asOwner })).code).toBe("already_approved");
    const full = needs({ owners: asOwner.owners });
    expect(nameOf(moved(approve(one, MONA, { needs: full })))).toBe("verify/pending");
    // An approver by now: the same person says more than before.
    expect(nameOf(moved(approve(one, LISA, { needs: full })))).toBe("verify/pending");
  });

  it("speak for nothing that they do not own", () => {
    const asOwner = needs({ voice: "owner", owners: owners(reviewOpen, owned("a", LISA)) });
    expect(refused(approve(reviewOpen, OCTOCAT, { needs: asOwner }))).toEqual({
      code: "owns_nothing_here",
      repoId: SHOP,
    });
    expect(refused(approve(planOpen, LISA, { needs: needs({ voice: "owner", owners: [] }) }))).toEqual({
      code: "owns_nothing_here",
      repoId: null,
    });
  });

  it("of one repository approve of `all` what is theirs", () => {
    const mine = needs({
      voice: "owner",
      owners: [
        { digest: digestOf(twoOpen), paths: [owned("a", LISA)] },
        { digest: digestOf(twoOpen, DOCS), paths: [owned("b", MONA)] },
      ],
    });
    const one = moved(approve(twoOpen, LISA, { target: "all", needs: mine }));
    expect(patchSetOf(one).approvals).toEqual([LISA]);
    expect(patchSetOf(one, DOCS).approvals).toEqual([]);
    expect(refused(approve(twoOpen, OCTOCAT, { target: "all", needs: mine })).code).toBe("owns_nothing_here");
  });

  it("that nobody can be keep the gate shut, and it can be left", () => {
    const hopeless = { needs: needs({ owners: owners(reviewOpen, owned("a")) }) };
    const one = moved(approve(reviewOpen, MONA, hopeless));
    expect(nameOf(one)).toBe("review/succeeded");
    expect(nameOf(go(one, "/revise"))).toBe("implement/pending");
  });

  it("are those of today with every approval", () => {
    const before = { needs: needs({ owners: owners(reviewOpen, owned("a", LISA)) }) };
    const one = moved(approve(reviewOpen, MONA, { quorum: 2, ...before }));
    const after = { needs: needs({ owners: owners(reviewOpen, owned("a", MONA)) }) };
    expect(nameOf(moved(approve(one, OCTOCAT, { quorum: 2, ...after })))).toBe("verify/pending");
  });

  it("that were not read for this version refuse: it was made after the words", () => {
    const other = needs({ owners: [{ digest: Digest.parse("f".repeat(64)), paths: [] }] });
    expect(refused(approve(reviewOpen, MONA, { needs: other })).code).toBe("stale");
    expect(refused(approve(reviewOpen, MONA, { needs: needs({ owners: [] }) })).code).toBe("stale");
  });

  it("are shown as missing from the beginning", () => {
    const implement = go(planOpen, "/approve");
    const { attempt } = implement;
    const digest = Digest.parse("a".repeat(64));
    const paths = { path: "a", count: 2, named: ["@lisa"], unknown: [] };
    const made = transition(implement, {
      event: {
        type: "patches_made",
        attempt,
        patchSets: [{ repoId: SHOP, id: PatchSetId.parse(1), version: 1, digest, owned: [paths] }],
      },
      actor: { kind: "system", id: "agent" },
      at: AT,
    });
    expect(patchSetOf(moved(made)).owners).toEqual({ paths: [{ ...paths, approvedBy: [] }], pathsOnly: [] });
  });
});

describe("somebody who may not approve any more", () => {
  const lost = (digest: Digest, ...people: UserId[]) => needs({ lost: people.map((person) => ({ digest, person })) });

  it("is taken out when the next one approves", () => {
    const one = moved(approve(reviewOpen, LISA, { quorum: 2 }));
    const done = approve(one, MONA, { quorum: 2, needs: lost(digestOf(one), LISA) });
    const next = moved(done);
    expect(nameOf(next)).toBe("review/succeeded");
    expect(patchSetOf(next)).toMatchObject({ approvals: [MONA], approved: false });
    expect(done.effects.filter(({ kind }) => kind === "void_approvals")).toMatchObject([
      { subjects: [{ kind: "patchset", digest: digestOf(one) }], people: [LISA], why: expect.any(String) },
    ]);
    // Back again, they approve again.
    expect(nameOf(moved(approve(next, LISA, { quorum: 2 })))).toBe("verify/pending");
  });

  it("opens the gate of another repository again that they had opened", () => {
    const one = moved(approve(twoOpen, LISA, { target: SHOP }));
    expect(patchSetOf(one).approved).toBe(true);
    const next = moved(approve(one, MONA, { target: DOCS, needs: lost(digestOf(one), LISA) }));
    expect(nameOf(next)).toBe("review/succeeded");
    expect(patchSetOf(next)).toMatchObject({ approved: false, approvals: [] });
    expect(patchSetOf(next, DOCS).approved).toBe(true);
  });

  it("is no owner any more either", () => {
    const asked = { needs: needs({ owners: owners(reviewOpen, owned("a", LISA)) }) };
    const one = moved(approve(reviewOpen, LISA, { quorum: 2, ...asked }));
    const gone = { ...lost(digestOf(one), LISA), owners: owners(reviewOpen, owned("a", LISA)) };
    const next = moved(approve(one, MONA, { quorum: 1, needs: gone }));
    expect(nameOf(next)).toBe("review/succeeded");
    expect(patchSetOf(next).owners).toMatchObject({ paths: [{ approvedBy: [] }] });
  });

  it("leaves everything as it is where the next one is refused", () => {
    const one = moved(approve(reviewOpen, LISA, { quorum: 2 }));
    expect(approve(one, MONA, { quorum: 2, code: "zzzz", needs: lost(digestOf(one), LISA) })).toMatchObject({
      kind: "refused",
      effects: [{ kind: "answer" }],
    });
  });
});

describe("a gate that is shown again", () => {
  it("has nobody's approval, of no paths either", () => {
    const asked = { quorum: 2, needs: needs({ owners: owners(reviewOpen, owned("a", MONA)) }) };
    const again = moved(step(moved(approve(reviewOpen, MONA, asked)), "gate_tampered"));
    expect(patchSetOf(again)).toMatchObject({ approvals: [], owners: { paths: [{ approvedBy: [] }], pathsOnly: [] } });
  });
});

describe("in general", () => {
  const person = fc.integer({ min: 1, max: 5 }).map((id) => UserId.parse(id));
  const people = fc.uniqueArray(person, { maxLength: 5 });
  const group = people.map((of) => owned("p", ...of));
  const digest = Digest.parse("d".repeat(64));
  const said = fc.record({ person, voice: fc.constantFrom<Needs["voice"]>("approver", "owner"), gone: people });

  it("enough is: the quorum of approvers, one of them somebody else, and one owner of each group", () => {
    fc.assert(
      fc.property(
        fc.array(said, { maxLength: 8 }),
        fc.array(group, { maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        people,
        (story, paths, quorum, notAlone) => {
          let subject: Pick<GateSubject, "digest" | "approvals" | "owners"> = { digest, approvals: [] };
          const voices = new Map<UserId, Needs["voice"]>();
          for (const { person: who, voice, gone } of story) {
            const lostNow = gone.filter((each) => each !== who).map((each) => ({ digest, person: each }));
            const today: Needs = { voice, notAlone, lost: lostNow, owners: [{ digest, paths }] };
            subject = withApproval(withoutLost(subject, today), who, today);
            for (const each of lostNow) voices.delete(each.person);
            voices.set(who, voice);
          }
          const approvers = [...voices].filter(([, voice]) => voice === "approver").map(([id]) => id);
          expect([...voicesOf(subject)].sort()).toEqual(approvers.sort());
          expect([...subject.approvals].sort()).toEqual([...voices.keys()].sort());
          const expected =
            approvers.length >= quorum &&
            approvers.some((id) => !notAlone.includes(id)) &&
            (story.length === 0 || paths.every((each) => each.people.some((id) => voices.has(id))));
          expect(isEnough(subject, quorum, notAlone)).toBe(expected);
        },
      ),
      runs(300),
    );
  });
});
