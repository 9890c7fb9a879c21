// Deliveries that merge what they made, and those that undo what others merged.
import { DeliveryId, PullNumber } from "../../../src/ids.ts";
import type { DeliveryView } from "../../../src/thread/delivery-view.ts";
import { digest, PLACE, patchSet, patchSetRef, SHOP, sha, shown, state, target, view } from "./world.ts";

const UNDONE = PullNumber.parse(51);

const undoing: NonNullable<DeliveryView["undoes"]> = {
  id: DeliveryId.parse(11),
  url: `${PLACE.webUrl}/acme/shop/issues/12#issuecomment-8000`,
  order: {
    undoes: DeliveryId.parse(11),
    repositories: [
      {
        repoId: SHOP,
        name: "acme/shop",
        pullRequest: UNDONE,
        merge: sha("merged"),
        before: sha("before"),
        onto: sha("base"),
        undone: ["src/slug.ts", "test/slug.test.ts"],
        asBefore: [],
        conflicts: [],
      },
    ],
  },
};

const undoes = DeliveryId.parse(11);
const computed = {
  ...patchSet(),
  text: { ...patchSet().text, pullTitle: "Undo #51: Keep digits in slugs", planDigest: digest("order") },
};

export const MERGES = {
  computedRollback: view(
    state("review", "succeeded", {
      undoes,
      targets: [target({ patchSet: patchSetRef(computed, { shown: shown("09:59", 9002) }) })],
    }),
    { undoes: undoing, patchSets: [computed] },
  ),
} as const satisfies Readonly<Record<string, DeliveryView>>;
