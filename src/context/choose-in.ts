// What a briefing shows of one repository, and of several within one budget: the app's choice, which `countersign context show` makes too.
import { type Candidate, type Chosen, chooseFiles } from "./choose-files.ts";
import { doctrineIn } from "./doctrine.ts";
import { tokensOf } from "./retrieval/index-file.ts";
import type { Question } from "./retrieval/question.ts";

/** Tokens (characters divided by four) that files may take, over all repositories. */
export const FILE_BUDGET = 40_000;

export type Choice = Readonly<{
  candidates: readonly Candidate[];
  /** Globs of the repository's configuration. */
  doctrine: readonly string[];
}>;

export type ChoiceOptions = Readonly<{
  question: Question;
  /** Paths that must be shown, such as those of the plan's tasks. */
  required: readonly string[];
  budget: number;
  /** Lets others have a turn. */
  pause: () => Promise<void>;
}>;

/** `doctrine`: the paths of it that are shown, at least in part. */
export type ChosenIn = Chosen & Readonly<{ doctrine: readonly string[] }>;

export async function chooseIn(
  { candidates, doctrine }: Choice,
  { question, required, budget, pause }: ChoiceOptions,
): Promise<ChosenIn> {
  const rules = doctrineIn(
    candidates.map(({ path }) => path),
    doctrine,
  );
  const first = [
    ...required.map((path) => ({ path, reason: "task" as const })),
    ...rules.filter((path) => !required.includes(path)).map((path) => ({ path, reason: "doctrine" as const })),
  ];
  const chosen = await chooseFiles(question, candidates, { budget, first }, pause);
  return { ...chosen, doctrine: rules.filter((path) => chosen.files.some((file) => file.path === path)) };
}

/** What a small repository does not need of its share goes to the larger ones. In the given order. */
export async function chooseAmong(
  repositories: readonly Choice[],
  options: ChoiceOptions,
): Promise<readonly ChosenIn[]> {
  const sizes = repositories.map(({ candidates }) => candidates.reduce((sum, { text }) => sum + tokensOf(text), 0));
  const smallestFirst = [...repositories.keys()].sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0) || a - b);
  const chosen = new Map<number, ChosenIn>();
  let left = options.budget;
  for (const [done, at] of smallestFirst.entries()) {
    const repository = repositories[at];
    if (repository === undefined) continue;
    const one = await chooseIn(repository, { ...options, budget: Math.floor(left / (repositories.length - done)) });
    chosen.set(at, one);
    left -= one.tokens;
  }
  return repositories.flatMap((_, at) => chosen.get(at) ?? []);
}
