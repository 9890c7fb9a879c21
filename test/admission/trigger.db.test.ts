// From the label to a delivery, a refusal or nothing: on a real database, with every webhook twice, late, early and cut short.
import { count, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  constraintSnapshots,
  contextPackets,
  deliveries,
  deliveryRepos,
  ledger,
  phaseRuns,
} from "../../src/db/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { DeliveryId, RepoId } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import * as sample from "../webhooks/samples.ts";
import { crashPointsOf, createScene, dieAt, Killed, type Scene } from "../webhooks/scene.ts";
import { accountOf, shaOf } from "../webhooks/world.ts";

let database: TestDatabase;
let scene: Scene;
/** Each test has issues of its own on one database. */
let next = 100;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  scene = createScene(database);
  scene.installationLimit = 1000;
  scene.world.config = "limits:\n  live_deliveries: 1000\n";
});

const newIssue = (change: Parameters<Scene["world"]["issue"]>[1] = {}) => {
  const number = next++;
  return scene.world.issue(number, change);
};
const at = (time: string) => ({ updated_at: time });
const labeledOn = (
  issue: { id: number; number: number },
  change: sample.Json = {},
  issueChange: sample.Json = {},
  label?: string,
) => sample.labeled(change, { id: issue.id, number: issue.number, ...issueChange }, label);
const rowsIn = async (table: typeof deliveries | typeof ledger) =>
  (await database.db.sql.select({ rows: count() }).from(table))[0]?.rows ?? 0;
const refusalsOf = async (id: number) => {
  const chain = await scene.chain(`R-${sample.REPO}`);
  return chain.filter(({ action, entityId }) => action === "admission_refused" && entityId.startsWith(`${id}:`));
};
const onlyDelivery = async (number: number) => {
  const [row, ...more] = await scene.deliveriesOf(number);
  if (row === undefined || more.length > 0) throw new Error(`not one delivery of issue ${number}`);
  return { ...row, id: DeliveryId.parse(row.id) };
};

