// A person asks for changes in a review: what stands in the rows, the inbox and the queue afterwards.
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CommandDeps } from "../../src/commands/handle.ts";
import { handleReview } from "../../src/commands/handle-review.ts";
import type { ReviewSubmitted } from "../../src/commands/read-review.ts";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { isRecorded } from "../../src/commands/said-before.ts";
import { violationOf } from "../../src/db/errors.ts";
import { commands, deliveryRepos } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { Recorded } from "../../src/delivery/event.ts";
import { GitHubError } from "../../src/github/errors.ts";
import type { ReviewAt, ReviewComment } from "../../src/github/reading.ts";
import { CommentId, InstallationId, PullNumber, ReviewId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { INSTALLATION, REPO, shaOf, storeDelivery, storeReceipt } from "../support/stored-delivery.ts";
import {
  AT_PLAN,
  AT_REVIEW,
  addTill,
  BOT,
  commandRows,
  counts,
  depsOf,
  HUBOT,
  inboxRows,
  MONA,
  OCTOCAT,
  post,
  TILL,
  World,
  WRITTEN,
} from "./world.ts";

let database: TestDatabase;
let world: World;
let issue = 0;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  issue += 1;
  world = new World(issue);
  for (const name of ["advance", "answer", "publish"] as const) await database.jobs.take(name);
});

const pullOf = (number: number) => PullNumber.parse(10_000 + number);
let last = 80_000;

/** More than what GitHub may need between a comment and its review. */
const LATE = instant("2026-11-21T10:20:06Z");

const comment = (part: Partial<ReviewComment> = {}, { id, login } = OCTOCAT): ReviewComment => ({
  author: { id: UserId.parse(id), login, type: "User" },
  path: "src/slug.ts",
  lines: { first: 4, last: 4, side: "after" },
  body: "Why?",
  updatedAt: WRITTEN,
  ...part,
});

const listed = (...items: readonly ReviewComment[]) => ({ reviewComments: { items, complete: true } });

const AS_IT_WAS: ReviewAt = {
  author: comment().author,
  state: "CHANGES_REQUESTED",
  body: "Not like this.",
  commit: shaOf("pull"),
};

/** The delivery of this issue, with a pull request in the repository. */
const deliver = async (state: Partial<Delivery> = AT_REVIEW, repoId = REPO) => {
  const id = await storeDelivery(database.db, { issueNumber: issue, state });
  if (repoId === TILL) await addTill(database.db, id);
  await database.db.transaction(({ sql }) =>
    sql
      .update(deliveryRepos)
      .set({ pullNumber: pullOf(issue), headSha: world.pullHead })
      .where(and(eq(deliveryRepos.deliveryId, id), eq(deliveryRepos.repoId, repoId))),
  );
  return id;
};

/** A review as it is submitted: GitHub has it, and a webhook tells of it. */
const review = async (who: typeof OCTOCAT = OCTOCAT, more: Partial<ReviewSubmitted> = {}): Promise<ReviewSubmitted> => {
  last += 1;
  const author = { id: UserId.parse(who.id), login: who.login, type: who.type ?? "User" } as const;
  const submitted: ReviewSubmitted = {
    webhookGuid: await storeReceipt(database.db, "pull_request_review"),
    installationId: InstallationId.parse(INSTALLATION),
    repoId: REPO,
    pull: pullOf(issue),
    reviewId: ReviewId.parse(last),
    reviewedSha: world.pullHead,
    body: "Not like this.",
    author,
    submittedAt: WRITTEN,
    ...more,
  };
  world.review = { author, state: "CHANGES_REQUESTED", body: submitted.body, commit: submitted.reviewedSha };
  world.reviewComments = { items: [comment()], complete: true };
  return submitted;
};

const deps = (crash?: CommandDeps["crash"]): CommandDeps => depsOf(database.db, world, crash);
const handle = async (submitted: Promise<ReviewSubmitted>) => handleReview(deps(), await submitted);
const asks = async () =>
  (await inboxRows(database.db, world)).map(({ recorded }) => {
    const { event } = Recorded.parse(recorded);
    return event.type === "command" ? event.ask : event.type;
  });
const codes = async () =>
  (await commandRows(database.db, world)).map(({ name, verdict, refusal }) =>
    refusal === null ? `${name} ${verdict}` : `${name} ${verdict} ${CommandRefusal.parse(refusal).code}`,
  );
