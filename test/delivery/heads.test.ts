// Heads that people pushed: what was countersigned stays approved, two people are two people, and a pull request outlives its delivery.
import { describe, expect, it } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { MachineEvent, Recorded } from "../../src/delivery/event.ts";
import { headDigest } from "../../src/delivery/head-digest.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import type { Step } from "../../src/delivery/step.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CommandId, CommentId, Sha, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { go, nameOf, newborn, SHOP } from "./reach.ts";

const AT = instant("2026-11-21T10:00:00Z");
const toWatch = ["triaged, GO", "plan_made", "gate_published, plan", "/approve", "patches_made"];
const watching = go(newborn({ exitPhase: "verify" }), ...toWatch, "gate_published, review", "/approve", "written");
const over = go(watching, "checks_green", "close_published");
const canceled = go(watching, "/cancel");

const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));
const [A, B] = [sha("a"), sha("b")];
const person = (id: number) => ({ kind: "human", id: UserId.parse(id), login: `person-${id}` }) as const;

const tell = (d: Delivery, event: MachineEvent, actor: Recorded["actor"] = { kind: "system", id: "test" }): Step =>
  transition(d, { event, actor, at: AT });
const told = (d: Delivery, event: MachineEvent): Delivery => {
  const step = tell(d, event);
  if (step.kind !== "moved") throw new Error(`${event.type} does not move it: ${step.kind}`);
  return step.next;
};
const found = (d: Delivery, head: Sha, by: number[] = []): Delivery =>
  told(d, { type: "head_unapproved", repoId: SHOP, head, by: by.map((id) => UserId.parse(id)) });
const pushed = (d: Delivery, head: Sha, by: number[] = []): Delivery =>
  told(d, { type: "head_unapproved", repoId: SHOP, head, by: by.map((id) => UserId.parse(id)), pushed: true });
const restored = (d: Delivery, head: Sha): Delivery => told(d, { type: "head_restored", repoId: SHOP, head });

let comments = 1_000;
const approving = (d: Delivery, head: Sha, who: number, notAlone: number[] = []): Step => {
  const commentId = CommentId.parse(++comments);
  const needs = { ...ONLY_A_NUMBER, notAlone: notAlone.map((id) => UserId.parse(id)) };
  const code = codeOf(headDigest(SHOP, head));
  const ask = { name: "approve", target: null, code, quorum: 1, codeRequired: false, needs } as const;
  const origin = { kind: "comment", commentId, writtenAt: AT } as const;
  return tell(d, { type: "command", commandId: CommandId.parse(comments), ask, origin }, person(who));
};
const approved = (d: Delivery, head: Sha, who = 5): Delivery => {
  const step = approving(d, head, who);
  if (step.kind !== "moved") throw new Error(JSON.stringify(step));
  return step.next;
};
const target = (d: Delivery) => d.targets[0];

describe("a head that was countersigned", () => {
  it("stays approved when another takes its place, and its approval is not voided", () => {
    const first = approved(pushed(watching, A), A);
    const step = tell(first, { type: "head_unapproved", repoId: SHOP, head: B });
    expect(step.kind === "moved" && target(step.next)?.countersigned).toEqual([A]);
    expect(step.effects.map(({ kind }) => kind)).not.toContain("void_approvals");
    const back = restored(step.kind === "moved" ? step.next : first, A);
    expect(target(back)?.countersigned).toEqual([A]);
    expect(nameOf(back)).toBe("verify/running");
  });

  it("is no stranger to itself, nor to a head that brings it and nothing else", () => {
    const signed = approved(pushed(watching, A), A);
    const by = headDigest(SHOP, A);
    expect(tell(signed, { type: "head_restored", repoId: SHOP, head: A, by }).kind).toBe("stale");
    expect(tell(signed, { type: "head_restored", repoId: SHOP, head: B, by }).kind).toBe("stale");
    expect(target(restored(signed, B))?.strayHead).toBeNull();
  });

  it("is asked for again where its approvals count no more when a fix is to be written onto it", () => {
    const signed = approved(pushed(watching, A), A);
    const fix = go(signed, "fix_proposed", "patches_made", "gate_published, review", "/approve");
    expect(nameOf(fix)).toBe("verify/pending");
    const step = tell(fix, { type: "approval_void", attempt: fix.attempt, repoId: SHOP, of: "head", note: "left" });
    if (step.kind !== "moved") throw new Error(step.kind);
    expect(nameOf(step.next)).toBe("verify/blocked(unapproved_head)");
    expect(step.effects).toContainEqual(expect.objectContaining({ kind: "void_approvals", why: "left" }));
    expect(target(step.next)).toMatchObject({ patchSet: { approved: true }, strayHead: { approved: false } });
    const signedAgain = approved(step.next, A, 6);
    expect(nameOf(signedAgain)).toBe("verify/pending");
    expect(target(signedAgain)?.strayHead?.approvals).toEqual([6]);
  });

  it("is not remembered where nobody approved it", () => {
    expect(target(restored(pushed(watching, A), B))?.countersigned).toBeUndefined();
  });

  it("can be countersigned when it comes back after it was taken out: its code is no old one", () => {
    const again = pushed(restored(pushed(watching, A), B), A);
    expect(approving(again, A, 5).kind).toBe("moved");
  });
});

