// Deliveries that merge what they made, and those that undo what others merged.
import { DeliveryId, PullNumber } from "../../../src/ids.ts";
import { ShipContent, shipDigest } from "../../../src/shipping/content.ts";
import type { DeliveryView } from "../../../src/thread/delivery-view.ts";
import {
  at,
  DONE,
  digest,
  PLACE,
  patchSet,
  patchSetRef,
  repository,
  SHOP,
  STATIONS,
  sha,
  shown,
  state,
  stopped,
  subject,
  target,
  view,
} from "./world.ts";

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

const PULL = PullNumber.parse(57);
const landed = STATIONS.watching.state.targets.map((one) => ({ ...one, landed: "merged" as const }));
const watched = {
  since: at("10:20"),
  windowSeconds: 1_800,
  merges: [{ repoId: SHOP, commit: sha("mergecommit"), broken: [] }],
  deployments: [{ environment: "production", state: "success", url: "https://shop.example/" }],
  checks: { passed: 2, failed: 0, waiting: 0 },
} satisfies DeliveryView["observed"];

const content = ShipContent.parse({
  version: 1,
  merges: [
    {
      repoId: SHOP,
      pullRequest: 57,
      head: sha("head"),
      tree: sha("tree"),
      baseBranch: "main",
      method: "squash",
      message: { title: "Keep digits in slugs (#57)", body: "Two products had one address." },
    },
  ],
  deployments: [],
});
const ship = { version: 1, digest: shipDigest(content), content, madeAt: at("10:20") };
const shipped = { ...subject(ship, { shown: shown("10:21") }), shipped: false };
const green = DONE.checks;
const atTheMerge = {
  ...STATIONS.watching,
  repositories: [repository({ pullRequest: PULL, branch: { name: "countersign/d-12", stands: "yes" } })],
  ships: [ship],
  checks: green,
  readiness: {
    pulls: [
      {
        repoId: SHOP,
        pullRequest: PULL,
        missing: [],
        previews: [
          { environment: "preview", state: "success", url: "https://p.example/x", by: "vercel[bot]", at: at("10:19") },
        ],
        approvedBy: ["mona"],
      },
    ],
  },
} as const satisfies DeliveryView;

export const MERGES = {
  mergeReady: {
    ...atTheMerge,
    state: { ...STATIONS.watching.state, phase: "deploy", runStatus: "succeeded", exitPhase: "observe", ship: shipped },
  },

  mergeOfARollbackReady: {
    ...atTheMerge,
    state: state("deploy", "succeeded", {
      undoes,
      exitPhase: "observe",
      ship: shipped,
      targets: [
        target({
          patchSet: patchSetRef(computed, { approved: true, written: true }),
          written: { head: sha("head"), tree: sha("tree"), pullRequest: PULL },
        }),
      ],
    }),
    undoes: undoing,
    plans: [],
    patchSets: [{ ...computed, written: true }],
    readiness: { pulls: [{ repoId: SHOP, pullRequest: PULL, missing: [], previews: [], approvedBy: [] }] },
  },

  doneAfterTheMerge: {
    ...DONE,
    state: { ...DONE.state, exitPhase: "observe", targets: landed },
    repositories: [repository({ pullRequest: PULL, branch: { name: "countersign/d-12", stands: "yes" } })],
    observed: watched,
  },

  brokenAfterTheMerge: stopped("observe", "failed", "regressed", {
    state: {
      ...STATIONS.watching.state,
      phase: "observe",
      runStatus: "failed",
      reason: "regressed",
      exitPhase: "observe",
      targets: landed,
    },
    facts: {
      ...STATIONS.watching.facts,
      note: "acme/shop at 4be1c02, which merged #57 onto 77aa120: deployment to production: failure, check smoke: timed_out",
    },
    observed: {
      ...watched,
      merges: [
        {
          repoId: SHOP,
          commit: sha("mergecommit"),
          broken: [
            { what: "deployment", name: "production", said: "failure", url: "https://shop.example/log" },
            { what: "check", name: "smoke", said: "timed_out", url: "https://ci.example/](x)" },
          ],
        },
      ],
      deployments: [{ environment: "production", state: "failure", url: "https://shop.example/log" }],
      checks: { passed: 1, failed: 1, waiting: 0 },
    },
  }),

  computedRollback: view(
    state("review", "succeeded", {
      undoes,
      targets: [target({ patchSet: patchSetRef(computed, { shown: shown("09:59", 9002) }) })],
    }),
    { undoes: undoing, patchSets: [computed] },
  ),
} as const satisfies Readonly<Record<string, DeliveryView>>;