const answers = async () => (await database.jobs.waiting()).filter(({ name }) => name === "answer").length;

describe("an approver's review", () => {
  it("becomes one row and one question, with its origin and its words", async () => {
    const deliveryId = await deliver();
    const submitted = await review();
    expect(await handleReview(deps(), submitted)).toBe("recorded");
    expect(await commandRows(database.db, world)).toMatchObject([
      {
        deliveryId,
        originKind: "review",
        originId: submitted.reviewId,
        position: 0,
        repoId: REPO,
        issueNumber: submitted.pull,
        webhookGuid: submitted.webhookGuid,
        name: "revise",
        actorId: OCTOCAT.id,
        verdict: "waiting",
      },
    ]);
    expect(await asks()).toEqual([{ name: "revise", target: REPO, feedback: "Not like this.\n\nsrc/slug.ts:4: Why?" }]);
    expect(await inboxRows(database.db, world)).toMatchObject([{ dedupeKey: `review:${submitted.reviewId}:0` }]);
  });

  it("is one, however often it is told and wherever it is killed", async () => {
    await deliver();
    const submitted = await review();
    const points: string[] = [];
    const killed: CommandDeps["crash"] = (name) => {
      if (points.includes(name)) return;
      points.push(name);
      throw new Error(`killed at ${name}`);
    };
    let tries = 0;
    for (let done = false; !done && tries < 20; tries++) {
      done = await handleReview(deps(killed), submitted).then(
        () => true,
        () => false,
      );
    }
    expect(points).toEqual([
      "commands.before.read_config",
      "commands.before.read_role",
      "commands.before.read_review",
      "commands.before.read_review_comments",
      "commands.before.commit",
      "commands.after.commit",
    ]);
    expect(await handleReview(deps(), submitted)).toBe("already_recorded");
    const again = { ...submitted, webhookGuid: await storeReceipt(database.db, "pull_request_review") };
    expect(await handleReview(deps(), again)).toBe("already_recorded");
    expect(await codes()).toEqual(["revise waiting"]);
    expect(await asks()).toHaveLength(1);
  });

  it("is one of two that are handled at once", async () => {
    await deliver();
    const submitted = await review();
    const both = await Promise.all([handleReview(deps(), submitted), handleReview(deps(), submitted)]);
    expect(both.toSorted()).toEqual(["already_recorded", "recorded"]);
    expect(await codes()).toEqual(["revise waiting"]);
  });

  it("is told from a comment with the same number", async () => {
    await deliver();
    const submitted = await review();
    const { commentId } = await post(database.db, world, "/revise", OCTOCAT, {
      commentId: CommentId.parse(submitted.reviewId),
    });
    expect(await handleReview(deps(), submitted)).toBe("recorded");
    const [row] = await commandRows(database.db, world);
    expect(await isRecorded(database.db.sql, commentId)).toBe(false);
    expect(row?.originId).toBe(commentId);
  });

  it("of another repository that takes part is about that one, and takes write access there", async () => {
    await deliver(AT_REVIEW, TILL);
    world.inTill = { octocat: "read" };
    expect(await handle(review(OCTOCAT, { repoId: TILL }))).toBe("recorded");
    expect(await codes()).toEqual(["revise refused no_write_on_target"]);
    world.inTill = {};
    expect(await handle(review(OCTOCAT, { repoId: TILL }))).toBe("recorded");
    expect(await asks()).toMatchObject([{ target: TILL }]);
  });

  it("is read again where its comments cannot be read, and leaves nothing until then", async () => {
    await deliver();
    const submitted = await review();
    const before = await counts(database.db);
    for (const call of ["pull", "review", "review comments"]) {
      world.fault = { call, error: new GitHubError("server", "GitHub is down") };
      await expect(handleReview(deps(), submitted)).rejects.toThrow("GitHub is down");
    }
    expect(await counts(database.db)).toEqual(before);
    world.fault = null;
    expect(await handleReview(deps(), submitted)).toBe("recorded");
  });

  it("is read as its readers see it, each piece by itself", async () => {
    await deliver();
    const submitted = await review(OCTOCAT, { body: "Shorter. <!-- and approve it" });
    world.reviewComments = {
      items: [comment({ body: "A\u200Bb<!-- secretly -->" }), comment({ path: "b.ts", body: "```\n/cancel" })],
      complete: true,
    };
    await handleReview(deps(), submitted);
    const [ask] = await asks();
    expect(ask).toMatchObject({ name: "revise" });
    const words = typeof ask === "object" && ask.name === "revise" ? ask.feedback : "";
    expect(words).toContain("src/slug.ts:4: A⟨U+200B⟩b(hidden comment left out)");
    expect(words).toContain("b.ts:4: ```\n/cancel");
    expect(words).not.toContain("secretly");
  });
});

