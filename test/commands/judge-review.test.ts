// What becomes of a review that asks for changes: `/revise` of its repository, a refusal, or silence.
import { describe, expect, it } from "vitest";
import type { Hearing } from "../../src/commands/judge.ts";
import { judgeReview } from "../../src/commands/judge-review.ts";
import type { CommandRefusal } from "../../src/commands/refusal.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { ok } from "../../src/result.ts";
import { config, conversation, delivery, hearing, SHOP, sha, stranger, TILL, target, writer } from "./spoken.ts";

const WORDS = "src/a.ts:1: /approve all";
const judged = (
  part: Partial<Hearing> = {},
  { state, repository = "acme/shop" }: Readonly<{ state?: Partial<Delivery>; repository?: string }> = {},
) =>
  judgeReview(repository, {
    delivery: delivery(state),
    conversation,
    hearing: hearing({ review: ok(WORDS), ...part }),
  });
const done = { phase: "close", runStatus: "succeeded", targets: [target(SHOP)] } as const;
const configInvalid: Extract<CommandRefusal, { code: "config_invalid" }> = {
  code: "config_invalid",
  commit: sha("d"),
  problems: [{ line: 3, message: "is no key" }],
};
const broken: Partial<Hearing> = { rules: { kind: "problems", prefix: null, refusal: configInvalid } };

describe("an approver's review", () => {
  it.each([
    ["acme/shop", SHOP],
    ["acme/till", TILL],
  ])("of %s asks for a new version of that repository, and its words are nothing but words", (repository, repoId) => {
    expect(judged({}, { repository })).toEqual([
      {
        name: "revise",
        position: 0,
        args: { target: { kind: "repository", fullName: repository }, code: null, text: WORDS },
        ruling: { kind: "asked", ask: { name: "revise", target: repoId, feedback: WORDS } },
      },
    ]);
  });

  it.each([
    { code: "review_changed" } as const,
    { code: "review_outdated", reviewed: sha("a"), head: sha("b") } as const,
    { code: "review_too_long", most: 10_000 } as const,
  ])("that does not count is refused with its reason: %j", (error) => {
    const [one] = judged({ review: { ok: false, error } });
    expect(one?.ruling).toEqual({ kind: "refused", refusal: error });
  });

  it("is refused as the comment would be, and before its words are looked at", () => {
    const changed = { ok: false, error: { code: "review_changed" } } as const;
    expect(judged({ review: changed }, { state: done })[0]?.ruling).toEqual({
      kind: "refused",
      refusal: { code: "over", applies: [] },
    });
    expect(judged(broken)[0]?.ruling).toMatchObject({ kind: "refused", refusal: { code: "config_invalid" } });
    expect(judged({ unwritable: [TILL] }, { repository: "acme/till" })[0]?.ruling).toEqual({
      kind: "refused",
      refusal: { code: "no_write_on_target", repoId: TILL, login: "mona" },
    });
  });
});

describe("a review by anybody else", () => {
  it.each([
    ["a stranger", { standing: stranger, review: null }, {}, "stranger"],
    ["a stranger, after the end", { standing: stranger, review: null }, { state: done }, "stranger"],
    ["who may write, and is no approver", { standing: writer }, {}, "not_approver"],
    ["who bears an approver's old login", { standing: { ...writer, taken: true } }, {}, "login_taken"],
    ["who may write, after the end", { standing: writer }, { state: done }, "over"],
    ["who may write, without rules", { standing: writer, ...broken }, {}, "config_invalid"],
    [
      "who may write, of an old commit",
      { standing: writer, review: { ok: false, error: { code: "review_changed" } } },
      {},
      "not_approver",
    ],
  ] as const)("%s: on record, and left without a word", (_who, part, where, code) => {
    expect(judged({ rules: hearing().rules, ...part }, where).map(({ ruling }) => ruling)).toEqual([
      { kind: "unheard", refusal: expect.objectContaining({ code }) },
    ]);
  });
});

it("where nobody is named, maintainers are heard", () => {
  expect(judged({ rules: { kind: "config", config: config(), prefix: null } })[0]?.ruling.kind).toBe("asked");
});
