// What a pull request that undoes a merge is called: after the pull request that it undoes, never after the defect that is back.
import { expect, test } from "vitest";
import { DeliveryId, IssueNumber, PullNumber } from "../../src/ids.ts";
import { type RevertFacts, revertText } from "../../src/thread/render/revert-text.ts";
import { digest, PLACE, sha } from "./support/world.ts";

const facts: RevertFacts = {
  deliveryId: DeliveryId.parse(13),
  undoes: DeliveryId.parse(12),
  repository: "acme/shop",
  pullRequest: PullNumber.parse(57),
  title: "Keep digits in slugs",
  merge: sha("merge"),
  issue: { repository: "acme/shop", number: IssueNumber.parse(12) },
  order: digest("order"),
  files: [],
  violations: [],
  siblings: ["acme/shop"],
  place: PLACE,
};

test("it bears the title of what it undoes", () => {
  const text = revertText(facts);
  expect(text.pullTitle).toBe("Undo #57: Keep digits in slugs");
  expect(text.commitHeadline).toBe("Undo #57: Keep digits in slugs");
});

test("a title of somebody's calls nobody, and is no longer than a headline", () => {
  const { commitHeadline, pullTitle } = revertText({ ...facts, title: `Ask @mona, see #4 ${"and more ".repeat(30)}` });
  expect(pullTitle).not.toMatch(/@mona|(?<!Undo )#\d/);
  expect(pullTitle.length).toBeLessThanOrEqual(120);
  expect(commitHeadline.length).toBeLessThanOrEqual(72);
});

test("without one, and where the issue is not to be known, the number stands alone", () => {
  expect(revertText({ ...facts, title: null }).pullTitle).toBe("Undo #57");
  expect(revertText({ ...facts, issue: null }).pullTitle).toBe("Undo #57");
});