describe("admitted", () => {
  it("leaves everything that a delivery begins with, in one transaction", async () => {
    const issue = newIssue();
    scene.world.say(issue.number, { body: "Only in titles." });
    scene.world.config =
      "exit_phase: review\nmax_revisions: 4\nagent:\n  max_tokens: 5000\napprovers: [mona, nobody, acme/core]\n";
    scene.world.teams.set("acme/core", [accountOf(sample.octocat)]);
    const outcome = await scene.tell("issues", labeledOn(issue));
    const row = await onlyDelivery(issue.number);
    expect(outcome).toBe(`admitted D-${row.id}`);
    expect(row).toMatchObject({
      repoId: sample.REPO,
      issueId: issue.id,
      issueTitle: issue.title,
      parentId: null,
      requesterId: sample.mona.id,
      requesterLogin: "mona",
      phase: "intake",
      runStatus: "pending",
      exitPhase: "review",
      revisionsLeft: 4,
      tokenBudget: 5000,
      deadlineSeconds: 1800,
    });
    const repos = await database.db.sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, row.id));
    expect(repos).toEqual([
      expect.objectContaining({
        role: "primary",
        baseBranch: "main",
        baseSha: shaOf("head"),
        visibility: "private",
        pullNumber: null,
      }),
    ]);
    const [snapshot] = await database.db.sql
      .select()
      .from(constraintSnapshots)
      .where(eq(constraintSnapshots.deliveryId, row.id));
    expect(snapshot).toMatchObject({
      version: 1,
      content: {
        config: { label: "countersign", exit_phase: "review" },
        from: {
          repoId: sample.REPO,
          path: ".github/countersign.yml",
          commit: shaOf("head"),
          blob: shaOf(scene.world.config),
        },
        approvers: {
          kind: "named",
          people: [
            { id: 11, login: "mona" },
            { id: 12, login: "octocat" },
          ],
          unknown: ["nobody"],
        },
      },
    });
    expect(snapshot?.hash).toBe(digestOf(snapshot?.content));
    const [packet] = await database.db.sql.select().from(contextPackets).where(eq(contextPackets.deliveryId, row.id));
    expect(packet).toMatchObject({
      version: 1,
      content: {
        issue: { title: issue.title, comments: [{ body: "Only in titles.", author: { login: "mona" } }] },
        repositories: [],
      },
    });
    const stays = await database.db.sql.select().from(phaseRuns).where(eq(phaseRuns.deliveryId, row.id));
    expect(stays).toEqual([expect.objectContaining({ phase: "intake", leftAt: null })]);
    const chain = await scene.chain(`D-${row.id}`);
    expect(chain.map(({ action }) => action)).toEqual([
      "admitted",
      "trigger_recorded",
      "constraints_snapshotted",
      "context_packed",
    ]);
    expect(chain[0]).toMatchObject({
      actorKind: "human",
      actorId: "11",
      before: null,
      after: await scene.delivery(row.id),
    });
    expect(new Set(chain.map(({ traceId }) => traceId))).toEqual(new Set([row.traceId]));
    expect(await verifyStored(database.db.sql, `D-${row.id}`)).toMatchObject({ ok: true });
    const waiting = await database.jobs.waiting();
    const own = waiting.filter(({ data }) => JSON.stringify(data).includes(`"deliveryId":${row.id}`));
    expect(own.map(({ name, data }) => [name, data]).sort()).toEqual([
      ["publish", { deliveryId: row.id }],
      ["triage", { deliveryId: row.id, attempt: 1 }],
    ]);
  });

  it("makes the rows of a source that no event has told of yet, and later events find them", async () => {
    const repo = 60_001;
    const facts = scene.world.repositories.get(sample.REPO);
    if (facts === undefined) throw new Error("no repository");
    scene.world.installations.set(6001, "here");
    scene.world.repositories.set(repo, {
      ...facts,
      id: RepoId.parse(repo),
      installationId: 6001,
      name: "new",
      visibility: "internal",
    });
    const place = { installation: { id: 6001 }, repository: sample.repository({ id: repo, name: "new" }) };
    const issue = newIssue();
    expect(await scene.tell("issues", labeledOn(issue, place))).toMatch(/^admitted/);
    expect(await scene.source(repo)).toMatchObject({
      installationId: 6001,
      active: true,
      visibility: "internal",
      name: "new",
    });
    const created = sample.installation("created", { id: 6001 }, { repositories: [sample.listed(repo, "acme/new")] });
    await scene.tell("installation", created);
    expect(await scene.installation(6001)).toMatchObject({
      updatedAt: new Date("2026-11-20T08:00:00Z"),
      suspendedAt: null,
    });
    expect(await scene.source(repo)).toMatchObject({ installationId: 6001, active: true });
  });

  it("takes the defaults where there is no file, and the source's nearer exit", async () => {
    const issue = newIssue();
    scene.world.config = null;
    await scene.tell("issues", labeledOn(issue));
    expect(await onlyDelivery(issue.number)).toMatchObject({ exitPhase: "verify", tokenBudget: 200_000 });
    const { sources } = await import("../../src/db/schema.ts");
    await database.db.sql.update(sources).set({ defaultExitPhase: "plan" }).where(eq(sources.repoId, sample.REPO));
    const other = newIssue();
    await scene.tell("issues", labeledOn(other));
    expect((await onlyDelivery(other.number)).exitPhase).toBe("plan");
    await database.db.sql.update(sources).set({ defaultExitPhase: null }).where(eq(sources.repoId, sample.REPO));
  });

  it("asks GitHub for the role of the same person, not of the same name", async () => {
    const issue = newIssue();
    scene.world.roles.set("mona", { role: "admin", account: accountOf({ id: 999, login: "mona", type: "User" }) });
    expect(await scene.tell("issues", labeledOn(issue))).toBe("refused labeler_role");
  });

  it("hears comments of people who may write, and asks for each role once", async () => {
    const issue = newIssue();
    for (const body of ["a", "b", "c"]) scene.world.say(issue.number, { body });
    scene.world.say(issue.number, { body: "inject", author: accountOf(sample.octocat) });
    scene.world.calls.length = 0;
    await scene.tell("issues", labeledOn(issue));
    expect(scene.world.calls.filter((call) => call === "role octocat")).toHaveLength(1);
    const { id } = await onlyDelivery(issue.number);
    const [packet] = await database.db.sql.select().from(contextPackets).where(eq(contextPackets.deliveryId, id));
    expect(JSON.stringify(packet?.content)).not.toContain("inject");
  });
});

