// What a gate says when a nod is not enough, when it is shown again, and how long the code is that it shows.
import { expect, test } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import { Digest } from "../../src/ids.ts";
import type { DeliveryView } from "../../src/thread/delivery-view.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { at, PLACE, patchSet, SHOP, STATIONS, shown } from "./support/world.ts";

const { patchesReady, planReady } = STATIONS;

const gateOf = (view: DeliveryView, key: RegExp): string => {
  const found = publicationsOf(view, PLACE).find((one) => one.kind === "comment" && key.test(one.key));
  return found?.kind === "comment" ? found.body : "";
};
const buttonsOf = (view: DeliveryView, key: RegExp): readonly string[] => {
  const found = publicationsOf(view, PLACE).find((one) => one.kind === "check_run" && key.test(one.key));
  return found?.kind === "check_run" ? found.draft.actions.map(({ identifier }) => identifier) : [];
};

const risky: DeliveryView = {
  ...patchesReady,
  state: {
    ...patchesReady.state,
    targets: patchesReady.state.targets.map((target) => ({
      ...target,
      patchSet: target.patchSet === null ? null : { ...target.patchSet, quote: true },
    })),
  },
  patchSets: patchesReady.patchSets.map((one) => ({
    ...one,
    violations: [
      { rule: "build-scripts", severity: "warn", path: "Dockerfile", line: 3, message: "runs when it is built" },
      { rule: "test-removal", severity: "warn", path: "a.test.js", line: null, message: "a test less" },
    ],
  })),
};
const code = codeOf(patchSet().digest);

test("a patch set that policy warns of in earnest says that its code is needed, and has no button to approve it", () => {
  const body = gateOf(risky, /^patch:/);
  expect(body).toContain("`build-scripts` warns of something that runs where no check has looked.");
  expect(body).toContain("`/approve` alone does not count, and there is no button for it.");
  expect(body).not.toContain("`test-removal` warns");
  expect(body).not.toContain("has buttons for it");
  expect(body).toContain(`/approve ${code}`);
  expect(buttonsOf(risky, /^check:patch:/)).toEqual([`reject:${code}`]);
  expect(gateOf(patchesReady, /^patch:/)).not.toContain("alone does not count");
  expect(buttonsOf(patchesReady, /^check:patch:/)).toEqual([`approve:${code}`, `reject:${code}`]);
});

test("a version that was not decided in time says so once it is shown again, and no other does", () => {
  const { plan } = planReady.state;
  if (plan === null) throw new Error("a plan is ready");
  const with_ = (expired: DeliveryView["facts"]["expired"], shownAt: string): string =>
    gateOf(
      {
        ...planReady,
        state: { ...planReady.state, plan: { ...plan, shown: shown(shownAt, 9001) } },
        facts: { ...planReady.facts, expired },
      },
      /^plan:/,
    );
  const old = { at: at("23:00"), ttl: 7 * 86_400 };
  expect(with_(old, "23:01")).toContain(
    "Shown again, 21 Nov 23:00 UTC: it was not decided within 7 d (`approvals.ttl`).",
  );
  expect(with_(old, "22:59")).not.toContain("Shown again");
  expect(with_({ ...old, at: at("00:01") }, "23:01")).not.toContain("Shown again");
  expect(with_(undefined, "23:01")).not.toContain("Shown again");
});

test("a code is longer where an earlier version's begins alike, everywhere it stands", () => {
  const { digest } = patchSet();
  const fifth = 31n ** 4n;
  const read = BigInt(`0x${digest.slice(0, 16)}`) % (fifth * 31n);
  const twin = Digest.parse(`${((read + fifth) % (fifth * 31n)).toString(16).padStart(16, "0")}${"a".repeat(48)}`);
  const view: DeliveryView = {
    ...patchesReady,
    state: { ...patchesReady.state, retired: [{ digest: twin, as: "replaced" }] },
  };
  const longer = codeOf(digest, [twin]);
  expect(longer.length).toBeGreaterThan(code.length);
  expect(gateOf(view, /^patch:/)).toContain(`/approve ${longer}`);
  expect(buttonsOf(view, /^check:patch:/)).toEqual([`approve:${longer}`, `reject:${longer}`]);
  expect(view.state.targets.map(({ repoId }) => repoId)).toContain(SHOP);
});