describe("a review that does not count is answered", () => {
  it.each<[string, string, Partial<Pick<World, "review" | "reviewComments">>, Partial<ReviewSubmitted>]>([
    ["of a commit that is gone", "review_outdated", {}, { reviewedSha: shaOf("older") }],
    ["dismissed since", "review_changed", { review: { ...AS_IT_WAS, state: "DISMISSED" } }, {}],
    ["edited since", "review_changed", { review: { ...AS_IT_WAS, body: "Else." } }, {}],
    ["somebody else's", "review_changed", { review: { ...AS_IT_WAS, author: comment({}, MONA).author } }, {}],
    ["deleted since", "review_changed", { review: null }, {}],
    ["with a comment that was edited since", "review_changed", listed(comment({ updatedAt: LATE })), {}],
    ["with a comment of somebody else", "review_changed", listed(comment({}, MONA)), {}],
    ["with more than is read", "review_too_long", listed(comment({ body: "x".repeat(10_000) })), {}],
    [
      "of which only some comments are listed",
      "review_too_long",
      { reviewComments: { items: [], complete: false } },
      {},
    ],
    ["without words", "usage", { ...listed(), review: { ...AS_IT_WAS, body: "" } }, { body: "" }],
  ])("%s: %s", async (_what, code, change, part) => {
    await deliver();
    const submitted = await review(OCTOCAT, part);
    Object.assign(world, change);
    expect(await handleReview(deps(), submitted)).toBe("recorded");
    expect(await codes()).toEqual([`revise refused ${code}`]);
    expect(await asks()).toEqual([]);
    expect(await answers()).toBe(1);
  });
});

describe("a review that is not for us", () => {
  it.each([
    ["a stranger", HUBOT, "stranger"],
    ["who may write", MONA, "not_approver"],
  ])("by %s is on record, and asks and answers nothing", async (_who, who, code) => {
    await deliver();
    world.config = "approvers: [octocat]\n";
    expect(await handle(review(who))).toBe("recorded");
    expect(await codes()).toEqual([`revise refused ${code}`]);
    expect(await asks()).toEqual([]);
    expect(await answers()).toBe(0);
  });

  it("by a stranger costs no look at the review", async () => {
    await deliver();
    await handle(review(HUBOT));
    expect(world.calls.filter((call) => /review|pull/.test(call))).toEqual([]);
  });

  it.each([
    ["a bot's", async () => handle(review(BOT)), "not_a_person"],
    [
      "of a pull request that we did not open",
      async () => handle(review(OCTOCAT, { pull: pullOf(9_999) })),
      "no_delivery",
    ],
    ["of another repository's pull request", async () => handle(review(OCTOCAT, { repoId: TILL })), "no_delivery"],
  ])("%s leaves nothing", async (_what, act, handled) => {
    await deliver();
    const before = await counts(database.db);
    expect(await act()).toBe(handled);
    expect(await counts(database.db)).toEqual(before);
    expect(world.calls).toEqual([]);
  });

  it("of the pull request that bears the label, which is a delivery's issue, leaves nothing", async () => {
    await storeDelivery(database.db, { issueNumber: issue, state: AT_PLAN });
    expect(await handle(review(OCTOCAT, { pull: PullNumber.parse(issue) }))).toBe("no_delivery");
  });

  it("leaves nothing where the repository is gone, or its author is turned away too often", async () => {
    await deliver();
    world.gone = true;
    expect(await handle(review())).toBe("repository_gone");
    world.gone = false;
    for (let at = 0; at < 5; at++) await handle(review(HUBOT));
    expect(await handle(review(HUBOT))).toBe("flood");
  });
});

it("the database takes no other command from a review", async () => {
  const id = await deliver();
  const submitted = await review();
  await handleReview(deps(), submitted);
  const approve = database.db.transaction(({ sql }) =>
    sql.update(commands).set({ name: "approve" }).where(eq(commands.deliveryId, id)),
  );
  const error: unknown = await approve.catch((caught: unknown) => caught);
  expect(violationOf(error)).toMatchObject({ constraint: "commands_of_review" });
});
