// Who may do what, judged by the configuration and the roles of now. Whatever cannot be told is no.
import type { Approvers, Team } from "../config/approvers.ts";
import { approversOf, GATES, type Gate } from "../config/gate-approvers.ts";
import type { Config } from "../config/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { Account, Reading, RoleName } from "../github/reading.ts";
import type { RepoId, UserId } from "../ids.ts";

export type PeoplePort = Pick<Reading, "role" | "teamMembers" | "accountById">;

/** As GitHub sent them: the number decides, the login is where the number was last seen. */
export type Asker = Readonly<{
  id: UserId;
  login: string;
  type: Account["type"];
  /** Set when an app spoke in a person's name. */
  viaAppId: number | null;
}>;

export type Person = Pick<Asker, "id" | "login">;

export type Place = Readonly<{ repoId: RepoId; owner: string }>;

/** Whose the logins of the lists were when the delivery first knew them, in small letters. */
export type KnownLogins = ReadonlyMap<string, UserId>;

export type Lists = Pick<Config, "approvers" | "gate_approvers">;

export type Standing =
  /** On a list of approvers, or maintaining where there is none, and with write access. `gates`: those whose approvals they give. */
  | Readonly<{ kind: "approver"; login: string; role: RoleName; gates: readonly Gate[] }>
  /**
   * With write access: may ask for status and help, and is told why other commands are refused. `taken`: the login is on a list, but
   * was another account's when the delivery began.
   */
  | Readonly<{ kind: "may_command"; login: string; role: RoleName; taken: boolean }>
  | Readonly<{ kind: "stranger"; why: "bot" | "app" | "role" | "unknown"; role: RoleName }>;

const WRITING: ReadonlySet<RoleName> = new Set(["admin", "maintain", "write"]);
const MAINTAINING: ReadonlySet<RoleName> = new Set(["admin", "maintain"]);

/** What an owner did not permit us to read, or what is not there, will not be there next time either. */
const isSettled = (error: unknown): boolean =>
  error instanceof GitHubError && ["forbidden", "not_found", "unprocessable"].includes(error.code);

const orNo = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
  } catch (error) {
    if (isSettled(error)) return null;
    throw error;
  }
};

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

type Live = Readonly<{ role: RoleName; account: Account }>;

const roleUnder = async (
  github: Pick<PeoplePort, "role">,
  { id, login }: Person,
  repoId: RepoId,
): Promise<Live | null> => {
  const found = await orNo(github.role(repoId, login));
  // Somebody else may have taken the login since.
  if (found === null || found.account === null || found.account.id !== id) return null;
  return { role: found.role, account: found.account };
};

type RolePort = Pick<PeoplePort, "role" | "accountById">;

/** The person's live role, under the login of now where the one that we know is no longer theirs. */
const liveRole = async (github: RolePort, person: Person, repoId: RepoId): Promise<Live | null> => {
  const known = await roleUnder(github, person, repoId);
  if (known !== null) return known;
  const now = await orNo(github.accountById(person.id));
  if (now === null || now.id !== person.id || sameName(now.login, person.login)) return null;
  return roleUnder(github, now, repoId);
};

/** Teams of other organizations than the repository's are none of ours to ask about. */
const isInTeam = async (
  membersOf: (slug: string) => Promise<readonly Account[]>,
  teams: readonly Team[],
  id: UserId,
  owner: string,
): Promise<boolean> => {
  for (const { organization, slug } of teams) {
    if (organization !== null && !sameName(organization, owner)) continue;
    if ((await membersOf(slug)).some((member) => member.id === id)) return true;
  }
  return false;
};

type Listing = "listed" | "taken" | "not_listed";

/** Ids mean one person for ever; a login means who bears it, unless the delivery knew it as another's. */
const listedByName = ({ users }: Approvers, { account }: Live, known: KnownLogins): Listing => {
  if (users.includes(account.id)) return "listed";
  const named = users.some((user) => typeof user === "string" && sameName(user, account.login));
  if (!named) return "not_listed";
  const before = known.get(account.login.toLowerCase());
  return before === undefined || before === account.id ? "listed" : "taken";
};

/** Reads each team once, however many lists name it. */
const listing = (github: PeoplePort, live: Live, { owner }: Place, known: KnownLogins) => {
  const read = new Map<string, Promise<readonly Account[]>>();
  const membersOf = (slug: string): Promise<readonly Account[]> => {
    const members = read.get(slug) ?? orNo(github.teamMembers(owner, slug)).then((found) => found?.items ?? []);
    read.set(slug, members);
    return members;
  };
  return async (list: Approvers | null): Promise<Listing> => {
    if (list === null) return MAINTAINING.has(live.role) ? "listed" : "not_listed";
    const byName = listedByName(list, live, known);
    if (byName === "listed") return byName;
    return (await isInTeam(membersOf, list.teams, live.account.id, owner)) ? "listed" : byName;
  };
};

/** Throws GitHubError where trying again may tell. */
export const authorise = async (
  github: PeoplePort,
  asker: Asker,
  place: Place,
  lists: Lists,
  known: KnownLogins,
): Promise<Standing> => {
  if (asker.type !== "User") return { kind: "stranger", why: "bot", role: "none" };
  if (asker.viaAppId !== null) return { kind: "stranger", why: "app", role: "none" };
  const live = await liveRole(github, asker, place.repoId);
  if (live === null || live.account.type !== "User") return { kind: "stranger", why: "unknown", role: "none" };
  const { role } = live;
  // `role` came with this login, so the login is this person's today.
  const { login } = live.account;
  if (!WRITING.has(role)) return { kind: "stranger", why: "role", role };
  const isListed = listing(github, live, place, known);
  const found = [await isListed(lists.approvers)];
  const gates: Gate[] = [];
  for (const gate of GATES) {
    const here = await isListed(approversOf(lists, gate));
    found.push(here);
    if (here === "listed") gates.push(gate);
  }
  if (found.includes("listed")) return { kind: "approver", login, role, gates };
  return { kind: "may_command", login, role, taken: found.includes("taken") };
};

/** Whether a person has write access now. Throws GitHubError where trying again may tell. */
export const mayWrite = async (github: RolePort, person: Person, repoId: RepoId): Promise<boolean> => {
  const live = await liveRole(github, person, repoId);
  return live !== null && WRITING.has(live.role);
};
