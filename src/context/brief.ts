// Makes the briefing of a run: every repository that takes part, read at its base commit, and the words that count.
import { setImmediate } from "node:timers/promises";
import type { Ceiling } from "../config/ceiling.ts";
import type { GitHub } from "../github/github.ts";
import type { InstallationId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { type BlobStoreDeps, keptBlobs, readBlob, textOf } from "./blob-store.ts";
import { type Choice, type ChosenIn, chooseAmong, FILE_BUDGET } from "./choose-in.ts";
import { type Instead, withInstead } from "./instead.ts";
import { createLook, type Look, type LookedAt } from "./look.ts";
import type { ContextPacket, Feedback, ProposedElsewhere, RepositoryContext } from "./packet.ts";
import { type RepositoryRead, type RepositoryRef, readRepository, type Unreadable } from "./read-repository.ts";
import { shownByRules } from "./shown-by-rules.ts";

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
  /** What looks find in place of the base, where a single repository is briefed. */
  instead?: Instead;
}>;

export type Briefed = Readonly<{
  packet: ContextPacket;
  texts: ReadonlyMap<Sha, string>;
  /** As read, in the order of `repos`: whole tree listings, which the packet only names. */
  reads: readonly RepositoryRead[];
  /** For whoever needs to see more of the same. */
  look: Look;
}>;

const contextOf = ({ ref, baseTree, entries }: RepositoryRead, { files, doctrine }: ChosenIn): RepositoryContext => {
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
    doctrine: files.flatMap(({ path, blob }) => (doctrine.includes(path) ? [{ path, blob }] : [])),
  };
};

/** Deterministic for the same snapshot, feedback and base commits. Throws GitHubError. */
export async function briefDelivery(
  deps: BriefDeps,
  { packet, neverSend }: Readonly<{ packet: ContextPacket; neverSend: readonly string[] }>,
  { repos, feedback, plan, about = [], required, elsewhere = [], instead = new Map() }: Brief,
  signal: AbortSignal,
): Promise<Result<Briefed, Unreadable>> {
  const { issue } = packet;
  const said = [...issue.comments.map(({ body }) => body), ...feedback.map(({ words }) => words), ...about];
  const question = { title: issue.title, body: [issue.body, ...said].join("\n") };
  const reads: RepositoryRead[] = [];
  const looked: LookedAt[] = [];
  const choices: Choice[] = [];
  for (const { installationId, ...ref } of repos) {
    const reading = await deps.github.reading(installationId, [ref.repoId], signal);
    const rules = await shownByRules(reading, ref, neverSend, deps.ceiling);
    if (!rules.ok) return err({ why: rules.error });
    const { forbidden, doctrine } = rules.value;
    const read = await readRepository(deps, reading, ref, { question, required, forbidden });
    if (!read.ok) return read;
    const { entries, candidates } = read.value;
    reads.push(read.value);
    choices.push({ candidates, doctrine });
    looked.push({
      name: ref.name,
      entries,
      forbidden,
      text: async (sha) => textOf(await readBlob(deps, reading, ref.repoId, sha)),
      kept: async (shas) => {
        const kept = [...(await keptBlobs(deps, shas))].map(([sha, bytes]) => [sha, textOf(bytes)] as const);
        return new Map(kept.flatMap(([sha, text]) => (text === null ? [] : [[sha, text] as const])));
      },
    });
  }
  const pause = async (): Promise<void> => void (await setImmediate());
  const chosen = await chooseAmong(choices, { question, required, budget: FILE_BUDGET, pause });
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
    look: createLook(looked.length === 1 ? looked.map((one) => withInstead(one, instead)) : looked),
  });
}
