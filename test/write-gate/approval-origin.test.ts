// An approval stands on what GitHub signed and still shows; every way in which it does not is named.
import { describe, expect, expectTypeOf, it } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import type { CommentFacts } from "../../src/github/reading.ts";
import { ApprovalId, CommentId, Digest, RepoId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { givenAt, whyChanged, whyUnfounded, whyUnmet } from "../../src/write-gate/approval-origin.ts";
import type { ApprovalRow } from "../../src/write-gate/approval-rows.ts";
import type { WritePermit } from "../../src/write-gate/authorize.ts";
import type { DeploymentFacts, MergeFacts, PatchSetFacts } from "../../src/write-gate/permit-facts.ts";

const digest = Digest.parse("ab".repeat(32));
const about = { deliveryId: 12, digest, threads: [{ repoId: 1, number: 3 }], runs: [5], shownAgain: false };
const person = { id: UserId.parse(9), login: "mona" };
const user = { id: 9, type: "User" };
const comment = {
  id: 5,
  body: "/approve",
  created_at: "2026-11-21T09:00:00Z",
  user,
  performed_via_github_app: null,
};
const said = { action: "created", sender: user, repository: { id: 1 }, issue: { number: 3 }, comment };
const receivedAt = new Date("2026-11-21T09:00:07Z");

const byComment: ApprovalRow = {
  id: ApprovalId.parse(1),
  person,
  approvedAt: new Date("2026-11-21T09:00:07Z"),
  command: {
    deliveryId: 12,
    name: "approve",
    verdict: "accepted",
    actorId: 9,
    position: 0,
    repoId: RepoId.parse(1),
    issueNumber: 3,
    originKind: "comment",
    originId: 5,
  },
  receipt: { event: "issue_comment", action: "created", payload: said, receivedAt },
};

const click = {
  action: "requested_action",
  sender: user,
  repository: { id: 1 },
  check_run: { id: 5 },
  requested_action: { identifier: `approve:${codeOf(digest)}` },
};
const byButton: ApprovalRow = {
  ...byComment,
  command: { ...byComment.command, originKind: "button" },
  receipt: { event: "check_run", action: "requested_action", payload: click, receivedAt },
};

const now: CommentFacts = {
  id: CommentId.parse(5),
  body: "/approve",
  author: { ...person, type: "User" },
  viaAppId: null,
  createdAt: instant("2026-11-21T09:00:00Z"),
  updatedAt: instant("2026-11-21T09:00:00Z"),
};
const commandsIn = (body: string) => {
  const [, code] = /^\/approve(?: (\w+))?$/.exec(body) ?? [];
  return body.startsWith("/approve") ? [{ name: "approve", position: 0, code: code ?? null }] : [];
};

describe("the ground of an approval", () => {
  it("is not there for a click, where what it approves had to be shown again: nobody knows when it was made", () => {
    expect(whyUnfounded(byButton, { ...about, shownAgain: true })).toBe(
      "the click may be from before it was shown again",
    );
    expect(whyUnfounded(byComment, { ...about, shownAgain: true })).toBeNull();
  });

  it("is there for a signed comment and a signed click", () => {
    expect(whyUnfounded(byComment, about)).toBeNull();
    expect(whyUnfounded(byButton, about)).toBeNull();
  });

  const withCommand = (over: Partial<ApprovalRow["command"]>) => ({
    ...byComment,
    command: { ...byComment.command, ...over },
  });
  const withReceipt = (row: ApprovalRow, over: Partial<ApprovalRow["receipt"]>) => ({
    ...row,
    receipt: { ...row.receipt, ...over },
  });
  const cases: [why: RegExp, row: ApprovalRow][] = [
    [/not an accepted/, withCommand({ name: "cancel" })],
    [/not an accepted/, withCommand({ verdict: "refused" })],
    [/not an accepted/, withCommand({ verdict: "waiting" })],
    [/someone else/, withCommand({ actorId: 8 })],
    [/another delivery/, withCommand({ deliveryId: 13 })],
    [/another delivery/, withCommand({ deliveryId: null })],
    [/no signed comment/, withReceipt(byComment, { event: "issues" })],
    [/no signed comment/, withReceipt(byComment, { action: "edited" })],
    [/no signed comment/, withReceipt(byComment, { payload: {} })],
    [/no signed comment/, withReceipt(byComment, { payload: { ...said, action: "edited" } })],
    [/no signed comment/, withReceipt(byComment, { event: "issues", action: "labeled", payload: said })],
    [/another one/, withReceipt(byComment, { payload: { ...said, comment: { ...comment, id: 6 } } })],
    [
      /another one/,
      withReceipt(byComment, { payload: { ...said, comment: { ...comment, user: { id: 8, type: "User" } } } }),
    ],
    [/another one/, withReceipt(byComment, { payload: { ...said, sender: { id: 8, type: "User" } } })],
    [
      /by an app/,
      withReceipt(byComment, { payload: { ...said, comment: { ...comment, user: { id: 9, type: "Bot" } } } }),
    ],
    [/by an app/, withReceipt(byComment, { payload: { ...said, sender: { id: 9, type: "Bot" } } })],
    [
      /by an app/,
      withReceipt(byComment, { payload: { ...said, comment: { ...comment, performed_via_github_app: { id: 2 } } } }),
    ],
    [/another thread/, withReceipt(byComment, { payload: { ...said, issue: { number: 4 } } })],
    [/another thread/, withReceipt(byComment, { payload: { ...said, repository: { id: 2 } } })],
    [
      /another thread/,
      {
        ...withCommand({ issueNumber: 4 }),
        receipt: { ...byComment.receipt, payload: { ...said, issue: { number: 4 } } },
      },
    ],
    [/no signed click/, withReceipt(byButton, { event: "issue_comment" })],
    [/no signed click/, withReceipt(byButton, { action: "created" })],
    [/no signed click/, withReceipt(byButton, { payload: said })],
    [/another one/, withReceipt(byButton, { payload: { ...click, sender: { id: 8, type: "User" } } })],
    [/no person/, withReceipt(byButton, { payload: { ...click, sender: { id: 9, type: "Bot" } } })],
    [/no signed click/, withReceipt(byButton, { payload: { ...click, action: "created" } })],
    [/another one/, withReceipt(byButton, { payload: { ...click, check_run: { id: 6 } } })],
    [
      /another check run/,
      {
        ...byButton,
        command: { ...byButton.command, originId: 6 },
        receipt: { ...byButton.receipt, payload: { ...click, check_run: { id: 6 } } },
      },
    ],
    ...["approve:2222", "approve", `approve:${codeOf(digest)}:`, `approve:${codeOf(digest).slice(0, 3)}`, ""].map(
      (identifier): [RegExp, ApprovalRow] => [
        /something else/,
        withReceipt(byButton, { payload: { ...click, requested_action: { identifier } } }),
      ],
    ),
    [
      /something else/,
      withReceipt(byButton, { payload: { ...click, requested_action: { identifier: `reject:${codeOf(digest)}` } } }),
    ],
  ];
  it.each(cases)("is not: %s", (why, row) => {
    expect(whyUnfounded(row, about)).toMatch(why);
  });

  it("is a comment in the very thread that its command names, of those where words count", () => {
    const elsewhere = "the signed comment stands in another thread";
    const among = (...threads: [repoId: number, number: number][]) => ({
      ...about,
      threads: threads.map(([repoId, number]) => ({ repoId, number })),
    });
    const signedIn = (repository: number, issue: number) =>
      withReceipt(byComment, { payload: { ...said, repository: { id: repository }, issue: { number: issue } } });
    expect(whyUnfounded(signedIn(2, 3), among([1, 3], [2, 3]))).toBe(elsewhere);
    expect(whyUnfounded(signedIn(1, 4), among([1, 3], [1, 4]))).toBe(elsewhere);
    expect(whyUnfounded(byComment, among([2, 3], [1, 4]))).toBe(elsewhere);
    expect(whyUnfounded(byComment, among([1, 4], [1, 3]))).toBeNull();
    expect(whyUnfounded(byComment, among())).toBe(elsewhere);
  });

  it("is dated by the signed comment, else by the row", () => {
    expect(givenAt(byComment, instant("2026-11-21T08:00:00Z"))).toBe("2026-11-21T09:00:00.000Z");
    expect(givenAt(byButton, null)).toBe("2026-11-21T09:00:07.000Z");
    expect(givenAt(byButton, instant("2026-11-21T08:00:00Z"))).toBe("2026-11-21T08:00:00.000Z");
    expect(givenAt(byButton, instant("2026-11-21T10:00:00Z"))).toBe("2026-11-21T09:00:07.000Z");
  });
});

describe("what is asked of an approval today", () => {
  const none = { digest, codeRequired: false, quote: false, tooOld: () => false, commandsIn };
  const saying = (body: string): ApprovalRow => ({
    ...byComment,
    receipt: { ...byComment.receipt, payload: { ...said, comment: { ...comment, body } } },
  });
  const code = codeOf(digest);

  it("is nothing where nothing is configured", () => {
    expect(whyUnmet(byComment, none)).toBeNull();
    expect(whyUnmet(byButton, none)).toBeNull();
  });

  it("may be its code: a button carries it, and only words will do for what policy warns of", () => {
    const required = { ...none, codeRequired: true };
    expect(whyUnmet(byComment, required)).toMatch(/does not quote/);
    expect(whyUnmet(saying("/approve 2222"), required)).toMatch(/does not quote/);
    expect(whyUnmet(saying(`/approve ${code}`), required)).toBeNull();
    expect(whyUnmet(byButton, required)).toBeNull();
    const risky = { ...none, quote: true };
    expect(whyUnmet(byComment, risky)).toMatch(/does not quote/);
    expect(whyUnmet(saying(`/approve ${code}`), risky)).toBeNull();
    expect(whyUnmet(byButton, risky)).toMatch(/in a comment/);
  });

  it("is the code of its own command, where the comment holds several", () => {
    const required = { ...none, codeRequired: true };
    const two = (first: string, second: string) => () => [
      { name: "approve", position: 0, code: first },
      { name: "approve", position: 1, code: second },
    ];
    const second = { ...byComment, command: { ...byComment.command, position: 1 } };
    expect(whyUnmet(second, { ...required, commandsIn: two(code, "2222") })).toBe("it does not quote the code");
    expect(whyUnmet(second, { ...required, commandsIn: two("2222", code) })).toBeNull();
    expect(whyUnmet({ ...second, command: { ...second.command, position: 2 } }, required)).toBe(
      "it does not quote the code",
    );
  });

  it("is nowhere in a receipt that holds no comment", () => {
    const heard: string[] = [];
    const listening = (body: string) => {
      heard.push(body);
      return [];
    };
    const empty = { ...byComment, receipt: { ...byComment.receipt, payload: {} } };
    expect(whyUnmet(empty, { ...none, codeRequired: true, commandsIn: listening })).toBe("it does not quote the code");
    expect(heard).toEqual([""]);
  });

  it("is that it is young enough, by what GitHub signed and not by its row", () => {
    const until = (at: string) => ({ ...none, tooOld: (given: string) => given < instant(at) });
    const young = { ...byComment, approvedAt: new Date("2026-11-22T00:00:00Z") };
    expect(whyUnmet(young, until("2026-11-21T09:00:01Z"))).toMatch(/older/);
    expect(whyUnmet(young, until("2026-11-21T09:00:00Z"))).toBeNull();
    expect(whyUnmet({ ...byButton, approvedAt: young.approvedAt }, until("2026-11-21T09:00:08Z"))).toMatch(/older/);
    expect(whyUnmet(byButton, until("2026-11-21T09:00:07Z"))).toBeNull();
  });
});

describe("the comment of an approval", () => {
  it("is as it was", () => expect(whyChanged(byComment, now, commandsIn)).toBeNull());

  const cases: [why: RegExp, shown: CommentFacts | null, commands?: typeof commandsIn][] = [
    [/deleted/, null],
    [/another person's/, { ...now, id: CommentId.parse(6) }],
    [/another person's/, { ...now, author: { ...now.author, id: UserId.parse(8) } }],
    [/an app/, { ...now, author: { ...now.author, type: "Bot" } }],
    [/an app/, { ...now, viaAppId: 1 }],
    [/edited/, { ...now, updatedAt: instant("2026-11-21T09:00:01Z") }],
    [/edited/, { ...now, body: "/approve " }],
    [/holds no approval/, now, () => []],
    [/holds no approval/, now, () => [{ name: "approve", position: 1, code: null }]],
    [/holds no approval/, now, () => [{ name: "cancel", position: 0, code: null }]],
  ];
  it("is not what the receipt says where that holds none", () => {
    const empty = { ...byComment, receipt: { ...byComment.receipt, payload: {} } };
    expect(whyChanged(empty, now, commandsIn)).toBe("its comment was edited");
  });

  it.each(cases)("is not: %s", (why, shown, commands) => {
    expect(whyChanged(byComment, shown, commands ?? commandsIn)).toMatch(why);
  });
});

describe("the types", () => {
  it("take nothing that only looks like a permit", () => {
    expectTypeOf<{ readonly facts: PatchSetFacts }>().not.toExtend<WritePermit>();
    expectTypeOf<PatchSetFacts>().not.toExtend<WritePermit>();
    expectTypeOf<{ readonly facts: MergeFacts }>().not.toExtend<WritePermit<MergeFacts>>();
    expectTypeOf<WritePermit>().not.toExtend<WritePermit<MergeFacts>>();
    expectTypeOf<WritePermit<MergeFacts>>().not.toExtend<WritePermit<DeploymentFacts>>();
    expectTypeOf<WritePermit<MergeFacts>>().not.toExtend<WritePermit>();
  });
});
