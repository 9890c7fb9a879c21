// Makes the briefing of a run: every repository that takes part, read at its base commit, and the words that count.
import type { Ceiling } from "../config/ceiling.ts";
import type { GitHub } from "../github/github.ts";
import type { InstallationId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import type { BlobStoreDeps } from "./blob-store.ts";
import { keptOut } from "./kept-out.ts";
import type { ContextPacket, Feedback, ProposedElsewhere } from "./packet.ts";
import { type RepositoryRead, type RepositoryRef, readRepository, type Unreadable } from "./read-repository.ts";

/** Tokens (characters divided by four) that files may take, over all repositories. */
const FILE_BUDGET = 40_000;

export type BriefDeps = BlobStoreDeps & Readonly<{ github: Pick<GitHub, "reading">; ceiling: Ceiling }>;

export type Brief = Readonly<{
  repos: readonly (RepositoryRef & Readonly<{ installationId: InstallationId }>)[];
  feedback: readonly Feedback[];
  plan: ContextPacket["plan"];
  /** Paths that must be shown, such as those of the plan's tasks. */
  required: readonly string[];
  elsewhere?: readonly ProposedElsewhere[];
}>;

export type Briefed = Readonly<{
  packet: ContextPacket;
  texts: ReadonlyMap<Sha, string>;
  /** As read, in the order of `repos`: whole tree listings, which the packet only names. */
  reads: readonly RepositoryRead[];
}>;

/** Deterministic for the same snapshot, feedback and base commits. Throws GitHubError. */
export async function briefDelivery(
  deps: BriefDeps,
  { packet, neverSend }: Readonly<{ packet: ContextPacket; neverSend: readonly string[] }>,
  { repos, feedback, plan, required, elsewhere = [] }: Brief,
  signal: AbortSignal,
): Promise<Result<Briefed, Unreadable>> {
  const { issue } = packet;
  const said = [...issue.comments.map(({ body }) => body), ...feedback.map(({ words }) => words)];
  const query = [issue.title, issue.body, ...said].join("\n");
  const reads: RepositoryRead[] = [];
  for (const { installationId, ...ref } of repos) {
    const reading = await deps.github.reading(installationId, [ref.repoId], signal);
    const budget = Math.floor(FILE_BUDGET / repos.length);
    const forbidden = await keptOut(reading, ref, neverSend, deps.ceiling);
    if (!forbidden.ok) return err({ why: forbidden.error });
    const read = await readRepository(deps, reading, ref, { query, required, forbidden: forbidden.value, budget });
    if (!read.ok) return read;
    reads.push(read.value);
  }
  return ok({
    packet: {
      issue,
      plan,
      feedback: [...feedback],
      repositories: reads.map(({ context }) => context),
      ...(elsewhere.length === 0 ? {} : { elsewhere: [...elsewhere] }),
    },
    texts: new Map(reads.flatMap(({ texts }) => [...texts])),
    reads,
  });
}
