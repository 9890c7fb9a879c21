// The provenance check on what no delivery opened: neutral, so that it can be required everywhere; red on a branch that borrows our name.
import type { CheckRunDraft } from "../../github/speaking.ts";
import { type DeliveryId, deliveryName, type Sha } from "../../ids.ts";
import { unreachable } from "../../result.ts";
import { codeSpan } from "../defuse.ts";
import { blocks } from "../words/phrase.ts";

export const PROVENANCE = "countersign / provenance";

export type Foreign = Readonly<{
  as: "pull" | "imitation" | "queue";
  head: Sha;
  branch: string;
  /** Of the pull request whose turn it is in the queue. */
  deliveries: readonly DeliveryId[];
}>;

const wordsOf = ({ as, branch, deliveries }: Foreign): Pick<CheckRunDraft, "conclusion" | "title" | "summary"> => {
  switch (as) {
    case "pull":
      return {
        conclusion: "neutral",
        title: "Not opened by Countersign",
        summary:
          "Countersign did not open this pull request, so it cannot say where its changes come from. This check does not hold it up.",
      };
    case "imitation":
      return {
        conclusion: "failure",
        title: "The branch is named like one of Countersign",
        summary: blocks(
          `${codeSpan(branch)} is how Countersign names its own branches, and Countersign did not open this pull request. Nobody approved these changes there.`,
          "Push them to a branch of another name and open a pull request from that.",
        ),
      };
    case "queue":
      return {
        conclusion: "neutral",
        title: "A head of the merge queue",
        summary: blocks(
          "GitHub made this commit. Each pull request in it was judged on its own head before it was queued.",
          ...deliveries.map(
            (id) => `One of them is of ${deliveryName(id)}. What is merged is compared with what was approved.`,
          ),
        ),
      };
    default:
      return unreachable(as);
  }
};

/** One run a commit, found again by its external id. */
export const foreignCheck = (foreign: Foreign): CheckRunDraft => ({
  name: PROVENANCE,
  headSha: foreign.head,
  externalId: `provenance:${foreign.head}`,
  status: "completed",
  ...wordsOf(foreign),
  detailsUrl: null,
  text: null,
  actions: [],
});
