// Killed again and again on its way through two repositories, a delivery leaves one of each effect in both.
import { afterEach, expect, it } from "vitest";
import { quiet, rowOf } from "../support/reading-back.ts";
import { API, approveAll, contentCalls, ISSUE, pullIn, SHOP, TWO, toReview } from "../support/several-repositories.ts";
import { expectVerifiedLedger } from "../support/whole-way.ts";
import { dieOnce, openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const EVERY = 3;

it.each([0, 1, 2])("leaves one of each effect in both, round %i", async (first) => {
  const death = dieOnce(first, EVERY);
  const here = await openWorld({ ...TWO, crash: death.crash, impatient: true });
  world = here;
  const at = await toReview(here, [SHOP, API], ISSUE);
  await approveAll(here, at);
  await here.until(() => /checks are watched/.test(here.status(at.issue)), "the watch");
  for (const name of [SHOP, API]) {
    await here.report((await pullIn(here, at.issue, name))?.head.sha ?? "", "success", "test", name);
  }
  await here.until(() => /It is over/.test(here.status(at.issue)), "the end");
  await quiet(here);

  expect(death.died.filter((name) => name.startsWith("write.")).length).toBeGreaterThan(2);
  const { id } = await rowOf(here, at.issue);
  for (const name of [SHOP, API]) {
    const repository = here.repo(name);
    const branches = [...repository.refs().keys()].filter((ref) => ref.includes("countersign/"));
    expect(branches).toEqual([`refs/heads/countersign/d-${id}`]);
    expect(repository.pulls()).toHaveLength(1);
    expect(contentCalls(here).filter((call) => call === `POST ${name} pulls`)).toHaveLength(1);
    const ours = repository.checkRuns().filter(({ app }) => app?.slug === "countersign");
    expect(new Set(ours.map(({ external_id }) => external_id)).size).toBe(ours.length);
  }
  const heads = here.ours(at.issue).map(({ body }) => body.split("\n")[0]);
  expect(heads.filter((line) => line?.startsWith("**Approved**"))).toHaveLength(3);
  const open = here.github.tokens.filter((t) => t.permissions["contents"] === "write" && t.revokedAt === null);
  expect(open).toEqual([]);
  await expectVerifiedLedger(here.database.db.sql);
});
