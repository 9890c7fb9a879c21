// Which repositories a trigger names beside its own: those of the configuration in their order, then those of the issue's text. Pure.
import { plainLines } from "../commands/spoken-lines.ts";
import { allowedAs, REPOSITORY, sameRepository } from "../config/repository-patterns.ts";
import type { Config } from "../config/schema.ts";
import { MOST_SECONDARY } from "../config/schema-repositories.ts";

/** A name that somebody wrote; `permitted` by the configuration of the repository where the issue is, for its owner's sake or as this name. */
export type Named = Readonly<{ name: string; permitted: Permission }>;

export type Permission = ReturnType<typeof allowedAs>;

export type Participants =
  | Readonly<{ kind: "named"; repositories: readonly Named[] }>
  /** A line of the issue begins with `Repos:` and goes on as no list of owner/name. */
  | Readonly<{ kind: "unreadable" }>
  | Readonly<{ kind: "too_many"; named: number }>;

const LINE = /^repos:(.*)$/i;

/** Null where a line cannot be read: to leave one out would start another work than the one that was asked for. */
const namedInText = (body: string): readonly string[] | null => {
  const lines = plainLines(body, (line) => LINE.test(line));
  const names = lines.flatMap(({ text }) => (LINE.exec(text)?.[1] ?? "").split(",").map((name) => name.trim()));
  return names.every((name) => REPOSITORY.test(name)) ? names : null;
};

/** Whether the configuration lets a repository take part in deliveries that start here. */
export const permissionOf = ({ include, allow }: Config["repos"], name: string): Permission =>
  allowedAs([...include, ...allow], name);

/** Secondary repositories in the order in which their pull requests are opened, each once, the primary not among them. */
export const participantsOf = (primary: string, repos: Config["repos"], issueBody: string): Participants => {
  const written = namedInText(issueBody);
  if (written === null) return { kind: "unreadable" };
  const all = [...repos.include, ...written];
  const names = all.filter(
    (name, at) => !sameRepository(name, primary) && all.findIndex((other) => sameRepository(other, name)) === at,
  );
  if (names.length > MOST_SECONDARY) return { kind: "too_many", named: names.length };
  return { kind: "named", repositories: names.map((name) => ({ name, permitted: permissionOf(repos, name) })) };
};
