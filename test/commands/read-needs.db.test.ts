// What is read before an approval is judged: whose logins were whose, and who owns what is to be approved.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { handleComment } from "../../src/commands/handle.ts";
import { knownLogins } from "../../src/commands/known-logins.ts";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { constraintSnapshots } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { Recorded } from "../../src/delivery/event.ts";
import { type DeliveryId, PatchSetId, type RepoId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { savePatchSet } from "../../src/patches/store.ts";
import { contentOf } from "../patches/contents.ts";
import { fileChange } from "../patches/file-changes.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { REPO, START, type StoredOptions, storeDelivery, TRACE } from "../support/stored-delivery.ts";
import {
  AT_PLAN,
  AT_REVIEW,
  addTill,
  commandRows,
  depsOf,
  inboxRows,
  MONA,
  OCTOCAT,
  post,
  showGate,
  TILL,
  World,
} from "./world.ts";

let database: TestDatabase;
let world: World;
let issue = 700;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  issue += 1;
  world = new World(issue);
});

const deliver = async (options: StoredOptions): Promise<DeliveryId> => {
  const id = await storeDelivery(database.db, options);
  await showGate(database.db, id);
  return id;
};

const people = (...of: readonly [login: string, id: number][]) => ({
  kind: "named",
  people: of.map(([login, id]) => ({ login, id })),
  unknown: [],
});
const say = async (body: string, who = OCTOCAT) =>
  handleComment(depsOf(database.db, world), await post(database.db, world, body, who));
const refusals = async () =>
  (await commandRows(database.db, world)).map(({ refusal }) => refusal && CommandRefusal.parse(refusal).code);
const needs = async () =>
  (await inboxRows(database.db, world)).map(({ recorded }) => {
    const { event } = Recorded.parse(recorded);
    return event.type === "command" && event.ask.name === "approve" ? event.ask.needs : null;
  });

it("the oldest snapshot that knew a login has the word", async () => {
  const first = { approvers: people(["Mona", 5]), gateApprovers: { review: people(["lisa", 8]) } };
  const id = await storeDelivery(database.db, { issueNumber: issue, snapshot: first });
  const later = { approvers: people(["mona", 7], ["paul", 9]) };
  await database.db.transaction(({ sql }) =>
    sql
      .insert(constraintSnapshots)
      .values({ deliveryId: id, version: 2, hash: digestOf(later), content: later, createdAt: START }),
  );
  expect([...(await knownLogins(database.db.sql, id))].sort()).toEqual([
    ["lisa", 8],
    ["mona", 5],
    ["paul", 9],
  ]);
});

it("a login that was another's is refused, whatever command it gives", async () => {
  const snapshot = { approvers: people(["mona", 5], ["octocat", OCTOCAT.id]) };
  await deliver({ issueNumber: issue, state: AT_PLAN, snapshot });
  world.config = "approvers: [mona, octocat]";
  await say("/approve", MONA);
  await say("/cancel", MONA);
  await say("/approve");
  expect(await refusals()).toEqual(["login_taken", "login_taken", null]);
});

/** One patch set, stored and shown, that changes `src/a.ts` and `docs/b.md`. */
const atReview = async (repoId: RepoId = REPO): Promise<DeliveryId> => {
  const id = await storeDelivery(database.db, { issueNumber: issue + 5_000 });
  const saved = await database.db.transaction((tx) =>
    savePatchSet(tx, {
      deliveryId: id,
      content: contentOf(
        [
          fileChange("docs/b.md", { before: "a\n", after: "b\n" }),
          fileChange("src/a.ts", { before: "a\n", after: "b\n" }),
        ],
        { repoId },
      ),
      artifactId: null,
      visibilities: {},
      at: instant(START),
      actor: { kind: "system", id: "test" },
      traceId: TRACE,
    }),
  );
  const [shop] = AT_REVIEW.targets ?? [];
  if (shop?.patchSet == null) throw new Error("a patch set is open");
  const patchSet = { ...shop.patchSet, id: PatchSetId.parse(saved.id), digest: saved.digest };
  const role = repoId === REPO ? ("primary" as const) : ("secondary" as const);
  const state: Partial<Delivery> = { ...AT_REVIEW, targets: [{ ...shop, repoId, role, patchSet }] };
  return deliver({ issueNumber: issue, state });
};

it("owners are asked for only where they are wanted", async () => {
  await atReview();
  world.owners = { "shop/CODEOWNERS": "* @mona" };
  await say("/approve");
  expect(await needs()).toEqual([{ voice: "approver", notAlone: [], lost: [], owners: null }]);
  expect(world.calls).not.toContain("owners");
});

it("owners go along with the question, and an owner who is no approver asks as that", async () => {
  await atReview();
  world.config = "approvers: [octocat]\nrequire_code_owners: on\napprovals: {requester: not_alone}";
  world.owners = { "shop/CODEOWNERS": "/src/ @mona" };
  await say("/approve");
  await say("/approve", MONA);
  const paths = [{ path: "src/a.ts", count: 1, named: ["@mona"], unknown: [], people: [MONA.id] }];
  const owners = [{ digest: expect.any(String), paths }];
  expect(await needs()).toEqual([
    { voice: "approver", notAlone: [OCTOCAT.id], lost: [], owners },
    { voice: "owner", notAlone: [OCTOCAT.id], lost: [], owners },
  ]);
});

describe("in a repository beside the issue's", () => {
  beforeEach(async () => {
    const id = await atReview(TILL);
    await addTill(database.db, id);
    world.config = "require_code_owners: off";
    world.owners = { "till/CODEOWNERS": "/src/ @mona" };
  });

  it("owners are asked for where that one wants them, and the issue's does not", async () => {
    world.tillConfig = "require_code_owners: on";
    await say("/approve");
    const paths = [{ path: "src/a.ts", count: 1, named: ["@mona"], unknown: [], people: [MONA.id] }];
    expect(await needs()).toMatchObject([{ owners: [{ paths }] }]);
  });

  it("owners are not asked for where neither wants them", async () => {
    world.tillConfig = "require_code_owners: off";
    await say("/approve");
    expect(await needs()).toMatchObject([{ owners: null }]);
    expect(world.calls).not.toContain("owners");
  });

  it("nobody's approval is enough where nobody can tell whether it wants them", async () => {
    world.tillConfig = "require_code_owners: perhaps";
    await say("/approve");
    expect(await refusals()).toEqual(["code_owners_unusable"]);
  });
});

it("nothing of it is read for other commands, or for somebody who is a stranger", async () => {
  await atReview();
  world.config = "require_code_owners: on";
  world.owners = { "shop/CODEOWNERS": "not a rule" };
  await say("/hold");
  expect(world.calls).not.toContain("owners");
  await say("/approve");
  expect(await refusals()).toEqual([null, "code_owners_unusable"]);
});
