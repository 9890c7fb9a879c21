// The write takes its turn by the pace that all processes share, and never sleeps for long with a token in hand.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { InstallationId } from "../../src/ids.ts";
import { claimSlot } from "../../src/thread/limiter.ts";
import { contentSlot } from "../../src/write-gate/content-slot.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { NOW } from "./approved-delivery.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

const deps = (pace: "github" | "none") => ({ db: test.db, clock: () => NOW, connection: { pace }, crash: neverCrash });
const take = (installation: InstallationId) =>
  test.db.transaction((tx) => claimSlot(tx, installation, NOW, Number.MAX_SAFE_INTEGER));

let installations = 100;
const unused = (): InstallationId => {
  installations += 1;
  return InstallationId.parse(installations);
};

describe("a turn", () => {
  it("is taken from the shared pace, and refused with the time to wait when it is far off", async () => {
    const installation = InstallationId.parse(1);
    await contentSlot(deps("github"), installation, undefined);
    let seconds = 0;
    while (seconds <= 20) seconds = (await take(installation)).seconds;
    const refused = contentSlot(deps("github"), installation, undefined);
    await expect(refused).rejects.toMatchObject({
      code: "rate_limited",
      retryAfter: expect.any(Number),
      transient: true,
    });
    await refused.catch(({ retryAfter }) => expect(retryAfter).toBeGreaterThan(20));
  });

  it("is refused in the words of a limit, with whole seconds, and only once a turn was to be asked for", async () => {
    const installation = unused();
    let seconds = 0;
    while (seconds <= 10) seconds = (await take(installation)).seconds;
    const points: string[] = [];
    const telling = { ...deps("github"), crash: (point: string) => void points.push(point) };
    const error: unknown = await contentSlot(telling, installation, undefined).catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: "GitHubError",
      message: "the installation creates as much as it may",
      retryAfter: Math.ceil(seconds + 1.5),
    });
    await contentSlot({ ...telling, connection: { pace: "none" } }, installation, undefined);
    expect(points).toEqual(["write.before.slot"]);
  });

  it("that is near is waited for, and one that is there is not", async () => {
    const installation = unused();
    const timeOf = async () => {
      const before = performance.now();
      await contentSlot(deps("github"), installation, undefined);
      return performance.now() - before;
    };
    expect(await timeOf()).toBeLessThan(1_000);
    let seconds = 0;
    // A turn of the minute's bucket comes 1.5 seconds after the one before.
    while (seconds === 0) seconds = (await take(installation)).seconds;
    expect(await timeOf()).toBeGreaterThan(2_500);
  });

  it("is not needed where GitHub has no limits", async () => {
    const installation = InstallationId.parse(2);
    for (let n = 0; n < 40; n += 1) await contentSlot(deps("none"), installation, undefined);
    expect(await take(installation)).toEqual({ kind: "go", seconds: 0 });
  });

  it("that is waited for ends with the job", async () => {
    const installation = InstallationId.parse(3);
    let seconds = 0;
    while (seconds < 3) seconds = (await take(installation)).seconds;
    const stopped = AbortSignal.abort();
    await expect(contentSlot(deps("github"), installation, stopped)).rejects.toMatchObject({ name: "AbortError" });
  });
});
