// Tells the people on an issue, once for each trigger, why it was not admitted.
import type { CrashPoint } from "../crash-points.ts";
import { GitHubError, type GitHubErrorCode } from "../github/errors.ts";
import type { Speaking } from "../github/speaking.ts";
import type { InstallationId, IssueNumber, RepoId } from "../ids.ts";
import type { AdmissionRefusal } from "./refusal.ts";
import type { TriggerKey } from "./trigger-key.ts";

/** The words are thread's: the whole comment, with the marker by which it is found again. */
export type RenderRefusal = (refusal: AdmissionRefusal, key: string) => Readonly<{ body: string; marker: string }>;

export type RefusalSpeech = Readonly<{
  installationId: InstallationId;
  repoId: RepoId;
  issue: IssueNumber;
  key: TriggerKey;
  refusal: AdmissionRefusal;
}>;

/** `unsaid`: GitHub takes no comment there, and will not without somebody changing something. */
export type SayRefusal = (speech: RefusalSpeech) => Promise<"said" | "unsaid">;

export type SayRefusalDeps = Readonly<{
  speaking: (
    installation: InstallationId,
    repos: readonly RepoId[],
  ) => Promise<Pick<Speaking, "createComment" | "findComments">>;
  render: RenderRefusal;
  /** Waits, or throws, until the installation may create content. */
  pace: (installation: InstallationId) => Promise<void>;
  crash: CrashPoint;
}>;

/** Throws GitHubError where trying again may help. GitHub knows no idempotency key, so the comment is looked for first. */
export const sayRefusal =
  (deps: SayRefusalDeps): SayRefusal =>
  async (speech) => {
    try {
      return await say(deps, speech);
    } catch (error) {
      if (error instanceof GitHubError && CLOSED.includes(error.code)) return "unsaid";
      throw error;
    }
  };

const CLOSED: readonly GitHubErrorCode[] = ["forbidden", "not_found", "unprocessable"];

async function say(deps: SayRefusalDeps, speech: RefusalSpeech): Promise<"said" | "unsaid"> {
  const { installationId, repoId, issue, key, refusal } = speech;
  const speaking = await deps.speaking(installationId, [repoId]);
  const { body, marker } = deps.render(refusal, key);
  const { items, complete } = await speaking.findComments(repoId, issue, marker);
  if (items.length > 0) return "said";
  // Where not all comments could be read, it may be among the others: one comment too few beats one too many.
  if (!complete) return "unsaid";
  await deps.pace(installationId);
  await deps.crash("admission.before.say_refusal");
  await speaking.createComment(repoId, issue, body);
  await deps.crash("admission.after.say_refusal");
  return "said";
}
