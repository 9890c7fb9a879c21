// Reviews, and what else changes whether a pull request can be merged and none of its commits, from payloads to domain events.
import { ignored, type Mapper, mapper, placeOf } from "./event-mapper.ts";
import { ChangesRequestedPayload, PullHeadPayload } from "./payloads.ts";

export const ofHead = (
  kind: "pull_reviewed" | "pull_draft_changed" | "pull_reworded",
  actions: readonly string[],
): Mapper =>
  mapper(PullHeadPayload, actions, (payload, self) =>
    payload.sender.id === self.botId
      ? ignored("own")
      : { kind, place: placeOf(payload), headSha: payload.pull_request.head.sha },
  );

const reviewed = ofHead("pull_reviewed", ["submitted", "dismissed"]);

const changesRequested = mapper(ChangesRequestedPayload, ["submitted"], (payload, self) => {
  const { review, pull_request: pull, sender } = payload;
  if (sender.id === self.botId) return ignored("own");
  return {
    kind: "changes_requested",
    place: placeOf(payload),
    headSha: pull.head.sha,
    pull: pull.number,
    reviewId: review.id,
    reviewedSha: review.commit_id,
    body: review.body ?? "",
    author: review.user,
    submittedAt: review.submitted_at,
  };
});

/** What cannot be read as a request for changes still wakes those who watch, as any review does. */
export const reviews: Mapper = (webhook, self) => {
  const asksForChanges = webhook.action === "submitted" && ChangesRequestedPayload.safeParse(webhook.payload).success;
  return (asksForChanges ? changesRequested : reviewed)(webhook, self);
};
