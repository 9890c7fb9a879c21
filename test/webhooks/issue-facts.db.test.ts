// What an issue does while its delivery lives: holds follow the issue as it is, in whatever order the events come.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryId } from "../../src/ids.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import * as sample from "./samples.ts";
import { crashPointsOf, createScene, dieAt, Killed, type Scene } from "./scene.ts";
import { accountOf, shaOf } from "./world.ts";

let database: TestDatabase;
let scene: Scene;
let next = 100;
let number: number;
let id: DeliveryId;
let second = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  scene = createScene(database);
  scene.world.config = "limits:\n  live_deliveries: 1000\n";
  number = next++;
  id = await scene.admit(number);
});

/** A second later than the last one. */
const event = (action: string, change: sample.Json = {}) => {
  const updated_at = new Date(Date.UTC(2026, 10, 21, 11, 0, ++second)).toISOString().replace(".000", "");
  const { id: issueId } = scene.world.issue(number);
  return { ...sample.issues(action, { id: issueId, number, updated_at }), label: { name: "countersign" }, ...change };
};
const tell = (action: string, change: sample.Json = {}) => scene.tell("issues", event(action, change));
const holds = async () => (await scene.delivery(id)).holds;

describe("closed and reopened", () => {
  it("hold and free, as often as it happens", async () => {
    for (let times = 0; times < 3; times++) {
      scene.world.issue(number, { state: "closed" });
      expect(await tell("closed")).toBe(`told D-${id}`);
      expect(await holds()).toEqual(["issue_closed"]);
      scene.world.issue(number, { state: "open" });
      await tell("reopened");
      expect(await holds()).toEqual([]);
    }
    expect(await scene.told(id)).toHaveLength(6);
  });

  it("a replay under a new GUID finds nothing to say", async () => {
    scene.world.issue(number, { state: "closed" });
    const closed = event("closed");
    await scene.tell("issues", closed);
    await scene.tell("issues", closed);
    expect(await scene.told(id)).toEqual(["hold_added"]);
  });

  it("in the wrong order mean what is so now", async () => {
    scene.world.issue(number, { state: "open" });
    await tell("reopened");
    await tell("closed");
    expect(await holds()).toEqual([]);
    expect(await scene.told(id)).toEqual([]);
  });

  it("while the first is still being told: who tells last has looked after the other", async () => {
    scene.world.issue(number, { state: "closed" });
    const [closed, reopened] = [
      await scene.receive("issues", event("closed")),
      await scene.receive("issues", event("reopened")),
    ];
    // Between the reading of the first job and its telling, the issue is reopened and the second job runs whole.
    scene.crash = async (name) => {
      if (name !== "intake.before.tell_issue") return;
      scene.crash = () => {};
      scene.world.issue(number, { state: "open" });
      await scene.run(reopened);
    };
    await scene.run(closed);
    await scene.settle();
    expect(await holds()).toEqual([]);
  });

  it("are judged by what waits in the inbox, too", async () => {
    scene.world.issue(number, { state: "closed" });
    await scene.run(await scene.receive("issues", event("closed")));
    scene.world.issue(number, { state: "open" });
    await scene.run(await scene.receive("issues", event("reopened")));
    await scene.settle();
    expect(await scene.told(id)).toEqual(["hold_added", "hold_removed"]);
    expect(await holds()).toEqual([]);
  });

  it("a closing by the merge of the delivery's own pull request is no objection", async () => {
    number = next++;
    id = await scene.admit(number, { phase: "verify", runStatus: "running" }, { pull: 57, head: shaOf("written") });
    scene.world.pull(57, { state: "closed", merged: true });
    scene.world.issue(number, { state: "closed" });
    await tell("closed");
    expect(await holds()).toEqual([]);
    scene.world.pull(57, { merged: false });
    await tell("closed");
    expect(await holds()).toEqual(["issue_closed"]);
  });

  it("our own closing is inert", async () => {
    scene.world.issue(number, { state: "closed" });
    expect(await tell("closed", { sender: sample.ourBot })).toBe("ignored own");
    expect(await holds()).toEqual([]);
  });
});

