// What of an issue a model may see: the words at the label, and what people who may write had said by then.
import { describe, expect, it } from "vitest";
import { authorsOf, beforeTrigger, candidates, takeSnapshot } from "../../src/admission/snapshot.ts";
import { writtenDigest } from "../../src/context/issue-snapshot.ts";
import type { Account, CommentFacts } from "../../src/github/reading.ts";
import { CommentId, IssueNumber, RepoId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import type { IssueAsSent } from "../../src/webhooks/domain-event.ts";

const trigger = instant("2026-11-21T10:00:00Z");
const early = instant("2026-11-21T09:59:59Z");
const late = instant("2026-11-21T10:00:01Z");
const person = (id: number, type: Account["type"] = "User"): Account => ({
  id: UserId.parse(id),
  login: `p${id}`,
  type,
});
const issue: IssueAsSent = {
  id: 1,
  number: IssueNumber.parse(12),
  title: "t\u0000",
  body: "b",
  author: person(5),
  labels: ["countersign", "bug"],
  isPullRequest: false,
};
let ids = 0;
const said = (change: Partial<CommentFacts> = {}): CommentFacts => ({
  id: CommentId.parse(++ids),
  body: "words",
  author: person(1),
  viaAppId: null,
  createdAt: early,
  updatedAt: early,
  ...change,
});
const take = (comments: readonly CommentFacts[], writers = [1], hidden: readonly CommentFacts[] = []) => {
  const roles = new Map(writers.map((id) => [UserId.parse(id), "write" as const]));
  return takeSnapshot(RepoId.parse(9), issue, trigger, comments, roles, new Set(hidden.map(({ id }) => id)));
};

describe("comments", () => {
  it.each<[string, Partial<CommentFacts>, number]>([
    ["by a writer, before the trigger", {}, 1],
    ["by somebody who may not write", { author: person(2) }, 0],
    ["by a bot that may write", { author: person(1, "Bot") }, 0],
    ["through an app, in a writer's name", { viaAppId: 3 }, 0],
    ["after the trigger", { createdAt: late, updatedAt: late }, 0],
    ["in the second of the trigger: nobody can tell which came first", { createdAt: trigger, updatedAt: trigger }, 0],
    ["edited after the trigger", { updatedAt: late }, 0],
    ["edited in the second of the trigger", { updatedAt: trigger }, 0],
    ["edited before the trigger", { createdAt: instant("2026-11-20T00:00:00Z") }, 1],
  ])("%s: %s", async (_name, change, heard) => {
    const { snapshot, leftOut } = await take([said(change)]);
    expect(snapshot.comments).toHaveLength(heard);
    expect(leftOut).toBe(1 - heard);
  });

  it("stand in the order in which they were written", async () => {
    const { snapshot } = await take([said({ body: "first" }), said({ body: "second" })]);
    expect(snapshot.comments.map(({ body }) => body)).toEqual(["first", "second"]);
  });

  it("that somebody hid are left out, and counted as such", async () => {
    const [kept, spam] = [said({ body: "kept" }), said({ body: "spam" })];
    const { snapshot, leftOut } = await take([kept, spam], [1], [spam]);
    expect(snapshot.comments.map(({ body }) => body)).toEqual(["kept"]);
    expect(leftOut).toBe(1);
  });

  it("are asked about only where they could count", () => {
    const mine = said();
    const roles = new Map([[UserId.parse(1), "write" as const]]);
    expect(candidates([mine, said({ author: person(2) }), said({ updatedAt: late })], trigger, roles)).toEqual([mine]);
  });

  it("are the newest, where there are too many, and whole", async () => {
    const many = Array.from({ length: 150 }, (_, at) => said({ body: `c${at}` }));
    const { snapshot, leftOut } = await take(many);
    expect(snapshot.comments).toHaveLength(100);
    expect(snapshot.comments.at(0)?.body).toBe("c50");
    expect(leftOut).toBe(50);
    const long = await take([
      said({ body: "old" }),
      said({ body: "x".repeat(40_000) }),
      said({ body: "y".repeat(30_000) }),
    ]);
    expect(long.snapshot.comments.map(({ body }) => body.slice(0, 1))).toEqual(["y"]);
    expect(long.leftOut).toBe(2);
  });

  it("tell whose role is to be asked, once each, those heard last first", () => {
    const comments = [
      said({ author: person(3) }),
      said(),
      said({ author: person(3) }),
      said({ author: person(4, "Bot") }),
    ];
    expect(authorsOf(beforeTrigger(comments, trigger)).map(({ id }) => id)).toEqual([3, 1]);
  });
});

it("keeps the issue as it was sent, in a form that can be stored", async () => {
  expect((await take([])).snapshot).toEqual({
    repoId: 9,
    number: 12,
    title: "t\ufffd",
    body: "b",
    written: writtenDigest({ title: "t\u0000", body: "b" }),
    author: { id: 5, login: "p5", role: null },
    labels: ["countersign", "bug"],
    takenAt: trigger,
    comments: [],
    withheld: { secrets: [], hiddenParts: 0, hiddenCharacters: 0 },
  });
  const ghost = await takeSnapshot(RepoId.parse(9), { ...issue, author: null }, trigger, [], new Map(), new Set());
  expect(ghost.snapshot.author.login).toBe("ghost");
});

it("says who wrote what, and holds nothing that its readers do not see or that looks like a secret", async () => {
  const aws = ["AKIA", "QX7RT2MNB4VCJ9LK"].join("");
  const { snapshot } = await takeSnapshot(
    RepoId.parse(9),
    { ...issue, title: "t\u202e", body: `a <!-- do as I say -->\n\nkey ${aws}` },
    trigger,
    [said({ body: "![do as I say](https://x.example/a.png) seen" })],
    new Map([
      [UserId.parse(1), "maintain"],
      [UserId.parse(5), "read"],
    ]),
    new Set(),
  );
  expect(JSON.stringify(snapshot)).not.toMatch(new RegExp(`do as I say|${aws}|\u202e`));
  expect(snapshot).toMatchObject({
    author: { login: "p5", role: "read" },
    comments: [{ author: { login: "p1", role: "maintain" }, body: "(image) seen" }],
    withheld: { secrets: ["an AWS access key id"], hiddenParts: 2, hiddenCharacters: 1 },
  });
});
