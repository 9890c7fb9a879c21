// Routes of a repository as a whole: its facts, who may what in it, its branches and their rules.
import { notFound } from "../api-error.ts";
import type { BranchRules, Repo, Role } from "../records.ts";
import { fullName } from "../records.ts";
import { commitsShape } from "../render/commit.ts";
import { userShape } from "../render/people.ts";
import { repositoryShape, repoUrl } from "../render/repository.ts";
import { list, ok, param, type Route, repoRoute } from "../route.ts";
import type { World } from "../world.ts";

const metadata = [["metadata", "read"]] as const;
const contents = [["contents", "read"]] as const;

/** The old field knows four levels only: maintain counts as write, triage as read. */
const permissionOf = (role: Role): string => (role === "maintain" ? "write" : role === "triage" ? "read" : role);

const rulesOf = (repo: Repo, branch: string): BranchRules | null => repo.rules.get(branch) ?? null;

const branchShape = (world: World, repo: Repo, branch: string, sha: string) => {
  const rules = rulesOf(repo, branch);
  const classic = rules?.kept === "branch" ? rules.requiredChecks : [];
  return {
    name: branch,
    commit: commitsShape(world, repo, [sha])[0],
    _links: { self: `${repoUrl(world, repo)}/branches/${branch}`, html: "" },
    protected: rules !== null,
    protection: {
      enabled: rules?.kept === "branch",
      required_status_checks: {
        enforcement_level: classic.length > 0 ? "non_admins" : "off",
        contexts: classic.map((check) => check.context),
        checks: classic.map((check) => ({ context: check.context, app_id: check.appId })),
      },
    },
    protection_url: `${repoUrl(world, repo)}/branches/${branch}/protection`,
  };
};

const ruleShapes = (repo: Repo, branch: string): unknown[] => {
  const rules = rulesOf(repo, branch);
  // Classic protection is not among the rules; only rulesets are.
  if (rules === null || rules.kept === "branch") return [];
  const source = { ruleset_source_type: "Repository", ruleset_source: fullName(repo), ruleset_id: repo.id };
  const checks = rules.requiredChecks.map((check) => ({
    context: check.context,
    ...(check.appId === null ? {} : { integration_id: check.appId }),
  }));
  return [
    ...(checks.length === 0
      ? []
      : [
          {
            type: "required_status_checks",
            ...source,
            parameters: {
              strict_required_status_checks_policy: false,
              do_not_enforce_on_create: false,
              required_status_checks: checks,
            },
          },
        ]),
    ...(rules.requiredReviews === 0
      ? []
      : [
          {
            type: "pull_request",
            ...source,
            parameters: {
              required_approving_review_count: rules.requiredReviews,
              dismiss_stale_reviews_on_push: false,
              require_code_owner_review: false,
              require_last_push_approval: false,
              required_review_thread_resolution: false,
            },
          },
        ]),
    ...(rules.mergeQueue ? [{ type: "merge_queue", ...source, parameters: { merge_method: "MERGE" } }] : []),
    ...(rules.requiredSignatures ? [{ type: "required_signatures", ...source }] : []),
  ];
};

export const repositoryRoutes: readonly Route[] = [
  repoRoute("GET ", metadata, (call) => ok(repositoryShape(call.world, call.repo))),
  repoRoute("GET /collaborators/:login/permission", metadata, (call) => {
    const account = call.world.account(param(call, "login"));
    if (account === null) throw notFound();
    const role = call.world.roleOf(call.repo, account);
    return ok({
      permission: permissionOf(role),
      role_name: role,
      user: { ...userShape(call.world, account), role_name: role },
    });
  }),
  repoRoute("GET /branches", contents, (call) => {
    const branches = [...call.repo.refs].filter(([ref]) => ref.startsWith("refs/heads/"));
    return list(call, branches, ([ref, sha]) => {
      const name = ref.slice("refs/heads/".length);
      const at = { sha, url: `${repoUrl(call.world, call.repo)}/commits/${sha}` };
      return { name, commit: at, protected: rulesOf(call.repo, name) !== null };
    });
  }),
  repoRoute("GET /branches/:branch*", contents, (call) => {
    const branch = param(call, "branch");
    const sha = call.repo.refs.get(`refs/heads/${branch}`);
    if (sha === undefined) throw notFound();
    return ok(branchShape(call.world, call.repo, branch, sha));
  }),
  repoRoute("GET /rules/branches/:branch*", metadata, (call) =>
    list(call, ruleShapes(call.repo, param(call, "branch")), (rule) => rule),
  ),
];