describe("the same trigger again", () => {
  it("changes nothing: redelivered, replayed under a new GUID, and after the end", async () => {
    const issue = newIssue();
    const payload = labeledOn(issue);
    const guid = await scene.receive("issues", payload);
    await scene.run(guid);
    await scene.run(guid);
    const { id } = await onlyDelivery(issue.number);
    expect(await scene.tell("issues", payload)).toBe(`admitted D-${id}`);
    expect(await scene.inboxOf(id)).toEqual([]);
    await scene.end(id);
    expect(await scene.tell("issues", payload)).toBe(`admitted D-${id}`);
    expect(await scene.deliveriesOf(issue.number)).toHaveLength(1);
  });

  it("is one delivery when two webhooks of it are understood at the same time", async () => {
    const issue = newIssue();
    const guids = await Promise.all([1, 2, 3].map(() => scene.receive("issues", labeledOn(issue))));
    await Promise.all(guids.map((guid) => scene.run(guid)));
    const { id } = await onlyDelivery(issue.number);
    expect(await Promise.all(guids.map((guid) => scene.outcome(guid)))).toEqual(guids.map(() => `admitted D-${id}`));
  });

  it("after the end, put on anew, is a delivery with a parent", async () => {
    const issue = newIssue();
    await scene.tell("issues", labeledOn(issue));
    const { id } = await onlyDelivery(issue.number);
    await scene.end(id);
    await scene.tell("issues", labeledOn(issue, {}, at("2026-11-21T12:00:00Z")));
    const [, second] = await scene.deliveriesOf(issue.number);
    expect(second).toMatchObject({ parentId: id, phase: "intake" });
  });

  it("while it lives, put on anew, is one fact to it, however often it is told", async () => {
    const issue = newIssue();
    await scene.tell("issues", labeledOn(issue));
    const { id } = await onlyDelivery(issue.number);
    const anew = labeledOn(issue, {}, at("2026-11-21T12:00:00Z"));
    expect(await scene.tell("issues", anew)).toBe(`repeated D-${id}`);
    expect(await scene.tell("issues", anew)).toBe(`repeated D-${id}`);
    expect((await scene.inboxOf(id)).map(({ recorded }) => Object(recorded).event.type)).toEqual(["trigger_repeated"]);
    expect(await scene.deliveriesOf(issue.number)).toHaveLength(1);
  });
});

