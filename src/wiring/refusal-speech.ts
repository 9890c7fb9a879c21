// What saying an admission's refusal takes: the words, their marker, and a slot of the installation's pace.
import type { SayRefusalDeps } from "../admission/say-refusal.ts";
import { GitHubError } from "../github/errors.ts";
import { claimSlot } from "../thread/limiter.ts";
import { markerOf, withMarker } from "../thread/marker.ts";
import type { PublishDeps } from "../thread/publish.ts";
import { admissionWords } from "../thread/words/admission.ts";

/** Longer waits are for the queue. */
const PATIENCE_SECONDS = 5;

export const refusalSpeech = ({ db, github, clock, sleep, crash, markerKey, pace }: PublishDeps): SayRefusalDeps => ({
  speaking: github.speaking,
  render: (refusal, key) => {
    const marker = markerOf(markerKey, "admission", key);
    return { body: withMarker(admissionWords(refusal), marker), marker };
  },
  pace: async (installation) => {
    if (pace === "none") return;
    const slot = await db.transaction((tx) => claimSlot(tx, installation, clock(), PATIENCE_SECONDS));
    if (slot.kind === "later") {
      throw new GitHubError("rate_limited", "our own pace for new comments", { retryAfter: Math.ceil(slot.seconds) });
    }
    if (slot.seconds > 0) await sleep(slot.seconds * 1000, AbortSignal.timeout(60_000));
  },
  crash,
});
