// Routes of accounts, organizations and teams.
import { demand } from "../access.ts";
import { notFound } from "../api-error.ts";
import type { Organization, Team } from "../records.ts";
import { organizationShape, userShape } from "../render/people.ts";
import { list, numberParam, ok, param, type Route, type TokenCall, tokenRoute } from "../route.ts";

const members = [["members", "read"]] as const;

/** An installation sees the members of the account that it is installed on, and no other's. */
const ownOrganization = (call: TokenCall): Organization => {
  const org = call.world.organization(param(call, "org"));
  if (org === null || org.account.id !== call.token.installation.account.id) throw notFound();
  demand(call.permissions, members);
  return org;
};

const teamAt = (call: TokenCall): { org: Organization; team: Team } => {
  const org = ownOrganization(call);
  const team = org.teams.get(param(call, "slug"));
  if (team === undefined) throw notFound();
  return { org, team };
};

const accountsOf = (call: TokenCall, ids: Iterable<number>) =>
  [...ids].flatMap((id) => call.world.accounts.get(id) ?? []);

export const peopleRoutes: readonly Route[] = [
  tokenRoute("GET /users/:login", [], (call) => {
    const account = call.world.account(param(call, "login"));
    if (account === null) throw notFound();
    return ok({ ...userShape(call.world, account), name: account.login, public_repos: 0, followers: 0 });
  }),
  tokenRoute("GET /user/:id", [], (call) => {
    const account = call.world.accounts.get(numberParam(call, "id"));
    if (account === undefined) throw notFound();
    return ok(userShape(call.world, account));
  }),
  tokenRoute("GET /orgs/:org", [], (call) => {
    const org = call.world.organization(param(call, "org"));
    if (org === null) throw notFound();
    return ok(organizationShape(call.world, org.account));
  }),
  tokenRoute("GET /orgs/:org/teams/:slug", [], (call) => {
    const { org, team } = teamAt(call);
    return ok({
      id: team.id,
      slug: team.slug,
      name: team.name,
      organization: organizationShape(call.world, org.account),
    });
  }),
  tokenRoute("GET /orgs/:org/teams/:slug/members", [], (call) =>
    list(call, accountsOf(call, teamAt(call).team.members), (account) => userShape(call.world, account)),
  ),
  tokenRoute("GET /orgs/:org/teams/:slug/memberships/:login", [], (call) => {
    const { team } = teamAt(call);
    const account = call.world.account(param(call, "login"));
    if (account === null || !team.members.has(account.id)) throw notFound();
    return ok({ state: "active", role: "member", url: "" });
  }),
  tokenRoute("GET /orgs/:org/members", [], (call) =>
    list(call, accountsOf(call, ownOrganization(call).members.keys()), (account) => userShape(call.world, account)),
  ),
];
