// GitHub is made to show what is, once, however often the publisher dies, an answer is lost, or somebody edits our words.

import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artifactHash } from "../../src/artifacts/artifact.ts";
import { artifacts, contentPace, deliveries, inbox, publications } from "../../src/db/schema.ts";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { Recorded } from "../../src/delivery/event.ts";
import { report } from "../../src/delivery/inbox.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { loadDelivery, stateColumns } from "../../src/delivery/store.ts";
import { CheckRunId, DeliveryId, InstallationId, IssueNumber } from "../../src/ids.ts";
import { type Instant, instant } from "../../src/instant.ts";
import { publishJob } from "../../src/jobs/publish.ts";
import { claimSlot } from "../../src/thread/limiter.ts";
import { publish } from "../../src/thread/publish.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { INSTALLATION, OCTOCAT, REPO, storeCommand, storeDelivery } from "../support/stored-delivery.ts";
import type { FakeGitHub } from "./support/fake-github.ts";
import { openStage, SNAPSHOT, type Stage, storeLabeled, storeUnshownPlan } from "./support/stage.ts";
import { PLAN } from "./support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const never = new AbortController().signal;
class Killed extends Error {}

const idsOf = async (id: DeliveryId) => {
  const rows = await database.db.sql.select().from(publications).where(eq(publications.deliveryId, id));
  return new Map(rows.map((row) => [row.key, row]));
};

const bodies = (github: FakeGitHub) => github.comments.map(({ body }) => body.split("\n")[0]);

const shownOf = ({ plan }: Delivery) => plan?.shown ?? null;

/** Pace is not what these tests are about: the clock of each stage stands still. */
const unpaced = () => database.db.transaction(({ sql }) => sql.delete(contentPace));

describe("a label", () => {
  test("brings eyes and the status comment, and a second run calls nothing", async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    expect(await publish(stage.deps(), id, never)).toEqual({ kind: "all" });
    expect(stage.github.calls).toEqual(["reactToIssue", "createComment"]);
    expect(bodies(stage.github)).toEqual([`### Countersign D-${id}: reading the issue`]);
    const before = stage.github.calls.length;
    await publish(stage.deps(), id, never);
    expect(stage.github.calls).toHaveLength(before);
  });
});