describe("refused", () => {
  const refuse = {
    labeler_role: () => scene.world.roles.set("mona", { role: "triage", account: accountOf(sample.mona) }),
    config_invalid: () => (scene.world.config = "max_revisions: many\n"),
    issue_closed: () => scene.world.issue(next - 1, { state: "closed" }),
    issue_too_large: () => (scene.world.config = "limits:\n  issue_characters: 100\n  live_deliveries: 1000\n"),
    too_many_live: () => (scene.installationLimit = 0),
    source_inactive: () => {},
  } as const;

  it.each(Object.keys(refuse))(
    "%s: one comment, one ledger row, no delivery, also when it is told again",
    async (code) => {
      const issue = newIssue({ body: "x".repeat(200) });
      const { sources } = await import("../../src/db/schema.ts");
      const setActive = (active: boolean) =>
        database.db.sql.update(sources).set({ active }).where(eq(sources.repoId, sample.REPO));
      if (code === "source_inactive") await setActive(false);
      Object(refuse)[code]();
      const payload = labeledOn(issue, {}, { body: issue.body });
      expect(await scene.tell("issues", payload)).toBe(`refused ${code}`);
      expect(await scene.tell("issues", payload)).toBe(`refused ${code}`);
      if (code === "source_inactive") await setActive(true);
      expect(scene.world.said(issue.number)).toEqual([expect.stringContaining(code)]);
      expect(await refusalsOf(issue.id)).toEqual([
        expect.objectContaining({
          actorKind: "system",
          deliveryId: null,
          after: expect.objectContaining({ refusal: expect.objectContaining({ code }) }),
        }),
      ]);
      expect(await scene.deliveriesOf(issue.number)).toEqual([]);
      expect(await verifyStored(database.db.sql, `R-${sample.REPO}`)).toMatchObject({ ok: true });
    },
  );

  it("a bot is refused, whatever role it has", async () => {
    const issue = newIssue();
    expect(await scene.tell("issues", labeledOn(issue, { sender: sample.otherBot }))).toBe("refused labeler_is_bot");
    expect(scene.world.calls).not.toContain(`role ${sample.otherBot.login}`);
  });

  it("a label that is put on anew is judged anew", async () => {
    const issue = newIssue();
    refuse.labeler_role();
    await scene.tell("issues", labeledOn(issue));
    await scene.tell("issues", labeledOn(issue, {}, at("2026-11-21T12:00:00Z")));
    expect(scene.world.said(issue.number)).toHaveLength(2);
    scene.world.roles.set("mona", { role: "write", account: accountOf(sample.mona) });
    expect(await scene.tell("issues", labeledOn(issue, {}, at("2026-11-21T12:00:01Z")))).toMatch(/^admitted/);
  });

  it("stays refused for this trigger, whatever changes before a killed run is done again", async () => {
    const issue = newIssue();
    refuse.labeler_role();
    const guid = await scene.receive("issues", labeledOn(issue));
    scene.crash = (name) => {
      if (name === "admission.before.say_refusal") throw new Killed(name);
    };
    await expect(scene.run(guid)).rejects.toThrow(Killed);
    scene.crash = () => {};
    scene.world.roles.set("mona", { role: "admin", account: accountOf(sample.mona) });
    await scene.run(guid);
    expect(await scene.outcome(guid)).toBe("refused labeler_role");
    expect(await scene.deliveriesOf(issue.number)).toEqual([]);
    expect(scene.world.said(issue.number)).toHaveLength(1);
  });

  it("is not said where GitHub takes no comment, nor twice where not all comments can be read", async () => {
    const locked = newIssue();
    refuse.labeler_role();
    scene.world.onCall = (name) => {
      if (name === "createComment") throw new GitHubError("forbidden", "locked", { status: 403 });
    };
    expect(await scene.tell("issues", labeledOn(locked))).toBe("refused labeler_role, unsaid");
    scene.world.onCall = () => {};
    const crowded = newIssue();
    scene.world.commentsComplete = false;
    expect(await scene.tell("issues", labeledOn(crowded))).toBe("refused labeler_role, unsaid");
    expect(scene.world.said(crowded.number)).toEqual([]);
  });

  it("is said later when GitHub fails now", async () => {
    const issue = newIssue();
    refuse.labeler_role();
    scene.world.onCall = (name) => {
      if (name === "createComment") throw new GitHubError("server", "bad gateway", { status: 502 });
    };
    const guid = await scene.receive("issues", labeledOn(issue));
    await expect(scene.run(guid)).rejects.toThrow("bad gateway");
    expect(await scene.outcome(guid)).toBeNull();
    scene.world.onCall = () => {};
    await scene.run(guid);
    expect(scene.world.said(issue.number)).toHaveLength(1);
    expect(await refusalsOf(issue.id)).toHaveLength(1);
  });
});

