// Answers one command: by a reaction, and by rule 9 in words, at most once for each gate and person.
import { eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { sources } from "../db/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { Speaking } from "../github/speaking.ts";
import { type CommandId, type CommentId, InstallationId, type RepoId } from "../ids.ts";
import { answerControl } from "./answer-control.ts";
import { type Command, loadCommand, wordsFor } from "./answer-words.ts";
import type { PublishDeps } from "./desk.ts";
import { claimSlot } from "./limiter.ts";
import { type Answered, say } from "./reply.ts";
import { loadView } from "./view.ts";

/** Seconds; an answer that would come later than this waits in the queue. */
const PATIENCE = 5;

/** Killed anywhere and run again, it leaves one reaction and at most one reply. */
export async function answer(deps: PublishDeps, id: CommandId, signal: AbortSignal): Promise<Answered> {
  const { sql } = deps.db;
  const command = await loadCommand(sql, id);
  if (command === null || command.verdict === "waiting") return { kind: "all" };
  const installation = await installationOf(sql, command.repoId);
  if (installation === null) return { kind: "all" };
  const speaking = await deps.github.speaking(installation, [command.repoId], signal);
  const pace = pacer(deps, installation, signal);

  if (command.origin.kind === "comment") {
    const late = await pace();
    if (late !== null) return late;
    await deps.crash("answer.before.react");
    signal.throwIfAborted();
    await react(speaking, command, command.origin.id);
    await deps.crash("answer.after.react");
  }
  if (command.deliveryId === null) return answerControl(deps, { speaking, command, installation, pace, signal });
  const view = await loadView(sql, command.deliveryId);
  const words = view === null ? null : await wordsFor(deps, view, command);
  if (view === null || words === null) return { kind: "all" };
  return say(deps, { speaking, view, command, words, pace, signal });
}

async function installationOf(sql: Sql, repoId: RepoId): Promise<InstallationId | null> {
  const [row] = await sql.select({ id: sources.installationId }).from(sources).where(eq(sources.repoId, repoId));
  return row === undefined ? null : InstallationId.parse(row.id);
}

const pacer = (deps: PublishDeps, installation: InstallationId, signal: AbortSignal) => async () => {
  if (deps.pace === "none") return null;
  const at = deps.clock();
  await deps.crash("answer.before.slot");
  const slot = await deps.db.transaction((tx) => claimSlot(tx, installation, at, PATIENCE));
  if (slot.kind === "later") return { kind: "later", seconds: Math.ceil(slot.seconds) } as const;
  if (slot.seconds > 0) await deps.sleep(slot.seconds * 1000, signal);
  return null;
};

/** A comment that is gone needs no answer. */
async function react(speaking: Speaking, command: Command, comment: CommentId): Promise<void> {
  try {
    await speaking.reactToComment(command.repoId, comment, command.verdict === "accepted" ? "+1" : "confused");
  } catch (error) {
    if (!(error instanceof GitHubError) || error.code !== "not_found") throw error;
  }
}
