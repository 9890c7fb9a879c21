// Which webhooks never arrived, whatever GitHub's record looks like.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HookAttempt } from "../../../src/github/hook-log.ts";
import { RepoId, WebhookGuid } from "../../../src/ids.ts";
import { instant } from "../../../src/instant.ts";
import { lookFrom, missed } from "../../../src/webhooks/missed/missed.ts";
import { runs } from "../../support/runs.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (ms: number) => instant(new Date(NOW.getTime() - ms));

let ids = 0;
const attempt = (guid: string, before: number, taken = false): HookAttempt => ({
  id: ++ids,
  guid: WebhookGuid.parse(guid),
  at: ago(before),
  taken,
  event: "issue_comment",
  action: "created",
  installationId: null,
  repoId: RepoId.parse(1),
});
const NONE: ReadonlySet<WebhookGuid> = new Set();
const guidsOf = (attempts: readonly HookAttempt[]) => attempts.map(({ guid }) => guid);

describe("a webhook", () => {
  it("that was taken, at the first attempt or a later one, is settled", () => {
    const record = [attempt("a", 9 * MINUTE, true), attempt("b", 9 * MINUTE), attempt("b", 8 * MINUTE, true)];
    expect(missed(record, NONE, NOW)).toEqual({ ask: [], lost: [], settledUntil: ago(MINUTE) });
  });

  it("that we have is settled, whatever became of our answer", () => {
    const record = [attempt("a", 9 * MINUTE)];
    expect(missed(record, new Set(guidsOf(record)), NOW)).toMatchObject({ ask: [], lost: [] });
  });

  it("that never arrived is asked for at once, and the look goes no further than it", () => {
    const record = [attempt("b", 2 * MINUTE, true), attempt("a", 0), attempt("c", 7 * MINUTE)];
    const found = missed(record, NONE, NOW);
    expect(guidsOf(found.ask)).toEqual(["a", "c"]);
    expect(found.settledUntil).toBe(ago(7 * MINUTE));
  });

  it.each([
    [2, MINUTE],
    [3, 4 * MINUTE],
    [4, 16 * MINUTE],
  ])("that was tried %i times is asked for again only after a while, by its newest attempt", (tries, wait) => {
    const earlier = Array.from({ length: tries - 1 }, () => attempt("a", 5 * HOUR));
    const late = [...earlier, attempt("a", wait - 1)];
    expect(missed(late, NONE, NOW)).toEqual({ ask: [], lost: [], settledUntil: ago(5 * HOUR) });
    const newest = attempt("a", wait);
    expect(missed([newest, ...earlier], NONE, NOW).ask).toEqual([newest]);
  });

  it("that was asked for four times in vain is lost, and holds nothing up", () => {
    const record = Array.from({ length: 5 }, (_, at) => attempt("a", 5 * HOUR - at * HOUR));
    expect(missed(record, NONE, NOW)).toEqual({ ask: [], lost: [record[0]], settledUntil: ago(MINUTE) });
  });

  it("that GitHub is about to forget is lost", () => {
    const [within, beyond] = [attempt("a", 71 * HOUR), attempt("b", 71 * HOUR + 1)];
    expect(missed([within, beyond], NONE, NOW)).toMatchObject({ ask: [within], lost: [beyond] });
  });
});

describe("a look", () => {
  it("goes back to the last one, and never beyond what GitHub remembers", () => {
    expect(lookFrom(null, NOW)).toBe(ago(71 * HOUR));
    expect(lookFrom(ago(2 * HOUR), NOW)).toBe(ago(2 * HOUR));
    expect(lookFrom(ago(100 * HOUR), NOW)).toBe(ago(71 * HOUR));
  });

  it("loses sight of nothing: what is open is asked for, lost, or looked at again", () => {
    const record = fc.array(
      fc.record({ guid: fc.constantFrom("a", "b", "c", "d"), before: fc.nat(80 * HOUR), taken: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(record, fc.constantFrom("a", "b"), (rows, have) => {
        const attempts = rows.map(({ guid, before, taken }) => attempt(guid, before, taken));
        const known = new Set([WebhookGuid.parse(have)]);
        const found = missed(attempts, known, NOW);
        const settled = new Set([...known, ...guidsOf(attempts.filter(({ taken }) => taken))]);
        for (const { guid } of attempts) {
          const first = attempts.filter((one) => one.guid === guid).reduce((a, b) => (a.at < b.at ? a : b));
          const [asked, lost] = [guidsOf(found.ask).includes(guid), guidsOf(found.lost).includes(guid)];
          expect([asked, lost].filter(Boolean).length).toBeLessThanOrEqual(settled.has(guid) ? 0 : 1);
          if (!settled.has(guid) && !lost) expect(found.settledUntil <= first.at).toBe(true);
        }
      }),
      runs(200),
    );
  });
});
