// The part of the configuration that says which repositories work together.
import { z } from "zod";
import { RepoId } from "../ids.ts";
import { REPOSITORY } from "./repository-patterns.ts";

/** `*` stands for every repository of the owner. */
const REPOSITORY_OR_ALL =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?\/(?:\*|[A-Za-z0-9._-]{1,100})$/;

/** The primary repository and this many beside it: more pull requests than that nobody reviews as one change. */
export const MOST_SECONDARY = 9;

const repository = z
  .string({ error: "must be owner/name of a repository" })
  .regex(REPOSITORY, "is not owner/name of a repository");
const repositories = z.array(repository).max(MOST_SECONDARY);
const repositoryPattern = z
  .string({ error: "must be owner/name of a repository, or owner/*" })
  .regex(REPOSITORY_OR_ALL, "is neither owner/name of a repository nor owner/*");

export const repos = z.union(
  [
    repositories.transform((include) => ({
      include,
      allow: [] as readonly string[],
      confirmed: [] as readonly RepoId[],
    })),
    z.strictObject({
      include: repositories.default([]).describe("Repositories that take part in every delivery, in this order."),
      allow: z
        .array(repositoryPattern)
        .max(100)
        .default([])
        .describe(
          "Repositories that a line `Repos: owner/name` in an issue may add, by name or as owner/*. Those of `include` need not be named again.",
        ),
      confirmed: z
        .array(RepoId)
        .max(100)
        .default([])
        .describe(
          "Numeric ids of repositories that bear a name of `include` or `allow` which another one bore when it was first used. Such a one is refused until its id stands here.",
        ),
    }),
  ],
  { error: "must be a list of owner/name, or include and allow" },
);

export const acceptFrom = z
  .array(z.union([repositoryPattern, RepoId], { error: "is neither owner/name, owner/* nor a numeric id" }))
  .max(100);
