// The job that understands a webhook: whom it hands what to, and that a webhook is processed once, and not before its effect.
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebhookGuid } from "../../src/ids.ts";
import { intakeJob } from "../../src/jobs/intake.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runs } from "../support/runs.ts";
import * as sample from "../webhooks/samples.ts";
import { createScene, type Scene } from "../webhooks/scene.ts";
import { shaOf } from "../webhooks/world.ts";

let database: TestDatabase;
let scene: Scene;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  scene = createScene(database);
  scene.world.config = "limits:\n  live_deliveries: 1000\n";
});

const job = { tries: 1, lastTry: false, signal: new AbortController().signal };

describe("comments and buttons", () => {
  it("a comment is handed on as it was sent, before it counts as processed", async () => {
    const payload = sample.commented(
      "created",
      { body: "/approve k7m2\r\n" },
      { issue: sample.issue({ pull_request: {} }) },
    );
    const guid = await scene.receive("issue_comment", payload);
    const deps = { ...scene.deps(), handleComment: () => Promise.reject(new Error("later")) };
    await expect(intakeJob(deps)({ guid }, job)).rejects.toThrow("later");
    expect(await scene.outcome(guid)).toBeNull();
    await scene.run(guid);
    expect(scene.comments).toEqual([
      {
        webhookGuid: guid,
        installationId: 77,
        repoId: 501,
        issueNumber: 12,
        isPullRequest: true,
        commentId: 3001,
        body: "/approve k7m2\r\n",
        author: { id: 11, login: "mona", type: "User" },
        viaAppId: null,
        createdAt: "2026-11-21T10:05:00.000Z",
      },
    ]);
    expect(await scene.outcome(guid)).toBe("comment");
  });

  it("only a created comment is handed on, and never our own", async () => {
    await scene.tell("issue_comment", sample.commented("edited"));
    await scene.tell("issue_comment", sample.commented("deleted"));
    await scene.tell("issue_comment", sample.commented("created", { user: sample.ourBot }));
    await scene.tell(
      "issue_comment",
      sample.commented("created", { performed_via_github_app: { id: sample.SELF.appId } }),
    );
    expect(scene.comments).toEqual([]);
  });

  it("bots and other apps are handed on: that they may not command is for commands to say", async () => {
    await scene.tell("issue_comment", sample.commented("created", { user: sample.otherBot }));
    await scene.tell("issue_comment", sample.commented("created", { performed_via_github_app: { id: 5 } }));
    expect(scene.comments.map(({ author, viaAppId }) => [author.type, viaAppId])).toEqual([
      ["Bot", null],
      ["User", 5],
    ]);
  });

  it("a click is handed on with the code that stood on the button", async () => {
    const run = { app: { id: sample.SELF.appId }, external_id: "D-1:plan:1", head_sha: shaOf("base") };
    const clicked = sample.checkRun("requested_action", run, { requested_action: { identifier: "approve:k7m2" } });
    expect(await scene.tell("check_run", clicked)).toBe("button");
    expect(scene.buttons).toEqual([
      {
        webhookGuid: expect.any(String),
        installationId: 77,
        repoId: 501,
        checkRunId: 6001,
        identifier: "approve:k7m2",
        sender: { id: 11, login: "mona", type: "User" },
        headSha: shaOf("base"),
        externalId: "D-1:plan:1",
      },
    ]);
  });
});

describe("a webhook", () => {
  it("that is processed is not looked at again", async () => {
    const guid = await scene.receive("issue_comment", sample.commented("created"));
    await scene.run(guid);
    await scene.run(guid);
    expect(scene.comments).toHaveLength(1);
  });

  it("that is not there ends the job", async () => {
    await scene.run(WebhookGuid.parse(randomUUID()));
    expect(scene.errors).toEqual([]);
  });

  it.each([
    ["ignored not_of_interest", "ping", { zen: "x" }],
    ["ignored not_of_interest", "constructor", {}],
    ["ignored unreadable", "issues", { action: "labeled" }],
    ["ignored own", "issues", sample.labeled({ sender: sample.ourBot })],
  ])("%s is processed without a request", async (outcome, event, payload) => {
    expect(await scene.tell(event, payload)).toBe(outcome);
    expect(scene.world.calls).toEqual([]);
  });

  it("with whatever in it is processed: nothing in a payload stops the job", async () => {
    const events = [
      "issues",
      "issue_comment",
      "check_run",
      "push",
      "installation",
      "repository",
      "pull_request",
      "status",
    ];
    const actions = ["labeled", "created", "completed", "deleted", "requested_action", "closed", "added", "renamed"];
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean());
    const mangled = fc.dictionary(
      fc.constantFrom(
        "issue",
        "comment",
        "check_run",
        "sender",
        "repository",
        "installation",
        "label",
        "__proto__",
        "action",
      ),
      fc.oneof(leaf, fc.dictionary(fc.constantFrom("id", "number", "user", "app", "owner"), leaf, { maxKeys: 4 })),
      { maxKeys: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...events),
        fc.constantFrom(...actions),
        mangled,
        async (event, action, parts) => {
          const payload = { ...sample.labeled(), ...sample.commented("created"), ...parts, action };
          const outcome = await scene.tell(event, payload);
          expect(outcome).not.toBeNull();
        },
      ),
      runs(20),
    );
  });
});

it("any order of an issue's history, with repetitions, makes one delivery that ends as the issue is", async () => {
  const at = (second: number) => ({ updated_at: new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString() });
  let number = 1000;
  const orders = fc
    .array(fc.nat({ max: 5 }), { maxLength: 5 })
    .chain((again) =>
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, ...again.map((each) => each + 6)], { minLength: 6 + again.length }),
    )
    .map((order) => order.map((each) => each % 6));
  await fc.assert(
    fc.asyncProperty(orders, fc.boolean(), async (order, closed) => {
      number++;
      const { id } = scene.world.issue(number, { state: closed ? "closed" : "open", title: "after an edit" });
      const event = (action: string, second: number) => ({
        ...sample.issues(action, { id, number, title: "as labeled", ...at(second) }),
        label: { name: "countersign" },
      });
      const history = [
        event("labeled", 1),
        event("closed", 2),
        event("reopened", 3),
        event("edited", 4),
        event("unlabeled", 5),
        event("closed", 6),
      ];
      for (const each of order) await scene.tell("issues", { ...history[each] });
      const born = await scene.deliveriesOf(number);
      // A closed issue admits nothing; an open one always does, since the label is on it now.
      expect(born).toHaveLength(closed ? 0 : 1);
      expect(scene.world.said(number)).toHaveLength(closed ? 1 : 0);
      expect(born.map(({ holds }) => holds)).toEqual(born.map(() => []));
    }),
    runs(8),
  );
});
