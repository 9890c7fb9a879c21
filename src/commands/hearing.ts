// Everything that GitHub is asked before a command is judged: today's configuration, the person's roles, the comment as it now is.
import type { Ceiling } from "../config/ceiling.ts";
import { problemSentence } from "../config/parse.ts";
import { readConfig } from "../config/read.ts";
import { type Config, DEFAULT_CONFIG } from "../config/schema.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { GitHub } from "../github/github.ts";
import type { CommentFacts, Reading } from "../github/reading.ts";
import type { CommentId, InstallationId, RepoId } from "../ids.ts";
import { type Asker, authorise, type KnownLogins, mayWrite, type Standing } from "./authorise.ts";
import type { Conversation, Participant } from "./find-delivery.ts";
import type { AuthorisationRefusal } from "./refusal.ts";

export type HearingDeps = Readonly<{ github: Pick<GitHub, "reading">; ceiling: Ceiling; crash: CrashPoint }>;

/** Where the webhook came from: its installation is the newest that we know of this repository. */
export type Spot = Readonly<{ installationId: InstallationId; repoId: RepoId }>;

/** Today's rules, or the refusal that stands for all commands that need them. */
export type Rules = Readonly<{ prefix: string | null }> &
  (
    | Readonly<{ kind: "config"; config: Config }>
    | Readonly<{ kind: "problems"; refusal: Extract<AuthorisationRefusal, { code: "config_invalid" }> }>
  );

/** A client of the repository's installation; where the words came from, of the newest that is known. */
export const readingOf = (deps: HearingDeps, spot: Spot, { repoId, installationId }: Participant): Promise<Reading> =>
  deps.github.reading(repoId === spot.repoId ? spot.installationId : installationId, [repoId]);

/** Null where the repository is gone. Throws GitHubError. */
export const readRules = async (deps: HearingDeps, spot: Spot, primary: Participant): Promise<Rules | null> => {
  await deps.crash("commands.before.read_config");
  const reading = await readConfig(await readingOf(deps, spot, primary), primary.repoId, deps.ceiling);
  switch (reading.kind) {
    case "gone":
      return null;
    case "config":
      return { kind: "config", config: reading.config, prefix: reading.config.commands.prefix };
    case "problems": {
      const { commit, prefix } = reading;
      const problems = reading.problems.map((problem) => ({ line: problem.line, message: problemSentence(problem) }));
      return { kind: "problems", refusal: { code: "config_invalid", commit, problems }, prefix };
    }
  }
};

/** Without usable rules nobody is an approver; who has write access is still told why. Throws GitHubError. */
export const readStanding = async (
  deps: HearingDeps,
  spot: Spot,
  { primary }: Conversation,
  asker: Asker,
  rules: Rules,
  known: KnownLogins,
): Promise<Standing> => {
  await deps.crash("commands.before.read_role");
  const lists = rules.kind === "config" ? rules.config : DEFAULT_CONFIG;
  return authorise(await readingOf(deps, spot, primary), asker, primary, lists, known);
};

/** Which of these repositories, the primary one aside, the person may not write to. Throws GitHubError. */
export const readUnwritable = async (
  deps: HearingDeps,
  spot: Spot,
  repositories: readonly Participant[],
  asker: Asker,
): Promise<readonly RepoId[]> => {
  const unwritable: RepoId[] = [];
  for (const repository of repositories) {
    await deps.crash("commands.before.read_role_on_target");
    const reading = await readingOf(deps, spot, repository);
    if (!(await mayWrite(reading, asker, repository.repoId))) unwritable.push(repository.repoId);
  }
  return unwritable;
};

/** Whether a comment is still what it was when it was posted: the same words, by the same person, never edited. */
export const isUnchanged = (
  now: Pick<CommentFacts, "body" | "author" | "viaAppId" | "createdAt" | "updatedAt"> | null,
  sent: Readonly<{ body: string; author: Pick<Asker, "id"> }>,
): boolean =>
  now !== null &&
  now.body === sent.body &&
  now.author.id === sent.author.id &&
  now.viaAppId === null &&
  now.updatedAt === now.createdAt;

/** Throws GitHubError. */
export const readComment = async (deps: HearingDeps, spot: Spot, id: CommentId): Promise<CommentFacts | null> => {
  await deps.crash("commands.before.read_comment");
  const reading = await deps.github.reading(spot.installationId, [spot.repoId]);
  return reading.comment(spot.repoId, id);
};
