// What of a delivery waits to be decided: that of its phase's gate; outside of gates the heads of pull requests.
import { describe, expect, it } from "vitest";
import { shownNow } from "../../src/commands/shown-now.ts";
import { PHASES, type Phase } from "../../src/delivery/delivery.ts";
import { delivery, HEAD, PLAN, SHIP, SHOP, SHOP_PATCHES, TILL, TILL_PATCHES, target } from "./spoken.ts";

const SHOWS: Partial<Record<Phase, readonly object[]>> = {
  plan: [{ repoId: null, digest: PLAN, kind: "plan" }],
  review: [
    { repoId: SHOP, digest: SHOP_PATCHES, kind: "patchset" },
    { repoId: TILL, digest: TILL_PATCHES, kind: "patchset" },
  ],
  deploy: [{ repoId: null, digest: SHIP, kind: "ship" }],
};
const HEADS = [{ repoId: SHOP, digest: HEAD, kind: "head" }];

describe("what is shown now", () => {
  it.each(PHASES)("in %s is that of its gate alone", (phase) => {
    const shown = shownNow(delivery({ phase })).map(({ repoId, ref }) => ({
      repoId,
      digest: ref.digest,
      kind: ref.kind,
    }));
    expect(shown).toEqual(SHOWS[phase] ?? HEADS);
  });

  it.each(PHASES)("in %s is nothing where nothing was made", (phase) => {
    expect(shownNow(delivery({ phase, plan: null, ship: null, targets: [target(SHOP)] }))).toEqual([]);
  });
});