describe("a plan that is to be shown", () => {
  test("opens its gate when all of it stands, by GitHub's clock and comment", async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    await publish(stage.deps(), id, never);
    const rows = await idsOf(id);
    expect([...rows.keys()].toSorted()).toEqual(["check:plan:1", "eyes", "plan:1", "status"]);
    const delivery = await stage.advance(id);
    expect(delivery.runStatus).toBe("succeeded");
    expect(shownOf(delivery)).toEqual({ at: "2026-11-21T10:00:00.000Z", commentId: rows.get("plan:1")?.remoteId });
    expect(stage.github.checks.map(({ draft }) => draft.name)).toEqual([`countersign / D-${id} / plan 1`]);
    // The status heads the thread.
    expect(stage.github.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^### Countersign/),
      expect.stringMatching(/^\*\*Plan ready, please decide\*\*.*\n@octocat\n/),
    ]);
    // The status and the label say so.
    await publish(stage.deps(), id, never);
    expect(bodies(stage.github)).toContain(`### Countersign D-${id}: waiting for a decision on plan 1`);
    expect([...stage.github.labels]).toEqual([expect.stringContaining("countersign:plan")]);
    const { length } = stage.github.calls;
    await publish(stage.deps(), id, never);
    expect(stage.github.calls).toHaveLength(length);
    expect(stage.github.createdContent()).toBe(4);
  });

  /** Each point where the publisher can die, found by letting it run once. */
  const pointsOf = async (): Promise<readonly string[]> => {
    await unpaced();
    const stage = openStage(database.db);
    const points: string[] = [];
    const id = await storeUnshownPlan(database.db);
    await publish(
      stage.deps((name) => void points.push(name)),
      id,
      never,
    );
    return points;
  };

  const settled = async (stage: Stage, id: DeliveryId) => {
    await publish(stage.deps(), id, never);
    const delivery = await stage.advance(id);
    await publish(stage.deps(), id, never);
    const { github } = stage;
    expect(delivery.runStatus).toBe("succeeded");
    expect(bodies(github).toSorted()).toEqual([
      `### Countersign D-${id}: waiting for a decision on plan 1`,
      `**Plan ready, please decide** (plan 1 of D-${id}): Keep digits in slugs`,
    ]);
    expect(github.checks).toHaveLength(1);
    expect(github.reactions.size).toBe(1);
    expect(github.labels.size).toBe(1);
    const told = await database.db.sql.select().from(inbox).where(eq(inbox.deliveryId, id));
    expect(told).toHaveLength(1);
    const rows = await idsOf(id);
    expect(rows.get("plan:1")?.remoteId).toBe(github.comments.find(({ body }) => body.startsWith("**Plan"))?.id);
    expect([...rows.values()].filter(({ publishedAt }) => publishedAt === null)).toEqual([]);
  };

  test("is there once, wherever the publisher was killed", async () => {
    const points = await pointsOf();
    expect(points.length).toBeGreaterThan(20);
    for (let point = 1; point <= points.length; point++) {
      // What stands right before the next step is what stood after the last one.
      if (point > 1 && points[point - 1]?.includes(".before.") && points[point - 2]?.includes(".after.")) continue;
      await unpaced();
      const stage = openStage(database.db);
      const id = await storeUnshownPlan(database.db);
      let reached = 0;
      const crash = () => {
        reached += 1;
        if (reached === point) throw new Killed();
      };
      await expect(publish(stage.deps(crash), id, never), points[point - 1]).rejects.toThrow(Killed);
      await settled(stage, id);
    }
  }, 180_000);

  test("is there once, whichever answer of GitHub was lost", async () => {
    for (let call = 1; call <= 4; call++) {
      await unpaced();
      const stage = openStage(database.db);
      const id = await storeUnshownPlan(database.db);
      stage.github.loseAnswer(call);
      await expect(publish(stage.deps(), id, never)).rejects.toThrow("the answer is lost");
      await settled(stage, id);
    }
  });

  test("waits for the gate while a check run may not be made, and tells the owner once", async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    stage.github.refuse("createCheckRun", "forbidden");
    for (let run = 0; run < 2; run++) {
      expect(await publish(stage.deps(), id, never)).toEqual({ kind: "later", seconds: 600 });
    }
    expect(bodies(stage.github).filter((line) => line?.startsWith("**Waiting for an owner.**"))).toHaveLength(1);
    expect((await stage.advance(id)).runStatus).toBe("running");
    stage.github.refuse("createCheckRun", null);
    expect(await publish(stage.deps(), id, never)).toEqual({ kind: "all" });
    expect((await stage.advance(id)).runStatus).toBe("succeeded");
    expect(stage.github.comments.find(({ body }) => body.startsWith("**Waiting"))?.minimized).toBe(true);
  });
});

