// The pure machine: transitions a second, and how many of them hash to one ledger entry's cost.
import { birth } from "../src/delivery/birth.ts";
import type { Recorded } from "../src/delivery/event.ts";
import { transition } from "../src/delivery/transition.ts";
import { DeliveryId, RepoId } from "../src/ids.ts";
import { instant } from "../src/instant.ts";
import { digestOf } from "../src/ledger/canonical.ts";
import type { Measured } from "./main.ts";
import { perSecond, rounded } from "./rate.ts";

export async function machine(): Promise<readonly Measured[]> {
  const { delivery } = birth({
    id: DeliveryId.parse(1),
    exitPhase: "verify",
    maxRevisions: 5,
    maxFixes: 0,
    targets: [{ repoId: RepoId.parse(1), role: "primary" }],
  });
  const recorded: Recorded = {
    event: { type: "triaged", attempt: 1, passed: true, decision: "GO" },
    actor: { kind: "system", id: "bench" },
    at: instant(new Date(0)),
  };
  const rate = await perSecond(20_000, () => transition(delivery, recorded));
  const hash = await perSecond(20_000, () => digestOf(delivery));
  return [{ name: "machine", value: rounded(rate), unit: "transitions/s", perStateHash: rounded(rate / hash) }];
}