describe("nothing", () => {
  it("another label costs one request, and our own labels none", async () => {
    const issue = newIssue({ labels: ["bug", "countersign:plan"] });
    scene.world.calls.length = 0;
    expect(await scene.tell("issues", labeledOn(issue, {}, {}, "bug"))).toBe("other_label");
    expect(scene.world.calls).toEqual(["file .github/countersign.yml"]);
    expect(await scene.tell("issues", labeledOn(issue, { sender: sample.ourBot }, {}, "countersign:plan"))).toBe(
      "ignored own",
    );
    expect(scene.world.calls).toHaveLength(1);
  });

  it("another label on an issue with a live delivery costs none", async () => {
    const issue = newIssue({ labels: ["countersign", "bug"] });
    await scene.tell("issues", labeledOn(issue));
    scene.world.calls.length = 0;
    expect(await scene.tell("issues", labeledOn(issue, {}, at("2026-11-21T12:00:00Z"), "bug"))).toBe("other_label");
    expect(scene.world.calls).toEqual([]);
  });

  it("the default label means nothing where another is configured, and that one everything", async () => {
    const issue = newIssue({ labels: ["countersign", "ship it"] });
    scene.world.config = "label: ship it\n";
    expect(await scene.tell("issues", labeledOn(issue))).toBe("other_label");
    expect(await scene.tell("issues", labeledOn(issue, {}, {}, "Ship It"))).toMatch(/^admitted/);
  });

  it.each<[string, (issue: { number: number; id: number }) => void]>([
    ["label_gone", ({ number }) => scene.world.issue(number, { labels: [] })],
    ["issue_gone", ({ number }) => scene.world.issues.delete(number)],
    ["issue_gone", ({ number, id }) => scene.world.issue(number, { id: id + 5_000_000 })],
    ["no_commit", () => (scene.world.head = null)],
    ["archived", () => change({ archived: true })],
    ["unreachable", () => change({ installationId: 1 })],
    ["unreachable", () => scene.world.installations.clear()],
    ["refused", () => scene.world.installations.set(sample.INSTALLATION, "suspended")],
  ])("%s by the time that it is looked at: nobody is told", async (outcome, happens) => {
    const before = [await rowsIn(deliveries), await rowsIn(ledger)];
    const issue = newIssue();
    happens(issue);
    expect(await scene.tell("issues", labeledOn(issue))).toBe(outcome);
    expect(scene.world.said(issue.number)).toEqual([]);
    expect([await rowsIn(deliveries), await rowsIn(ledger)]).toEqual(before);
  });
  const change = (facts: Readonly<{ archived?: boolean; installationId?: number }>) => {
    const repository = scene.world.repositories.get(sample.REPO);
    if (repository !== undefined) scene.world.repositories.set(sample.REPO, { ...repository, ...facts });
  };

  it("an event that GitHub does not answer to is tried again, and given up only on the last try", async () => {
    const issue = newIssue();
    scene.world.onCall = (name) => {
      if (name === "branchHead") throw new GitHubError("conflict", "empty", { status: 409 });
    };
    const guid = await scene.receive("issues", labeledOn(issue));
    await expect(scene.run(guid)).rejects.toThrow("empty");
    await scene.run(guid, true);
    expect(await scene.outcome(guid)).toBe("given_up conflict");
    scene.world.onCall = () => {
      throw new GitHubError("unauthorized", "bad key", { status: 401 });
    };
    const other = await scene.receive("issues", labeledOn(issue, {}, at("2026-11-21T12:00:00Z")));
    await expect(scene.run(other, true)).rejects.toThrow("bad key");
    expect(await scene.outcome(other)).toBeNull();
  });
});