describe("a gate comment that somebody changed", () => {
  const opened = async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    await publish(stage.deps(), id, never);
    await stage.advance(id);
    await publish(stage.deps(), id, never);
    const comment = (await idsOf(id)).get("plan:1")?.remoteId ?? 0;
    const one = stage.github.comments.find((each) => each.id === comment);
    if (one === undefined) throw new Error("no gate comment");
    return { stage, id, comment: one };
  };

  /** Nobody is mentioned anew, and no click can tell which showing it means. */
  const shownAgain = (body: string): string =>
    body.replace("@octocat", "For `octocat`.").replace(/ The \[check run\]\([^)]*\) has buttons for it\./, "");

  /** GitHub tells of it. */
  const tampered = async (stage: Stage, id: DeliveryId, comment: Readonly<{ id: number; updatedAt: Instant }>) => {
    const isThere = stage.github.comments.some((each) => each.id === comment.id);
    await database.db.transaction((tx) =>
      report(tx, id, {
        event: { type: "gate_tampered", repoId: null, note: "edited" },
        actor: { kind: "github", id: "1" },
        at: instant(stage.clock.now),
        dedupeKey: `gate_tampered:${comment.id}:${isThere ? comment.updatedAt : "deleted"}:plan`,
      }),
    );
    expect(shownOf(await stage.advance(id))).toBeNull();
  };

  test("is repaired, and open again only for what is written a second later", async () => {
    const { stage, id, comment } = await opened();
    stage.clock.now = new Date("2026-11-21T11:00:00.700Z");
    const before = comment.body;
    stage.github.tamper(comment.id, `${before.replace(/approve \w+/, "approve aaaa")}`);
    await tampered(stage, id, comment);
    await publish(stage.deps(), id, never);
    expect(comment.body).toBe(shownAgain(before));
    expect(shownOf(await stage.advance(id))).toEqual({ at: "2026-11-21T11:00:01.000Z", commentId: comment.id });
  });

  test("is not let go when its marker was taken out of it and put into another comment of ours", async () => {
    const { stage, id, comment } = await opened();
    const whole = comment.body;
    const marker = whole.slice(whole.lastIndexOf("<!--"));
    const status = stage.github.comments.find(({ body }) => body.startsWith("### Countersign"));
    if (status === undefined) throw new Error("no status comment");
    stage.clock.now = new Date("2026-11-21T11:00:00.700Z");
    stage.github.tamper(status.id, `${status.body}\n\n${marker}`);
    stage.github.tamper(comment.id, "**Plan ready, please decide**: nothing but a typing error.");
    await tampered(stage, id, comment);
    await publish(stage.deps(), id, never);
    expect(comment.body).toBe(shownAgain(whole));
    expect((await idsOf(id)).get("plan:1")?.remoteId).toBe(comment.id);
    expect(bodies(stage.github).filter((line) => line?.startsWith("**Plan ready"))).toHaveLength(1);
    expect(shownOf(await stage.advance(id))).toEqual({ at: "2026-11-21T11:00:01.000Z", commentId: comment.id });
  });

  test("is found after a crash although another comment of ours was made to end with its marker", async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    const [row] = await database.db.sql.select().from(deliveries).where(eq(deliveries.id, id));
    const issue = IssueNumber.parse(row?.issueNumber);
    const speaking = await stage.github.speaking();
    const status = await speaking.createComment(REPO, issue, "### Countersign: reading the issue");
    await database.db.sql
      .insert(publications)
      .values({ deliveryId: id, key: "status", kind: "comment", repoId: REPO, remoteId: status.id, url: status.url });
    const crash = (here: string) => {
      if (here === "publish.after.create_comment") throw new Killed();
    };
    await expect(publish(stage.deps(crash), id, never)).rejects.toThrow(Killed);
    const plan = stage.github.comments.find(({ body }) => body.startsWith("**Plan ready"));
    if (plan === undefined) throw new Error("no gate comment");
    stage.github.tamper(status.id, `Look here.\n\n${plan.body.slice(plan.body.lastIndexOf("<!--"))}`);
    await publish(stage.deps(), id, never);
    expect((await idsOf(id)).get("plan:1")?.remoteId).toBe(plan.id);
    expect((await idsOf(id)).get("status")?.remoteId).toBe(status.id);
  });

  test("is seen to be whole again when its editor took it back", async () => {
    const { stage, id, comment } = await opened();
    stage.clock.now = new Date("2026-11-21T11:00:00.700Z");
    stage.github.tamper(comment.id, comment.body);
    await tampered(stage, id, comment);
    const { length } = stage.github.calls;
    await publish(stage.deps(), id, never);
    expect(stage.github.calls.slice(length)).not.toContain("createComment");
    expect(shownOf(await stage.advance(id))).toEqual({ at: "2026-11-21T11:00:01.000Z", commentId: comment.id });
  });

  test("is posted again when it was deleted", async () => {
    const { stage, id, comment } = await opened();
    stage.clock.now = new Date("2026-11-21T11:00:00.700Z");
    stage.github.tamper(comment.id, null);
    await tampered(stage, id, comment);
    await publish(stage.deps(), id, never);
    const again = stage.github.comments.find(({ body }) => body.startsWith("**Plan ready"));
    expect(again?.id).toBeGreaterThan(comment.id);
    expect(shownOf(await stage.advance(id))).toEqual({ at: "2026-11-21T11:00:00.000Z", commentId: again?.id });
  });
});

