// Whether somebody's word is enough for a command, and as what it counts: their standing against the rules of the open gate. Pure.
import type { Approvers } from "../config/approvers.ts";
import { approversOf, GATES, type Gate, gateOf } from "../config/gate-approvers.ts";
import type { Config } from "../config/schema.ts";
import { standsFor } from "../delivery/code.ts";
import type { Phase } from "../delivery/delivery.ts";
import type { Needs } from "../delivery/needs.ts";
import type { RepoId, UserId } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import type { KnownLogins, Standing } from "./authorise.ts";
import type { HeardNeeds } from "./read-needs.ts";
import type { CommandRefusal } from "./refusal.ts";

export type Voice = Exclude<Standing, { kind: "stranger" }>;

/** What was read of the person and of what they may be about to approve. */
export type Heard = Readonly<{ asker: UserId; requester: UserId; known: KnownLogins; needs: HeardNeeds }>;

const teamNames = ({ teams }: Approvers): readonly string[] =>
  teams.map(({ organization, slug }) => (organization === null ? slug : `${organization}/${slug}`));

/** An id is shown as the login that the delivery knows it by. */
const userNames = ({ users }: Approvers, known: KnownLogins): readonly string[] => {
  const logins = new Map([...known].map(([login, id]) => [id, login]));
  return users.map((user) => (typeof user === "string" ? user : (logins.get(user) ?? `id ${user}`)));
};

const notApprover = (login: string, gate: Gate | null, list: Approvers | null, known: KnownLogins): CommandRefusal => ({
  code: "not_approver",
  login,
  gate,
  users: list === null ? [] : [...userNames(list, known)],
  teams: list === null ? [] : [...teamNames(list)],
});

/** For what any approver may say, whichever gate they approve. */
export const whyNoApprover = (
  standing: Voice,
  config: Config,
  { known }: Pick<Heard, "known">,
): CommandRefusal | null => {
  if (standing.kind === "approver") return null;
  if (standing.taken) return { code: "login_taken", login: standing.login };
  const lists = [config.approvers, ...GATES.map((gate) => config.gate_approvers[gate])];
  const named = lists.filter((list) => list !== null);
  // Where nobody is named in general, those of single gates are the exception.
  const users = [...new Set(named.flatMap((list) => list.users))];
  const all = config.approvers === null ? null : { users, teams: named.flatMap((list) => list.teams) };
  return notApprover(standing.login, null, all, known);
};

/** As what an approval counts here: every gate has its approvers, and owners of paths speak for those paths. */
export const voiceIn = (
  standing: Voice,
  phase: Phase,
  config: Config,
  { asker, known, needs }: Heard,
): Result<Needs["voice"], CommandRefusal> => {
  const gate = gateOf(phase);
  if (standing.kind === "approver" && standing.gates.includes(gate)) return ok("approver");
  const isOwner = needs.owners?.some(({ paths }) => paths.some(({ people }) => people.includes(asker))) === true;
  if (isOwner) return ok("owner");
  if (standing.kind === "may_command" && standing.taken) return err({ code: "login_taken", login: standing.login });
  const own = config.gate_approvers[gate] === null ? null : gate;
  return err(notApprover(standing.login, own, approversOf(config, gate), known));
};

export const needsIn = (voice: Needs["voice"], { approvals }: Config, { requester, needs }: Heard): Needs => ({
  voice,
  notAlone: approvals.requester === "not_alone" ? [requester] : [],
  lost: needs.lost,
  owners: needs.owners,
});

/** Why what the person may mean cannot be approved by anybody at the moment. */
export const whyUnusable = (
  { target, code }: Readonly<{ target: RepoId | "all" | null; code: string | null }>,
  { needs }: Heard,
): CommandRefusal | null => {
  const [hit] = needs.unusable.filter(
    ({ digest, repoId }) =>
      (target === null || target === "all" || target === repoId) && (code === null || standsFor(code, digest)),
  );
  if (hit === undefined) return null;
  const { repoId, file, problem } = hit;
  return { code: "code_owners_unusable", repoId, file, why: problem };
};
