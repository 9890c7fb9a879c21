// Why an approval is not put to the machine: its code is another delivery's, or what it means is not shown as we left it.
import { describe, expect, it } from "vitest";
import {
  type Elsewhere,
  type GateFacts,
  isForeign,
  NOTHING_FOUND,
  stillTouched,
  type TouchedGate,
  whyNotAsked,
} from "../../src/commands/gate-facts.ts";
import { codeOf } from "../../src/delivery/code.ts";
import { CommentId, type Digest, IssueNumber, type RepoId } from "../../src/ids.ts";
import {
  AT,
  DOCS,
  delivery,
  digest,
  HEAD,
  head,
  PLAN,
  patches,
  SHIP,
  SHOP,
  SHOP_PATCHES,
  SHOWN,
  subject,
  TILL,
  TILL_PATCHES,
  target,
} from "./spoken.ts";

const STRANGE = digest("e");
const found = (part: Partial<GateFacts>): GateFacts => ({ ...NOTHING_FOUND, ...part });
const touched = (repoId: RepoId | null, of: Digest, part: Partial<TouchedGate> = {}): TouchedGate => ({
  repoId,
  digest: of,
  shownIn: SHOWN,
  commentId: SHOWN,
  changedAt: AT,
  ...part,
});
const elsewhere = (of: Digest): Elsewhere => ({ code: codeOf(of), delivery: "D-44", issue: IssueNumber.parse(17) });
const any = { target: null, code: null };

describe("a code", () => {
  it.each([PLAN, SHOP_PATCHES, TILL_PATCHES, HEAD, SHIP])("of what the delivery has is its own: %s", (of) => {
    expect(isForeign(delivery(), codeOf(of))).toBe(false);
  });

  it("of what it had is its own", () => {
    const retired = [
      { digest: digest("d"), as: "replaced" },
      { digest: STRANGE, as: "rejected" },
    ] as const;
    expect(isForeign(delivery({ retired }), codeOf(STRANGE))).toBe(false);
    expect(isForeign(delivery({ retired: [retired[0]] }), codeOf(STRANGE))).toBe(true);
  });

  it("of something else is foreign", () => {
    expect(isForeign(delivery(), codeOf(STRANGE))).toBe(true);
    expect(isForeign(delivery(), "")).toBe(true);
  });
});

describe("a comment that somebody touched", () => {
  it("counts while it shows what is shown now, in the same comment", () => {
    const mine = touched(SHOP, SHOP_PATCHES);
    const other = touched(TILL, TILL_PATCHES, { commentId: CommentId.parse(901), changedAt: null });
    expect(stillTouched(delivery(), found({ touched: [mine, other] }))).toEqual([mine, other]);
  });

  it("counts no more where it was shown again, replaced, or is of another phase", () => {
    const before = touched(SHOP, SHOP_PATCHES, { shownIn: CommentId.parse(901) });
    const gates = [before, touched(SHOP, STRANGE), touched(null, PLAN), touched(SHOP, HEAD)];
    expect(stillTouched(delivery(), found({ touched: gates }))).toEqual([]);
  });

  it("counts no more where what it showed is to be shown anew", () => {
    const targets = [target(SHOP, { patchSet: patches(SHOP_PATCHES, { shown: null }) })];
    expect(stillTouched(delivery({ targets }), found({ touched: [touched(SHOP, SHOP_PATCHES)] }))).toEqual([]);
  });
});