describe("an approval", () => {
  /** A gate that was shown and approved; what GitHub shows is still the open gate. */
  const approved = async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    await publish(stage.deps(), id, never);
    const { plan } = await stage.advance(id);
    if (plan === null) throw new Error("no plan");
    await publish(stage.deps(), id, never);
    const command = await storeCommand(database.db, id, "approve", 5_000_000 + id);
    const ask = {
      name: "approve",
      target: null,
      code: codeOf(plan.digest),
      quorum: 1,
      codeRequired: false,
      needs: ONLY_A_NUMBER,
    } as const;
    const at = instant(stage.clock.now);
    const origin = { kind: "button", checkRunId: CheckRunId.parse(1), clickedAt: at } as const;
    await database.db.transaction((tx) =>
      report(tx, id, {
        event: { type: "command", commandId: command, ask, origin },
        actor: OCTOCAT,
        at,
        dedupeKey: `button:${command}`,
      }),
    );
    expect((await stage.advance(id)).phase).toBe("implement");
    return { stage, id };
  };

  const closed = ({ github }: Stage, id: DeliveryId) => {
    expect(bodies(github).toSorted()).toEqual([
      `### Countersign D-${id}: making patches`,
      "**Approved** by `octocat`, 21 Nov 10:00 UTC. Patches follow in a new comment. Commands here no longer apply.",
    ]);
    expect(github.checks.map(({ draft }) => [draft.title, draft.actions])).toEqual([
      ["plan 1: approved by octocat", []],
    ]);
    expect(github.labels.size).toBe(0);
    expect(github.reactions.size).toBe(1);
  };

  test("closes the comment and the check run, takes the label off, and makes nothing new", async () => {
    const { stage, id } = await approved();
    await publish(stage.deps(), id, never);
    closed(stage, id);
    expect(stage.github.createdContent()).toBe(4);
  });

  test("does so once, wherever the publisher was killed or lost an answer", async () => {
    const first = await approved();
    const points: string[] = [];
    const { length } = first.stage.github.calls;
    await publish(
      first.stage.deps((name) => void points.push(name)),
      first.id,
      never,
    );
    const calls = first.stage.github.calls.slice(length);
    expect(calls).toEqual(["updateCheckRun", "updateComment", "updateComment", "removeLabel"]);
    for (const point of new Set(points)) {
      const { stage, id } = await approved();
      const crash = (here: string) => {
        if (here === point) throw new Killed();
      };
      await expect(publish(stage.deps(crash), id, never), point).rejects.toThrow(Killed);
      await publish(stage.deps(), id, never);
      closed(stage, id);
      expect(stage.github.createdContent(), point).toBe(4);
    }
    for (let call = 1; call <= calls.length; call++) {
      const { stage, id } = await approved();
      stage.github.loseAnswer(stage.github.calls.length + call);
      await expect(publish(stage.deps(), id, never)).rejects.toThrow("the answer is lost");
      await publish(stage.deps(), id, never);
      closed(stage, id);
    }
  }, 180_000);
});

describe("a version that was replaced", () => {
  const replace = (id: DeliveryId, stage: Stage) =>
    database.db.transaction(async ({ sql }) => {
      const stored = await loadDelivery({ sql }, id);
      if (stored?.delivery.plan == null) throw new Error("no plan");
      const { plan } = stored.delivery;
      const made = { kind: "plan", deliveryId: id, version: 2, content: PLAN } as const;
      const digest = artifactHash(made);
      const next = {
        ...stored.delivery,
        attempt: stored.delivery.attempt + 1,
        version: stored.delivery.version + 1,
        runStatus: "running" as const,
        plan: { ...plan, version: 2, digest, shown: null },
        retired: [{ digest: plan.digest, as: "replaced" as const }],
      };
      const { id: _, ...state } = next;
      await sql.update(deliveries).set(stateColumns(state)).where(eq(deliveries.id, id));
      await sql.insert(artifacts).values({ ...made, hash: digest, createdAt: stage.clock.now });
    });

  test("says so, and is folded where GitHub can", async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    await publish(stage.deps(), id, never);
    await stage.advance(id);
    await replace(id, stage);
    await publish(stage.deps(), id, never);
    const [, first] = stage.github.comments;
    const second = stage.github.comments.find(({ body }) => body.includes("(plan 2 of"));
    expect(first?.body).toMatch(
      new RegExp(
        `^\\*\\*Replaced\\*\\* by \\[plan 2\\]\\(.*issuecomment-${second?.id}\\)\\. Commands here no longer apply\\.`,
      ),
    );
    expect([first?.minimized, second?.minimized]).toEqual([true, false]);
    expect(stage.github.checks.map(({ draft }) => draft.title)).toEqual([
      "plan 1: replaced by plan 2",
      "plan 2: waits for a decision",
    ]);
  });

  test("says so too where GitHub refuses to fold it", async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    await publish(stage.deps(), id, never);
    await stage.advance(id);
    await replace(id, stage);
    stage.github.refuse("minimizeComment", "forbidden");
    expect(await publish(stage.deps(), id, never)).toEqual({ kind: "all" });
    expect(bodies(stage.github)[1]).toMatch(/^\*\*Replaced/);
  });

  test("is never posted when a crash kept it from being posted while it was open", async () => {
    for (const point of ["publish.before.create_check", "publish.before.create_comment"]) {
      await unpaced();
      const stage = openStage(database.db);
      const id = await storeUnshownPlan(database.db);
      const crash = (here: string) => {
        if (here === point) throw new Killed();
      };
      await expect(publish(stage.deps(crash), id, never)).rejects.toThrow(Killed);
      await replace(id, stage);
      await publish(stage.deps(), id, never);
      expect(bodies(stage.github).filter((line) => line?.startsWith("**"))).toEqual([
        `**Plan ready, please decide** (plan 2 of D-${id}): Keep digits in slugs`,
      ]);
      expect((await idsOf(id)).has("plan:1")).toBe(false);
      expect((await stage.advance(id)).plan?.shown).not.toBeNull();
    }
  });
});

