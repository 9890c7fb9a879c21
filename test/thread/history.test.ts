// What happened, in lines: what was approved, what was merged, and what undoes it.
import { expect, it } from "vitest";
import { DeliveryId } from "../../src/ids.ts";
import { historyLines } from "../../src/thread/render/history.ts";
import { MERGES } from "./support/merges.ts";
import { at, PLACE } from "./support/world.ts";

const { brokenAfterTheMerge, mergeReady } = MERGES;
const stay = (phase: "deploy" | "observe", from: string) =>
  ({ phase, enteredAt: at(from), leftAt: null, endedAs: null, reason: null }) as const;

it("names what each approval was of, and the merge that was put up", () => {
  const ship = { kind: "ship", digest: mergeReady.ships[0].digest };
  const decision = { command: "approve", login: "octocat", at: at("10:22"), approved: [ship] };
  const view = { ...mergeReady, stays: [stay("deploy", "10:19")], decisions: [decision] };
  expect(historyLines(view, PLACE).slice(1)).toEqual([
    "- 21 Nov 10:19 UTC: deploy: merge 1",
    expect.stringMatching(/^- 21 Nov 10:22 UTC: `\/approve` by `octocat`: merge 1 \(`[2-9a-z]{4,6}`\)$/),
  ]);
});

it("has the commit of the merge, how it broke, and the delivery that undoes it", () => {
  const undoneBy = {
    id: DeliveryId.parse(13),
    url: "https://github.com/acme/shop/issues/12#x",
    stands: "live" as const,
  };
  const watched = { ...stay("observe", "10:25"), leftAt: at("10:30"), endedAs: "failed", reason: "regressed" } as const;
  const view = { ...brokenAfterTheMerge, stays: [watched], decisions: [], undoneBy };
  expect(historyLines(view, PLACE).at(-1)).toMatch(
    /^- 21 Nov 10:25 UTC: observe, 5 min, failed \(regressed\): merged as \[`\w{7}`\]\(.+\), rollback \[D-13\]\(.+\)$/,
  );
});
