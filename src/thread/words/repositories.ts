// Why a repository may not take part in a delivery: one sentence each, with what to change.
import type { AdmissionRefusal, RepositoryWhyNot } from "../../admission/refusal.ts";
import { CONFIG_PATH } from "../../config/schema.ts";
import { unreachable } from "../../result.ts";
import { codeSpan } from "../defuse.ts";
import { blocks, sentences } from "./phrase.ts";

type Refused = Readonly<{ name: string; why: RepositoryWhyNot }>;
type Mark = (name: string) => string;

const plain: Mark = (name) => name;

/**
 * `unavailable` says the same of a repository that does not exist and of one that is there but not for everybody who
 * reads the issue: nobody learns from it which of the two it is.
 */
const sentence = ({ name, why }: Refused, primary: string, mark: Mark): string => {
  const it = mark(name);
  const own = `its own ${mark(CONFIG_PATH)}`;
  switch (why.code) {
    case "not_permitted":
      return `${it} is not among the repositories that ${mark(CONFIG_PATH)} of ${mark(primary)} lets take part. It can be added there under ${mark("repos")}.`;
    case "unavailable":
      return `${it} cannot take part. It would have to be a repository that this app is installed on together with ${mark(primary)}, that everybody who sees this issue may know of, and that names ${mark(primary)} under ${mark("accept_from")} in ${own}.`;
    case "inactive":
      return `The operator of this app has taken ${it} out of service.`;
    case "archived":
      return `${it} is archived. It would have to be unarchived.`;
    case "more_visible":
      return `${it} is seen by more people than this issue. ${mark("allow_public_output: on")} in ${mark(CONFIG_PATH)} of ${mark(primary)} lets it take part; then nothing of this issue is shown there.`;
    case "empty":
      return `${it} has no commit on its default branch.`;
    case "config_invalid":
      return `${mark(CONFIG_PATH)} of ${it} cannot be used${why.line === null ? "" : ` (line ${why.line})`}. It has to be corrected on the default branch.`;
    case "not_accepting":
      return `${it} does not let ${mark(primary)} in. ${mark(`accept_from: [${primary}]`)} in ${own} on its default branch does.`;
    case "name_taken":
      return `${it} is another repository now than the one that took part under this name. Where that is meant, ${mark(`confirmed: [${why.id}]`)} under ${mark("repos")} in ${mark(CONFIG_PATH)} of ${mark(primary)} lets it in.`;
    case "accepts_another":
      return `${it} let another repository in that bore the name ${mark(primary)} before. Where this one is meant, ${mark(`accept_from: [${why.id}]`)} in ${own} on its default branch lets it in.`;
    default:
      return unreachable(why);
  }
};

/** For the note of a delivery that had to stop: the thread puts no marks into notes, and begins them in upper case. */
export const outWords = (refused: Refused, primary: string): string => {
  const words = sentence(refused, primary, plain);
  return words.startsWith(refused.name) ? `the repository ${words}` : words;
};

/** For the note of a write that was held back: the patches were approved for fewer readers than would see them now. */
export const outgrownWords = (name: string): string =>
  `${name} is seen by more people now than when the patches were made, and what they say may not be for all of them; /revise makes them anew`;

/** One sentence on the same line, several as a list between what happened and what to do next. */
export const repositoriesRefused = (
  { primary, repositories }: Extract<AdmissionRefusal, { code: "repositories_refused" }>,
  happened: string,
  next: string,
): string => {
  const all = repositories.map((refused) => sentence(refused, primary, codeSpan));
  return all.length === 1
    ? sentences(happened, ...all, next)
    : blocks(happened, all.map((text) => `- ${text}`).join("\n"), next);
};