describe("a label that two deliveries of one issue carry", () => {
  const become = (id: DeliveryId, change: Partial<Delivery>) =>
    database.db.transaction(async ({ sql }) => {
      const stored = await loadDelivery({ sql }, id);
      if (stored === null) throw new Error("no delivery");
      const { id: _, ...next } = { ...stored.delivery, ...change };
      const endedAt = next.runStatus === "canceled" ? new Date() : null;
      await sql
        .update(deliveries)
        .set({ ...stateColumns(next), endedAt })
        .where(eq(deliveries.id, id));
    });

  /** What undoes the other has the label; it is canceled, and people have to decide on the other. */
  const both = async () => {
    await unpaced();
    const stage = openStage(database.db);
    const parent = await storeLabeled(database.db, { phase: "observe", runStatus: "blocked", reason: "rolling_back" });
    const [row] = await database.db.sql.select().from(deliveries).where(eq(deliveries.id, parent));
    const child = await storeDelivery(database.db, {
      issueNumber: row?.issueNumber ?? 0,
      snapshot: SNAPSHOT,
      state: { phase: "implement", runStatus: "blocked", reason: "policy", undoes: parent },
    });
    await publish(stage.deps(), child, never);
    expect(stage.github.labels.size).toBe(1);
    await become(child, { runStatus: "canceled", reason: "by_command" });
    await become(parent, { runStatus: "failed", reason: "rollback_ended" });
    const put = (id: DeliveryId, crash?: (name: string) => Promise<void>) => publish(stage.deps(crash), id, never);
    return { stage, parent, child, put };
  };
  const KEY = "label:countersign:needs-human";
  const stands = async ({ stage, parent, child }: Awaited<ReturnType<typeof both>>) => {
    expect([...stage.github.labels]).toEqual([expect.stringContaining("countersign:needs-human")]);
    expect((await idsOf(parent)).has(KEY)).toBe(true);
    expect((await idsOf(child)).has(KEY)).toBe(false);
  };

  test("stays when one puts it on before the other takes it off", async () => {
    const here = await both();
    await here.put(here.parent);
    await here.put(here.child);
    await stands(here);
  });

  test("stands when one takes it off before the other puts it on", async () => {
    const here = await both();
    await here.put(here.child);
    expect(here.stage.github.labels.size).toBe(0);
    await here.put(here.parent);
    await stands(here);
  });

  test("stands when one puts it on while the other is about to take it off", async () => {
    const here = await both();
    let isPut = false;
    await here.put(here.child, async (name) => {
      if (name !== "publish.before.remove_label" || isPut) return;
      isPut = true;
      await here.put(here.parent);
    });
    expect(isPut).toBe(true);
    await here.put(here.parent);
    await stands(here);
  });

  test("goes when neither needs it any more", async () => {
    const here = await both();
    await here.put(here.parent);
    await become(here.parent, { runStatus: "canceled", reason: "by_command" });
    await Promise.all([here.put(here.parent), here.put(here.child)]);
    expect(here.stage.github.labels.size).toBe(0);
    expect((await idsOf(here.parent)).has(KEY)).toBe(false);
    expect((await idsOf(here.child)).has(KEY)).toBe(false);
  });
});

