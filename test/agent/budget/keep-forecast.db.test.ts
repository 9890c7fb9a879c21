// What past runs of an installation say of the next one: only its own, only the role's, only what was settled, the newest twenty.
import { afterEach, beforeEach, expect, it } from "vitest";
import { pastRuns } from "../../../src/agent/budget/past-runs.ts";
import { installations, reservations } from "../../../src/db/schema.ts";
import { InstallationId } from "../../../src/ids.ts";
import { digestOf } from "../../../src/ledger/canonical.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { INSTALLATION, START, storeDelivery } from "../../support/stored-delivery.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(() => t.close());

type Call = Readonly<{
  run: string;
  in: number;
  out: number;
  role?: string;
  state?: string;
  attempt?: number;
  installation?: number;
}>;

const store = async (calls: readonly Call[]) => {
  const deliveryId = await storeDelivery(t.db);
  const other = 778;
  await t.db.transaction(async ({ sql }) => {
    await sql.insert(installations).values({ id: other, accountId: 2, accountLogin: "other", updatedAt: START });
    for (const {
      run,
      in: inputTokens,
      out,
      role = "proposer",
      state = "settled",
      attempt = 1,
      installation,
    } of calls) {
      const over = state === "held" ? {} : { settledAt: START };
      await sql.insert(reservations).values({
        deliveryId,
        installationId: installation ?? INSTALLATION,
        attempt,
        role,
        contextHash: digestOf(run),
        day: "2026-11-21",
        model: "m",
        state: state === "held" ? "held" : state === "lost" ? "lost" : "settled",
        estimatedTokens: 1_000,
        estimatedMicros: null,
        inputTokens,
        outputTokens: out,
        reservedAt: START,
        expiresAt: START,
        ...over,
      });
    }
  });
};
const past = () => pastRuns(t.db.sql, InstallationId.parse(INSTALLATION), "proposer");

it("adds up the calls of a run, newest run first", async () => {
  await store([
    { run: "a", in: 100, out: 10 },
    { run: "b", in: 300, out: 30 },
    { run: "a", in: 50, out: 5 },
    { run: "a", in: 7, out: 1, attempt: 2 },
  ]);
  expect(await past()).toEqual([
    { inputTokens: 7, outputTokens: 1 },
    { inputTokens: 150, outputTokens: 15 },
    { inputTokens: 300, outputTokens: 30 },
  ]);
});

it("knows nothing of other roles, other installations, calls under way or without an answer, and runs that were answered nothing", async () => {
  await store([
    { run: "judge", in: 1, out: 1, role: "judge" },
    { run: "theirs", in: 1, out: 1, installation: 778 },
    { run: "held", in: 0, out: 0, state: "held" },
    { run: "lost", in: 0, out: 0, state: "lost" },
    { run: "refused", in: 40, out: 0 },
    { run: "ours", in: 2, out: 2 },
  ]);
  expect(await past()).toEqual([{ inputTokens: 2, outputTokens: 2 }]);
});

it("looks at the newest twenty", async () => {
  await store(Array.from({ length: 25 }, (_, at) => ({ run: `run ${at}`, in: at, out: 1 })));
  const found = await past();
  expect(found.map(({ inputTokens }) => inputTokens)).toEqual(Array.from({ length: 20 }, (_, at) => 24 - at));
});