describe("an approval", () => {
  it("is asked where nothing was found", () => {
    expect(whyNotAsked(any, delivery(), NOTHING_FOUND)).toBeNull();
    expect(whyNotAsked({ target: "all", code: codeOf(STRANGE) }, delivery(), NOTHING_FOUND)).toBeNull();
  });

  it("with the code of another delivery is told which that is", () => {
    const gate = found({ elsewhere: [elsewhere(PLAN), { ...elsewhere(STRANGE), delivery: "D-45" }] });
    expect(whyNotAsked({ target: null, code: codeOf(STRANGE) }, delivery(), gate)).toEqual({
      code: "other_code",
      given: codeOf(STRANGE),
      delivery: "D-45",
      issue: 17,
    });
  });

  it("with a code that is ours too, with another, or with none, is not sent away", () => {
    const ours = found({ elsewhere: [elsewhere(SHOP_PATCHES)] });
    expect(whyNotAsked({ target: null, code: codeOf(SHOP_PATCHES) }, delivery(), ours)).toBeNull();
    const other = found({ elsewhere: [elsewhere(STRANGE)] });
    expect(whyNotAsked({ target: null, code: codeOf(digest("f")) }, delivery(), other)).toBeNull();
    expect(whyNotAsked(any, delivery(), other)).toBeNull();
  });

  it.each<[what: string, target: RepoId | "all" | null, of: RepoId | null]>([
    ["whatever is open", null, SHOP],
    ["all", "all", SHOP],
    ["that repository", SHOP, SHOP],
    ["another repository", TILL, null],
    ["one that shows nothing", DOCS, null],
  ])("of %s meets a touched comment", (_what, at, of) => {
    const version = { version: 3 };
    const targets = [
      target(SHOP, { patchSet: patches(SHOP_PATCHES, version) }),
      target(TILL, { patchSet: patches(TILL_PATCHES) }),
      target(DOCS),
    ];
    const refusal = { code: "gate_changed", shownVersion: 3, shownCode: codeOf(SHOP_PATCHES), repoId: of };
    const gate = found({ touched: [touched(SHOP, SHOP_PATCHES)] });
    expect(whyNotAsked({ target: at, code: null }, delivery({ targets }), gate)).toEqual(of === null ? null : refusal);
  });

  it("of a plan names no repository", () => {
    const gate = found({ touched: [touched(null, PLAN)] });
    const at = delivery({ phase: "plan", plan: subject(PLAN, { version: 2 }) });
    expect(whyNotAsked(any, at, gate)).toEqual({
      code: "gate_changed",
      shownVersion: 2,
      shownCode: codeOf(PLAN),
      repoId: null,
    });
  });

  it("minds the comment of this showing alone", () => {
    const earlier = touched(SHOP, SHOP_PATCHES, { shownIn: CommentId.parse(901) });
    expect(whyNotAsked(any, delivery(), found({ touched: [earlier] }))).toBeNull();
    expect(whyNotAsked(any, delivery(), found({ touched: [touched(SHOP, TILL_PATCHES)] }))).toMatchObject({
      repoId: TILL,
    });
    expect(whyNotAsked(any, delivery(), found({ touched: [touched(SHOP, STRANGE)] }))).toBeNull();
  });

  it("does not mind what is written or countersigned already", () => {
    const written = [target(SHOP, { patchSet: patches(SHOP_PATCHES, { written: true }) })];
    const gate = found({ touched: [touched(SHOP, SHOP_PATCHES)], unsettled: [SHOP_PATCHES] });
    expect(whyNotAsked(any, delivery({ targets: written }), gate)).toBeNull();
    const signed = [target(SHOP, { strayHead: head(HEAD, { approved: true }) })];
    const heads = found({ touched: [touched(SHOP, HEAD)], unsettled: [HEAD] });
    expect(whyNotAsked(any, delivery({ phase: "verify", targets: signed }), heads)).toBeNull();
    const open = [target(SHOP, { strayHead: head(HEAD) })];
    expect(whyNotAsked(any, delivery({ phase: "verify", targets: open }), heads)).toMatchObject({
      code: "gate_changed",
    });
  });

  it.each<[target: RepoId | "all" | null, waits: boolean]>([
    [null, true],
    ["all", true],
    [TILL, true],
    [SHOP, false],
  ])("of %s waits while we edit what it means: %s", (at, waits) => {
    const gate = found({ unsettled: [STRANGE, TILL_PATCHES] });
    const expected = waits ? { code: "still_publishing" } : null;
    expect(whyNotAsked({ target: at, code: null }, delivery(), gate)).toEqual(expected);
  });

  it("hears of a foreign code first, of a touched comment next, of our own edit last", () => {
    const gate = found({
      touched: [touched(SHOP, SHOP_PATCHES)],
      unsettled: [SHOP_PATCHES],
      elsewhere: [elsewhere(STRANGE)],
    });
    expect(whyNotAsked({ target: null, code: codeOf(STRANGE) }, delivery(), gate)?.code).toBe("other_code");
    expect(whyNotAsked(any, delivery(), gate)?.code).toBe("gate_changed");
    expect(whyNotAsked(any, delivery(), { ...gate, touched: [] })?.code).toBe("still_publishing");
    // What is edited by us is not waited for where nothing open is meant.
    expect(whyNotAsked({ target: DOCS, code: null }, delivery(), gate)).toBeNull();
  });
});
