// The evidence of a run: where a role was asked more than once, it is not given as if it were of all.
import { expect, it } from "vitest";
import { evidenceFold, runEvidence } from "../../src/thread/render/evidence.ts";
import { STATIONS } from "./support/world.ts";

const { patchesReady } = STATIONS;
const proposer = patchesReady.runs.filter(({ role }) => role === "proposer");

it("is of the one run", () => {
  expect(evidenceFold(runEvidence(patchesReady, "proposer"))).toContain("- Tokens: `14,000 in, 1,400 out`");
});

it("says that it is of the last, where there were several", () => {
  const view = {
    ...patchesReady,
    runs: [...patchesReady.runs, ...proposer.map((run) => ({ ...run, inputTokens: 9 }))],
  };
  const fold = evidenceFold(runEvidence(view, "proposer"));
  expect(fold).toContain("- Tokens of the last of 2 runs: `9 in, 1,400 out`");
  expect(fold).toContain("- Context hash of the last of 2 runs:");
});