describe("where two people are asked for", () => {
  it("whoever made or pushed the commit is not the second", () => {
    const d = pushed(watching, A, [5, 6]);
    for (const who of [5, 6, 1]) {
      const step = approving(d, A, who, [1]);
      expect(step.kind === "moved" && target(step.next)?.strayHead?.approved).toBe(false);
    }
    const step = approving(d, A, 7, [1]);
    expect(step.kind === "moved" && target(step.next)?.strayHead?.approved).toBe(true);
  });

  it("they count beside somebody else", () => {
    const first = approving(pushed(watching, A, [5]), A, 5, [1]);
    const both = first.kind === "moved" ? approving(first.next, A, 7, [1]) : first;
    expect(both.kind === "moved" && target(both.next)?.strayHead?.approvals).toEqual([5, 7]);
    expect(both.kind === "moved" && nameOf(both.next)).toBe("verify/running");
  });

  it("whoever pushed may be learned later than what was pushed", () => {
    const later = pushed(pushed(watching, A, [5]), A, [6]);
    expect(target(later)?.strayHead?.madeBy).toEqual([5, 6]);
    expect(tell(later, { type: "head_unapproved", repoId: SHOP, head: A, by: [UserId.parse(6)] }).kind).toBe("stale");
  });

  it("whoever pushed what nobody has countersigned yet stands behind the next head too", () => {
    const onTop = pushed(pushed(watching, A, [5]), B, [6]);
    expect(target(onTop)?.strayHead?.madeBy).toEqual([5, 6]);
    const alone = approving(onTop, B, 5, [1]);
    expect(alone.kind === "moved" && nameOf(alone.next)).toBe("verify/blocked(unapproved_head)");
  });

  it("whoever pushed what was countersigned since does not", () => {
    const onTop = pushed(approved(pushed(watching, A, [5]), A, 7), B, [6]);
    expect(target(onTop)?.strayHead?.madeBy).toEqual([6]);
  });

  const isApproved = (step: Step) => step.kind === "moved" && target(step.next)?.strayHead?.approved;
  const nextOf = (step: Step): Delivery => {
    if (step.kind !== "moved") throw new Error(JSON.stringify(step));
    return step.next;
  };

  it("whoever pushed unseen may be any of them: it takes two beside the requester", () => {
    const d = found(watching, A, [5]);
    const one = approving(d, A, 7, [1]);
    expect(isApproved(one)).toBe(false);
    expect(isApproved(approving(nextOf(one), A, 1, [1]))).toBe(false);
    expect(isApproved(approving(nextOf(one), A, 5, [1]))).toBe(false);
    expect(isApproved(approving(nextOf(one), A, 8, [1]))).toBe(true);
  });

  it("a webhook that comes late names the pusher: then one beside them is enough, and may say so again", () => {
    const one = nextOf(approving(found(watching, A), A, 7, [1]));
    const named = pushed(one, A, [5]);
    expect(target(named)?.strayHead).toMatchObject({ madeBy: [5], pushedUnseen: [], approved: false });
    expect(isApproved(approving(named, A, 7, [1]))).toBe(true);
    expect(isApproved(approving(pushed(one, A, [7]), A, 8, [1]))).toBe(true);
    expect(approving(pushed(one, A, [7]), A, 7, [1])).toMatchObject({ refusal: { code: "already_approved" } });
  });

  it("what one pushed unseen stays so under what another pushed", () => {
    const onTop = pushed(found(watching, A), B, [6]);
    expect(target(onTop)?.strayHead?.pushedUnseen).toEqual([A]);
    expect(isApproved(approving(onTop, B, 7, [1]))).toBe(false);
    const twice = found(found(watching, A), B);
    const two = nextOf(approving(nextOf(approving(twice, B, 7, [1])), B, 8, [1]));
    expect(target(two)?.strayHead?.approved).toBe(false);
    expect(isApproved(approving(two, B, 9, [1]))).toBe(true);
  });

  it("a pusher who is named after the countersignature is remembered for the write that goes onto it", () => {
    const signed = approved(found(watching, A), A, 7);
    expect(target(pushed(signed, A, [7]))?.strayHead).toMatchObject({ madeBy: [7], approved: true });
  });

  it("one is enough where they are not", () => {
    expect(nameOf(approved(pushed(watching, A, [5]), A, 5))).toBe("verify/running");
  });
});

describe("after the end", () => {
  it("a head is put up, countersigned and restored, and the end stays the end", () => {
    const stray = pushed(over, A);
    expect([nameOf(stray), target(stray)?.strayHead?.approved]).toEqual(["close/succeeded", false]);
    const signed = approved(stray, A);
    expect([nameOf(signed), target(signed)?.strayHead?.approved]).toEqual(["close/succeeded", true]);
    expect(nameOf(restored(pushed(signed, B), A))).toBe("close/succeeded");
    expect(approving(over, A, 5)).toMatchObject({ kind: "refused", refusal: { code: "over" } });
    expect(approving(signed, A, 6)).toMatchObject({ kind: "refused", refusal: { code: "over" } });
  });

  it("nothing of a canceled delivery can be countersigned", () => {
    expect(tell(canceled, { type: "head_unapproved", repoId: SHOP, head: A }).kind).toBe("stale");
    const stray = { ...go(watching, "head_unapproved", "/cancel") };
    const head = target(stray)?.strayHead?.head ?? A;
    expect(approving(stray, head, 5)).toMatchObject({ kind: "refused", refusal: { code: "over" } });
  });

  it("nothing is put up of what was merged", () => {
    const merged = go(over, "pull_merged");
    expect(tell(merged, { type: "head_unapproved", repoId: SHOP, head: A }).kind).toBe("stale");
  });
});

it("our own commit is no exception: a base that was rewritten can make it another thing", () => {
  const written = target(watching)?.written?.head ?? A;
  const stray = pushed(watching, written);
  expect(nameOf(stray)).toBe("verify/blocked(unapproved_head)");
  expect(nameOf(restored(stray, written))).toBe("verify/running");
});
