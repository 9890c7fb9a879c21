// Reads what red checks say of themselves, bounded, and as a model may see it: secrets taken out, hidden things shown.
import type { FailedCheck, RedPull } from "../context/packet.ts";
import { shownFile, shownProse } from "../context/shown-text.ts";
import { type Shown, together } from "../context/withheld.ts";
import type { Counted } from "../delivery/gates/newest-checks.ts";
import type { CheckOutput, Reading } from "../github/reading.ts";
import { CheckRunId, type RepoId } from "../ids.ts";
import { plainLog, shortened } from "./log-text.ts";
import type { Red } from "./red.ts";

export type RedPort = Pick<Reading, "checkOutput" | "jobLog">;

/** Of one pull request. The first by name: which came first nobody can tell from the names. */
const MOST_CHECKS = 6;
/** Annotations beyond these repeat the first. */
const MOST_ANNOTATIONS = 30;

type Said = Readonly<{ from: FailedCheck["from"]; shown: Shown; whole: boolean }>;

const NOTHING: Said = {
  from: "nothing",
  shown: { text: "", withheld: { secrets: [], hiddenParts: 0, hiddenCharacters: 0 } },
  whole: true,
};

/** Cleaned before it is shortened: a secret that is cut in half would no longer look like one. */
const ofLog = async (port: RedPort, repoId: RepoId, id: number): Promise<Said | null> => {
  const log = await port.jobLog(repoId, id);
  if (log === null) return null;
  const isCut = log.leftOut !== 0;
  // What is cut in the middle of a line begins with the next one.
  const tail = isCut ? log.tail.slice(log.tail.indexOf("\n") + 1) : log.tail;
  const text = plainLog(isCut ? `${log.head.slice(0, log.head.lastIndexOf("\n"))}\n${tail}` : log.head + log.tail);
  if (text.trim() === "") return null;
  const shown = await shownFile(text);
  return { from: "log", shown, whole: !isCut };
};

const annotationLine = ({ path, line, level, text }: CheckOutput["annotations"]["items"][number]): string =>
  `${level}${path === null ? "" : ` ${path}${line === null ? "" : `:${line}`}`}: ${text}`;

const ofOutput = async (port: RedPort, repoId: RepoId, id: CheckRunId): Promise<Said | null> => {
  const output = await port.checkOutput(repoId, id);
  if (output === null) return null;
  const { annotations } = output;
  const [first, rest] = [annotations.items.slice(0, MOST_ANNOTATIONS), annotations.items.slice(MOST_ANNOTATIONS)];
  const prose = [output.title, output.summary, output.text].filter((part) => part !== null && part !== "").join("\n\n");
  const parts = [await shownProse(prose), await shownFile(plainLog(first.map(annotationLine).join("\n")))];
  const text = parts.map((part) => part.text).filter((part) => part.trim() !== "");
  if (text.length === 0) return null;
  return {
    from: "output",
    shown: { text: text.join("\n"), withheld: together(parts.map(({ withheld }) => withheld)) },
    whole: rest.length === 0 && annotations.complete,
  };
};

const saidBy = async (port: RedPort, repoId: RepoId, { source, id }: Counted): Promise<Said> => {
  if (source !== "check_run") return NOTHING;
  return (await ofLog(port, repoId, id)) ?? (await ofOutput(port, repoId, CheckRunId.parse(id))) ?? NOTHING;
};

/** Throws GitHubError. */
export async function readRed(port: RedPort, { pull, head, failed }: Red): Promise<RedPull> {
  const checks: FailedCheck[] = [];
  for (const check of failed.slice(0, MOST_CHECKS)) {
    const { from, shown, whole } = await saidBy(port, pull.repoId, check);
    const short = shortened(shown.text);
    checks.push({
      name: check.name,
      said: check.said,
      from,
      text: short.text,
      whole: whole && short.whole,
      withheld: shown.withheld,
    });
  }
  return {
    repoId: pull.repoId,
    name: pull.name,
    pullRequest: pull.written.pullRequest,
    head,
    checks,
    leftOut: failed.length - checks.length,
  };
}
