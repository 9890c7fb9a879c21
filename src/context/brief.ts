// Makes the briefing of a run: every repository that takes part, read at its base commit, and the words that count.
import { setImmediate } from "node:timers/promises";
import type { Ceiling } from "../config/ceiling.ts";
import type { GitHub } from "../github/github.ts";
import type { InstallationId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { type BlobStoreDeps, keptBlobs, readBlob, textOf } from "./blob-store.ts";
import { type Chosen, chooseFiles } from "./choose-files.ts";
import { doctrineIn } from "./doctrine.ts";
import { keptOut } from "./kept-out.ts";
import { createLook, type Look, type LookedAt } from "./look.ts";
import type { ContextPacket, Feedback, ProposedElsewhere, RepositoryContext } from "./packet.ts";
import { type RepositoryRead, type RepositoryRef, readRepository, type Unreadable } from "./read-repository.ts";
import { tokensOf } from "./retrieval/index-file.ts";
import type { Question } from "./retrieval/question.ts";

/** Tokens (characters divided by four) that files may take, over all repositories. */
const FILE_BUDGET = 40_000;
/** Paths of a tree that are listed. */
const MAX_PATHS = 2_000;

export type BriefDeps = BlobStoreDeps & Readonly<{ github: Pick<GitHub, "reading">; ceiling: Ceiling }>;

export type Brief = Readonly<{
  repos: readonly (RepositoryRef & Readonly<{ installationId: InstallationId }>)[];
  feedback: readonly Feedback[];
  plan: ContextPacket["plan"];
  /** Words beside the issue and the feedback that say what is looked for, such as those of the plan's tasks. */
  about?: readonly string[];
  /** Paths that must be shown, such as those of the plan's tasks. */
  required: readonly string[];
  elsewhere?: readonly ProposedElsewhere[];
}>;

export type Briefed = Readonly<{
  packet: ContextPacket;
  texts: ReadonlyMap<Sha, string>;
  /** As read, in the order of `repos`: whole tree listings, which the packet only names. */
  reads: readonly RepositoryRead[];
  /** For whoever needs to see more of the same. */
  look: Look;
}>;

const contextOf = ({ ref, baseTree, entries }: RepositoryRead, { files }: Chosen): RepositoryContext => {
  const paths = entries.filter(({ type }) => type !== "tree").map(({ path }) => path);
  return {
    repoId: ref.repoId,
    name: ref.name,
    visibility: ref.visibility,
    baseBranch: ref.baseBranch,
    baseSha: ref.baseSha,
    baseTree,
    paths: paths.slice(0, MAX_PATHS),
    pathsLeftOut: Math.max(0, paths.length - MAX_PATHS),
    files: [...files],
  };
};

/** What a small repository does not need of its share goes to the larger ones. In the order of `reads`. */
async function chooseAmong(
  reads: readonly RepositoryRead[],
  question: Question,
  required: readonly string[],
): Promise<readonly Chosen[]> {
  const sizes = reads.map(({ candidates }) => candidates.reduce((sum, { text }) => sum + tokensOf(text), 0));
  const smallestFirst = [...reads.keys()].sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0) || a - b);
  const chosen = new Map<number, Chosen>();
  let left = FILE_BUDGET;
  for (const [done, at] of smallestFirst.entries()) {
    const candidates = reads[at]?.candidates ?? [];
    const budget = Math.floor(left / (reads.length - done));
    const paths = candidates.map(({ path }) => path);
    const first = [
      ...required.map((path) => ({ path, reason: "task" as const })),
      ...doctrineIn(paths)
        .filter((path) => !required.includes(path))
        .map((path) => ({ path, reason: "doctrine" as const })),
    ];
    const one = await chooseFiles(question, candidates, { budget, first }, async () => void (await setImmediate()));
    chosen.set(at, one);
    left -= one.tokens;
  }
  return reads.flatMap((_, at) => chosen.get(at) ?? []);
}

/** Deterministic for the same snapshot, feedback and base commits. Throws GitHubError. */
export async function briefDelivery(
  deps: BriefDeps,
  { packet, neverSend }: Readonly<{ packet: ContextPacket; neverSend: readonly string[] }>,
  { repos, feedback, plan, about = [], required, elsewhere = [] }: Brief,
  signal: AbortSignal,
): Promise<Result<Briefed, Unreadable>> {
  const { issue } = packet;
  const said = [...issue.comments.map(({ body }) => body), ...feedback.map(({ words }) => words), ...about];
  const question = { title: issue.title, body: [issue.body, ...said].join("\n") };
  const reads: RepositoryRead[] = [];
  const looked: LookedAt[] = [];
  for (const { installationId, ...ref } of repos) {
    const reading = await deps.github.reading(installationId, [ref.repoId], signal);
    const forbidden = await keptOut(reading, ref, neverSend, deps.ceiling);
    if (!forbidden.ok) return err({ why: forbidden.error });
    const read = await readRepository(deps, reading, ref, { question, required, forbidden: forbidden.value });
    if (!read.ok) return read;
    const { entries } = read.value;
    reads.push(read.value);
    looked.push({
      name: ref.name,
      entries,
      forbidden: forbidden.value,
      text: async (sha) => textOf(await readBlob(deps, reading, ref.repoId, sha)),
      kept: async (shas) => {
        const kept = [...(await keptBlobs(deps, shas))].map(([sha, bytes]) => [sha, textOf(bytes)] as const);
        return new Map(kept.flatMap(([sha, text]) => (text === null ? [] : [[sha, text] as const])));
      },
    });
  }
  const chosen = await chooseAmong(reads, question, required);
  return ok({
    packet: {
      issue,
      plan,
      feedback: [...feedback],
      repositories: reads.flatMap((read, at) => {
        const files = chosen[at];
        return files === undefined ? [] : [contextOf(read, files)];
      }),
      ...(elsewhere.length === 0 ? {} : { elsewhere: [...elsewhere] }),
    },
    texts: new Map(chosen.flatMap(({ texts }) => [...texts])),
    reads,
    look: createLook(looked),
  });
}
