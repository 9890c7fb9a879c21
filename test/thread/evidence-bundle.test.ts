// The evidence in the check's text: only when it is over, within GitHub's limit, and honest about what is left out.
import { expect, it } from "vitest";
import { evidenceBundle } from "../../src/thread/render/evidence-bundle.ts";
import { CHECK_LIMIT, sizeOf } from "../../src/thread/render/layout.ts";
import { DONE, repository, STATIONS } from "./support/world.ts";

const shop = repository();

it("is there when the delivery is over, and not before", () => {
  for (const view of Object.values(STATIONS)) expect(evidenceBundle(view, shop)).toBeNull();
  expect(evidenceBundle(DONE, shop)).toContain("`octocat`, patchset");
});

it("says how it is proved, with the commands as they are typed and the head of its end", () => {
  const text = evidenceBundle(DONE, shop) ?? "";
  expect(text).toContain("\nnpm run countersign -- ledger export D-12 --out D-12\n");
  expect(text).toContain(`\nnpm run countersign -- ledger verify --bundle D-12 --head ${DONE.ledgerAtEnd.head}\n`);
});

it("is not shown where people read who may not know of the issue", () => {
  const issue = { ...DONE.issue, visibility: "private" as const };
  expect(evidenceBundle({ ...DONE, issue }, { ...shop, visibility: "public" })).toBeNull();
});

it("says how many lines did not fit, and where they are", () => {
  const [run] = DONE.runs;
  if (run === undefined) throw new Error("no run");
  const text = evidenceBundle({ ...DONE, runs: Array.from({ length: 1_000 }, () => run) }, shop) ?? "";
  expect(sizeOf(text)).toBeLessThanOrEqual(CHECK_LIMIT);
  const listed = text.split("\n").filter((line) => line.startsWith("- triage")).length;
  expect(text).toContain(`**Runs**, 1000`);
  expect(text).toContain(
    `- ${1_000 - listed} more runs left out here, because a check holds no more; the export has all.`,
  );
});
