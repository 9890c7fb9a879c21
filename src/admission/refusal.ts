// Why a trigger was not admitted: a closed union, so that each has its own sentence in thread/.
import { z } from "zod";
import { RepoId, Sha } from "../ids.ts";
import { Instant } from "../instant.ts";

const RoleName = z.enum(["admin", "maintain", "write", "triage", "read", "none"]);

/** Why a repository that was named may not take part. */
export const RepositoryWhyNot = z.discriminatedUnion("code", [
  /** `repos` of the repository does not name it. */
  z.object({ code: z.literal("not_permitted") }),
  /** There is none, or it is none that everybody who reads the issue may know of: which of the two is not told. */
  z.object({ code: z.literal("unavailable") }),
  /** The operator took it out of service. */
  z.object({ code: z.literal("inactive") }),
  z.object({ code: z.literal("archived") }),
  /** More people see it than the issue, and `allow_public_output` is off. */
  z.object({ code: z.literal("more_visible") }),
  /** Without a commit. */
  z.object({ code: z.literal("empty") }),
  z.object({ code: z.literal("config_invalid"), line: z.number().int().positive().nullable() }),
  /** Its own `accept_from` does not name the repository. */
  z.object({ code: z.literal("not_accepting") }),
  /** Another repository bore this name when the configuration first let it in by it; `id` bears it now. */
  z.object({ code: z.literal("name_taken"), id: RepoId }),
  /** Its `accept_from` names the repository, and meant another one, which bore that name then; `id` is the issue's. */
  z.object({ code: z.literal("accepts_another"), id: RepoId }),
]);
export type RepositoryWhyNot = z.infer<typeof RepositoryWhyNot>;

export const AdmissionRefusal = z.discriminatedUnion("code", [
  /** The operator took the repository out of service. */
  z.object({ code: z.literal("source_inactive") }),
  /** `.github/countersign.yml` cannot be used; `line` is null where a problem has no place in the text. */
  z.object({
    code: z.literal("config_invalid"),
    path: z.string(),
    commit: Sha,
    /** As `ConfigProblem`: `key` is dotted, and empty where the file as a whole is meant. */
    problems: z
      .array(z.object({ line: z.number().int().positive().nullable(), key: z.string(), message: z.string() }))
      .min(1),
  }),
  /** The person who put the label on may not write to the repository. */
  z.object({ code: z.literal("labeler_role"), login: z.string(), role: RoleName }),
  /** A bot put the label on; a person must. */
  z.object({ code: z.literal("labeler_is_bot"), login: z.string() }),
  /** No webhook told of the label; `login` is null where GitHub does not say who put it on. */
  z.object({ code: z.literal("label_unheard"), login: z.string().nullable(), at: Instant }),
  z.object({ code: z.literal("issue_closed") }),
  /** The repository, or its whole installation, is frozen. It is no refusal for good: the label is considered again afterwards. */
  z.object({ code: z.literal("frozen"), by: z.enum(["approver", "operator"]), reason: z.string().nullable() }),
  /** The issue is the one that the app keeps about the repository. */
  z.object({ code: z.literal("issue_is_control") }),
  z.object({ code: z.literal("issue_is_pull_request") }),
  /** Title and body together, in characters. */
  z.object({ code: z.literal("issue_too_large"), characters: z.number().int(), limit: z.number().int() }),
  /** A line of the issue begins with `Repos:` and is no list of owner/name. */
  z.object({ code: z.literal("repos_unreadable") }),
  z.object({ code: z.literal("too_many_repositories"), named: z.number().int(), limit: z.number().int() }),
  z.object({
    code: z.literal("repositories_refused"),
    /** owner/name of where the issue is. */
    primary: z.string(),
    repositories: z.array(z.object({ name: z.string(), why: RepositoryWhyNot })).min(1),
  }),
  z.object({
    code: z.literal("too_many_live"),
    scope: z.enum(["repository", "installation"]),
    live: z.number().int(),
    limit: z.number().int(),
  }),
]);
export type AdmissionRefusal = z.infer<typeof AdmissionRefusal>;