test("a label or reaction that GitHub refuses keeps no gate shut", async () => {
  await unpaced();
  const stage = openStage(database.db);
  const id = await storeUnshownPlan(database.db);
  stage.github.refuse("reactToIssue", "forbidden");
  stage.github.refuse("addLabels", "unprocessable");
  await publish(stage.deps(), id, never);
  expect((await stage.advance(id)).runStatus).toBe("succeeded");
  expect(await publish(stage.deps(), id, never)).toEqual({ kind: "all" });
});

test("a suspended installation hears nothing", async () => {
  const stage = openStage(database.db);
  const id = await storeLabeled(database.db, { holds: ["suspended"] });
  expect(await publish(stage.deps(), id, never)).toEqual({ kind: "all" });
  expect(stage.github.calls).toEqual([]);
});

test("a job that is not ours any more stops before its next call", async () => {
  await unpaced();
  const stage = openStage(database.db);
  const id = await storeUnshownPlan(database.db);
  const lost = new AbortController();
  const crash = (name: string) => {
    if (name === "publish.before.create_comment") lost.abort(new Error("lost"));
  };
  await expect(publish(stage.deps(crash), id, lost.signal)).rejects.toThrow("lost");
  expect(stage.github.calls).not.toContain("createComment");
});

test("where the pace does not let it go on, the job comes back later", async () => {
  await unpaced();
  const stage = openStage(database.db);
  const id = await storeLabeled(database.db);
  const installation = InstallationId.parse(INSTALLATION);
  for (let call = 0; call < 24; call++) {
    await database.db.transaction((tx) => claimSlot(tx, installation, stage.clock.now, 60));
  }
  await publishJob(stage.deps())({ deliveryId: id }, { tries: 1, lastTry: false, signal: never });
  expect(stage.github.calls).toEqual([]);
  const waiting = await database.jobs.waiting("publish");
  expect(waiting.filter(({ data }) => JSON.stringify(data) === JSON.stringify({ deliveryId: id }))).toEqual([
    { name: "publish", data: { deliveryId: id }, later: true },
  ]);
  await unpaced();
});

test("nothing is published for what does not exist", async () => {
  const stage = openStage(database.db);
  expect(await publish(stage.deps(), DeliveryId.parse(999_999), never)).toEqual({ kind: "all" });
  expect(stage.github.calls).toEqual([]);
});

describe("an open gate that has to be brought up to date", () => {
  const told = async (id: DeliveryId) =>
    (await database.db.sql.select().from(inbox).where(eq(inbox.deliveryId, id)).orderBy(inbox.id))
      .map(({ recorded, dedupeKey }) => ({ event: Recorded.parse(recorded).event, dedupeKey }))
      .filter(({ event }) => event.type === "gate_tampered");

  /** Its plan is shown, and its comment has to say something else now: it is on hold. */
  const held = async () => {
    await unpaced();
    const stage = openStage(database.db);
    const id = await storeUnshownPlan(database.db);
    await publish(stage.deps(), id, never);
    await stage.advance(id);
    await publish(stage.deps(), id, never);
    const shown = stage.github.comments.find(({ body }) => body.includes("Plan ready"));
    const stored = await loadDelivery(database.db, id);
    if (shown === undefined || stored === null) throw new Error("the plan is not shown");
    const { id: _, ...state } = stored.delivery;
    await database.db.sql
      .update(deliveries)
      .set(stateColumns({ ...state, holds: ["hold"] }))
      .where(eq(deliveries.id, id));
    return { stage, id, shown };
  };

  test("tells what somebody else did to it before it is wiped out", async () => {
    const { stage, id, shown } = await held();
    stage.github.tamper(shown.id, shown.body.replace("Plan ready", "Plan ready and harmless"));
    await publish(stage.deps(), id, never);
    expect(stage.github.comments.find((one) => one.id === shown.id)?.body).not.toContain("harmless");
    expect(await told(id)).toEqual([
      {
        event: { type: "gate_tampered", repoId: null, note: `comment ${shown.id} was edited` },
        dedupeKey: expect.stringMatching(new RegExp(`^gate_tampered:${shown.id}:2026-11-21T.*:plan$`)),
      },
    ]);
  });

  test("tells nothing of its own edits", async () => {
    const { stage, id } = await held();
    await publish(stage.deps(), id, never);
    await publish(stage.deps(), id, never);
    expect(await told(id)).toEqual([]);
  });
});