describe("the label taken off and put back", () => {
  it("holds, and frees without a reply when somebody who may write puts it back", async () => {
    scene.world.issue(number, { labels: [] });
    await tell("unlabeled");
    expect(await holds()).toEqual(["unlabeled"]);
    scene.world.issue(number, { labels: ["Countersign"] });
    expect(await tell("labeled")).toBe(`repeated D-${id}`);
    expect(await holds()).toEqual([]);
    expect(await scene.told(id)).toEqual(["hold_added", "hold_removed"]);
  });

  it("stays held when somebody else puts it back, who is told why not", async () => {
    scene.world.roles.set("octocat", { role: "triage", account: accountOf(sample.octocat) });
    scene.world.issue(number, { labels: [] });
    await tell("unlabeled");
    scene.world.issue(number, { labels: ["countersign"] });
    expect(await tell("labeled", { sender: sample.octocat })).toBe("refused labeler_role");
    expect(scene.world.said(number)).toHaveLength(1);
    await tell("closed");
    expect(await holds()).toEqual(["unlabeled"]);
  });

  it("another label taken off is none of ours, though it costs a look", async () => {
    await tell("unlabeled", { label: { name: "bug" } });
    expect(await scene.told(id)).toEqual([]);
  });

  it.each(["labeled twice by a killed job"])("%s is not taken for a repeated trigger", async () => {
    scene.world.issue(number, { labels: [] });
    await tell("unlabeled");
    scene.world.issue(number, { labels: ["countersign"] });
    const guid = await scene.receive("issues", event("labeled"));
    scene.crash = (name) => {
      if (name === "intake.before.end") throw new Killed(name);
    };
    await expect(scene.run(guid)).rejects.toThrow(Killed);
    await scene.settle();
    scene.crash = () => {};
    await scene.run(guid);
    await scene.settle();
    expect(await scene.told(id)).toEqual(["hold_added", "hold_removed"]);
  });
});

describe("edited", () => {
  it("is told once for each text, and not when the old text is back", async () => {
    scene.world.issue(number, { body: "other words" });
    await tell("edited");
    await tell("edited");
    expect(await scene.told(id)).toEqual(["issue_edited"]);
    scene.world.issue(number, { title: "other title" });
    await tell("edited");
    expect(await scene.told(id)).toEqual(["issue_edited", "issue_edited"]);
    const fresh = createScene(database);
    scene.world.issue(number, { title: fresh.world.issue(number).title, body: fresh.world.issue(number).body });
    await tell("edited");
    expect(await scene.told(id)).toHaveLength(2);
  });
});

describe("gone", () => {
  it.each([["deleted"], ["transferred"]])("%s: canceled, once", async (action) => {
    const gone = event(action);
    await scene.tell("issues", gone);
    expect(await scene.delivery(id)).toMatchObject({ runStatus: "canceled", reason: "source_gone" });
    expect(await scene.tell("issues", gone)).toBe("no_live_delivery");
    expect(await scene.told(id)).toEqual(["source_gone"]);
  });

  it("is seen by any other event too: a moved issue answers under another id", async () => {
    const closed = event("closed");
    scene.world.issue(number, { id: 5_555_555 + number });
    await scene.tell("issues", closed);
    expect(await scene.delivery(id)).toMatchObject({ runStatus: "canceled", reason: "source_gone" });
  });

  it("before its label is understood: nothing is born", async () => {
    number = next++;
    const { id: issueId } = scene.world.issue(number);
    await tell("deleted");
    scene.world.issues.delete(number);
    expect(await scene.tell("issues", sample.labeled({}, { id: issueId, number }))).toBe("issue_gone");
    expect(await scene.deliveriesOf(number)).toEqual([]);
  });
});

it("an issue without a delivery costs no request", async () => {
  number = next++;
  scene.world.issue(number);
  scene.world.calls.length = 0;
  for (const action of ["unlabeled", "closed", "reopened", "edited", "deleted", "transferred"]) {
    expect(await tell(action)).toBe("no_live_delivery");
  }
  expect(scene.world.calls).toEqual([]);
});

it("killed at each point and run again, a closing is one hold", async () => {
  const close = async () => {
    scene.world.issue(number, { state: "closed" });
    const guid = await scene.receive("issues", event("closed"));
    return () => scene.run(guid);
  };
  const points = await crashPointsOf(scene, await close());
  expect(points).toBeGreaterThan(5);
  for (let nth = 0; nth < points; nth++) {
    number = next++;
    id = await scene.admit(number);
    const run = await close();
    dieAt(scene, nth);
    await expect(run()).rejects.toThrow(Killed);
    scene.crash = () => {};
    await run();
    await scene.settle();
    expect(await scene.told(id)).toEqual(["hold_added"]);
    expect(await holds()).toEqual(["issue_closed"]);
  }
});
