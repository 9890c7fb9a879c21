// Who the approvers are, as numbers, when a ConstraintSnapshot is taken. Nobody's authority is judged by it: it tells who was meant.
import type { Approvers } from "../config/approvers.ts";
import { GATES, type Gate } from "../config/gate-approvers.ts";
import type { Config } from "../config/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { Account, Reading } from "../github/reading.ts";
import type { UserId } from "../ids.ts";

export type Person = Readonly<{ id: UserId; login: string }>;

export type ApproversInForce =
  /** Nobody is named: everyone whose role is maintain or admin. */
  | Readonly<{ kind: "maintainers" }>
  /** `unknown` are names that GitHub did not know, or did not tell us the members of. */
  | Readonly<{ kind: "named"; people: readonly Person[]; unknown: readonly string[] }>;

/** `gates` has those with people of their own. */
export type PeopleInForce = Readonly<{
  approvers: ApproversInForce;
  gates: Readonly<Partial<Record<Gate, ApproversInForce>>>;
}>;

type PeoplePort = Pick<Reading, "accountByLogin" | "accountById" | "teamMembers">;

/** Names become numbers. Throws GitHubError where trying again may help. */
export async function approversInForce(
  github: PeoplePort,
  config: Pick<Config, "approvers" | "gate_approvers">,
  owner: string,
): Promise<PeopleInForce> {
  const gates: Partial<Record<Gate, ApproversInForce>> = {};
  for (const gate of GATES) {
    const own = config.gate_approvers[gate];
    if (own !== null) gates[gate] = await resolve(github, own, owner);
  }
  return { approvers: await resolve(github, config.approvers, owner), gates };
}

async function resolve(github: PeoplePort, named: Approvers | null, owner: string): Promise<ApproversInForce> {
  if (named === null) return { kind: "maintainers" };
  const people = new Map<UserId, Person>();
  const unknown: string[] = [];
  for (const user of named.users) {
    const account: Account | null =
      typeof user === "number" ? await github.accountById(user) : await github.accountByLogin(user);
    if (account?.type === "User") people.set(account.id, { id: account.id, login: account.login });
    else unknown.push(String(user));
  }
  for (const { organization, slug } of named.teams) {
    const name = `${organization ?? owner}/${slug}`;
    const members = await membersOf(github, organization ?? owner, slug);
    if (members === null) unknown.push(name);
    else for (const { id, login } of members) people.set(id, { id, login });
  }
  return { kind: "named", people: [...people.values()], unknown };
}

/** Null where they cannot be told whole: the owner declined the permission, there is no such team, or it is too large. */
async function membersOf(github: PeoplePort, organization: string, slug: string): Promise<readonly Person[] | null> {
  try {
    const { items, complete } = await github.teamMembers(organization, slug);
    return complete ? items : null;
  } catch (error) {
    if (error instanceof GitHubError && !error.transient && error.code !== "unauthorized") return null;
    throw error;
  }
}
