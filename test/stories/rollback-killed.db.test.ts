// Killed at every boundary of a rollback, and again and again on the way after it, it leaves one of each: child, commit, branch, pull request.
import { afterEach, expect, it } from "vitest";
import type { CrashPoint } from "../../src/crash-points.ts";
import { deliveriesOf, quiet, writesOf } from "../support/reading-back.ts";
import { ended, expectLedgers, statesOf, toMerged, toUndoing, toUndoingPull } from "../support/rolling-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Of the rollback's own jobs, and of the write of what it made. */
const BOUNDARIES = [
  "rollback.before.begin",
  "rollback.after.begin",
  "revert.before.start",
  "revert.after.start",
  "revert.before.reopen",
  "revert.after.reopen",
  "revert.before.read",
  "revert.before.commit",
  "revert.after.commit",
  "write.before.intend",
  "write.after.intend",
  "write.before.create_branch",
  "write.after.create_branch",
  "write.before.open_pull",
  "write.after.open_pull",
  "write.before.report",
  "write.after.report",
];

const ROUNDS = 3;

type Deaths = Readonly<{ crash: CrashPoint; begin: () => void; left: ReadonlySet<string> }>;

/** Tries of a job are counted, so the points are shared out among several deliveries. Everything else is died at now and then. */
const dieInRound = (round: number): Deaths => {
  const left = new Set(BOUNDARIES.filter((_, index) => index % ROUNDS === round));
  const met = new Set<string>(BOUNDARIES);
  let begun = false;
  return {
    left,
    begin: () => {
      begun = true;
    },
    crash: (name) => {
      if (!begun) return;
      if (left.delete(name)) throw new Error(`died at ${name}`);
      // What was not acknowledged is GitHub's to send again, in its own time: test/stories/missed-webhooks.db.test.ts.
      if (met.has(name) || name.startsWith("webhooks.")) return;
      met.add(name);
      if (met.size % ROUNDS === round) throw new Error(`died at ${name}`);
    },
  };
};

it.each([0, 1, 2])("leaves one of each, round %i", async (round) => {
  const { crash, begin, left } = dieInRound(round);
  world = await openWorld({ crash, impatient: true });
  const { issue, before } = await toMerged(world);
  const { shop, github } = world;
  begin();
  const code = await toUndoing(world, issue);
  expect(await deliveriesOf(world, issue)).toHaveLength(2);
  const pull = await toUndoingPull(world, issue, code);
  await world.report(pull.head.sha, "success");
  await ended(world, issue, "D-2");
  await quiet(world);
  github.as(PEOPLE.approver).mergePull(pull.number, "squash");
  await quiet(world);

  expect([...left]).toEqual([]);
  expect(await statesOf(world, issue)).toEqual(["close/succeeded(rolled_back)", "close/succeeded"]);
  expect(shop.files()).toEqual(shop.files(before));
  expect(shop.issue(issue).state).toBe("open");
  const branches = [...shop.refs().keys()].filter((ref) => ref.includes("countersign/"));
  expect(branches).toEqual(["refs/heads/countersign/d-1", "refs/heads/countersign/d-2"]);
  expect(shop.pulls().map(({ head }) => head.ref)).toEqual(["countersign/d-1", "countersign/d-2"]);
  expect(shop.commit(pull.head.sha)?.parents).toHaveLength(1);
  const heads = world.ours(issue).map(({ body }) => body.split("\n")[0] ?? "");
  const first = (words: RegExp) => heads.filter((line) => words.test(line));
  expect(first(/^### Countersign D-2/)).toHaveLength(1);
  // The plan and the patches of the first, the patches of the second.
  expect(first(/^\*\*Approved\*\*/)).toHaveLength(3);
  expect(first(/^\*\*Merged\*\*/)).toHaveLength(1);
  expect(first(/^\*\*Rolled back\.\*\*/)).toHaveLength(1);
  const runs = shop.checkRuns().filter(({ app }) => app?.slug === "countersign");
  expect(new Set(runs.map(({ external_id }) => external_id)).size).toBe(runs.length);
  expect(await writesOf(world, 2)).toHaveLength(1);
  const kept = github.tokens.filter((t) => t.permissions["contents"] === "write" && t.revokedAt === null);
  expect(kept).toEqual([]);
  await expectLedgers(world, issue);
});