describe("what happens to the issue meanwhile", () => {
  it("closed while it is admitted: the delivery is born and held", async () => {
    const issue = newIssue();
    scene.world.onCall = (name) => {
      if (name === "comments") scene.world.issue(issue.number, { state: "closed", title: "Other words" });
    };
    await scene.tell("issues", labeledOn(issue));
    const { id } = await onlyDelivery(issue.number);
    expect((await scene.delivery(id)).holds).toEqual(["issue_closed"]);
    const said = (await scene.inboxOf(id)).map(({ recorded }) => Object(recorded).event.type);
    expect(said.sort()).toEqual(["hold_added", "issue_edited"]);
  });

  it("the snapshot is of the label's moment, not of the reading", async () => {
    const issue = newIssue();
    const payload = labeledOn(issue, {}, { title: "As labeled" });
    scene.world.issue(issue.number, { title: "Edited since" });
    await scene.tell("issues", payload);
    const row = await onlyDelivery(issue.number);
    expect(row.issueTitle).toBe("As labeled");
    const [packet] = await database.db.sql.select().from(contextPackets).where(eq(contextPackets.deliveryId, row.id));
    expect(Object(packet?.content).issue.title).toBe("As labeled");
  });

  it("a limit that is reached by another admission in between is kept", async () => {
    const [a, b] = [newIssue(), newIssue()];
    const repo = 60_002;
    const facts = scene.world.repositories.get(sample.REPO);
    if (facts === undefined) throw new Error("no repository");
    scene.world.repositories.set(repo, { ...facts, id: RepoId.parse(repo), name: "narrow" });
    scene.world.config = "limits:\n  live_deliveries: 1\n";
    const place = { repository: sample.repository({ id: repo, name: "narrow" }) };
    const guids = await Promise.all([a, b].map((issue) => scene.receive("issues", labeledOn(issue, place))));
    await Promise.all(guids.map((guid) => scene.run(guid)));
    const outcomes = await Promise.all(guids.map((guid) => scene.outcome(guid)));
    expect(outcomes.map((outcome) => outcome?.split(" ")[0]).sort()).toEqual(["admitted", "refused"]);
  });

  it("the limit of an installation is kept over its repositories", async () => {
    const facts = scene.world.repositories.get(sample.REPO);
    if (facts === undefined) throw new Error("no repository");
    scene.world.installations.set(6003, "here");
    await scene.tell("installation", sample.installation("created", { id: 6003 }, { repositories: [] }));
    scene.installationLimit = 1;
    const guids = await Promise.all(
      [60_011, 60_012, 60_013].map((repo) => {
        scene.world.repositories.set(repo, {
          ...facts,
          id: RepoId.parse(repo),
          installationId: 6003,
          name: `r${repo}`,
        });
        const place = { installation: { id: 6003 }, repository: sample.repository({ id: repo, name: `r${repo}` }) };
        return scene.receive("issues", labeledOn(newIssue(), place));
      }),
    );
    await Promise.all(guids.map((guid) => scene.run(guid)));
    const outcomes = await Promise.all(guids.map((guid) => scene.outcome(guid)));
    expect(outcomes.map((outcome) => outcome?.split(" ")[0]).sort()).toEqual(["admitted", "refused", "refused"]);
  });
});

describe("killed at each point and run again", () => {
  const admitted = async (issue: { id: number; number: number }) => {
    const guid = await scene.receive("issues", labeledOn(issue));
    return { guid, run: () => scene.run(guid) };
  };

  it("an admission leaves one delivery with one of everything", async () => {
    const first = await admitted(newIssue());
    const points = await crashPointsOf(scene, first.run);
    expect(points).toBeGreaterThan(10);
    for (let nth = 0; nth < points; nth++) {
      const issue = newIssue();
      const { guid, run } = await admitted(issue);
      dieAt(scene, nth);
      await expect(run()).rejects.toThrow(Killed);
      scene.crash = () => {};
      await run();
      await scene.settle();
      const { id } = await onlyDelivery(issue.number);
      expect(await scene.outcome(guid)).toBe(`admitted D-${id}`);
      expect(await scene.chain(`D-${id}`)).toHaveLength(4);
      expect(await database.db.sql.select().from(contextPackets).where(eq(contextPackets.deliveryId, id))).toHaveLength(
        1,
      );
      const jobs = (await database.jobs.waiting()).filter(({ data }) =>
        JSON.stringify(data).includes(`"deliveryId":${id}`),
      );
      expect(jobs).toHaveLength(2);
    }
  });

  it("a refusal leaves one ledger row and one comment", async () => {
    scene.world.roles.set("mona", { role: "read", account: accountOf(sample.mona) });
    const points = await crashPointsOf(scene, (await admitted(newIssue())).run);
    expect(points).toBeGreaterThan(8);
    for (let nth = 0; nth < points; nth++) {
      const issue = newIssue();
      const { guid, run } = await admitted(issue);
      dieAt(scene, nth);
      await expect(run()).rejects.toThrow(Killed);
      scene.crash = () => {};
      await run();
      expect(await scene.outcome(guid)).toBe("refused labeler_role");
      expect(scene.world.said(issue.number)).toHaveLength(1);
      expect(await refusalsOf(issue.id)).toHaveLength(1);
    }
  });
});
