// Why somebody's word is not enough, in sentences that name who decides instead.
import type { CommandRefusal } from "../../commands/refusal.ts";
import { CONFIG_PATH } from "../../config/schema.ts";
import { codeSpan } from "../defuse.ts";
import { joinWords, people, person } from "./phrase.ts";

type Of<C extends CommandRefusal["code"]> = Extract<CommandRefusal, { code: C }>;

/** What the people of a gate approve. */
export const GATE_WORDS = { plan: "plans", review: "patch sets", deploy: "merges and deployments" } as const;

type Named = Pick<Of<"not_approver">, "users" | "teams" | "gate">;

const whereNamed = ({ users, teams, gate }: Named): string => {
  const key = gate === null ? "approvers" : `gate_approvers.${gate}`;
  return users.length + teams.length === 0 ? "" : ` (\`${key}\` in ${codeSpan(CONFIG_PATH)})`;
};

const whoIs = ({ users, teams }: Named): string => {
  if (users.length + teams.length === 0) return "People with the role maintain or admin are.";
  const names = [people(users), ...teams.map((team) => `the members of ${codeSpan(team)}`)].filter(
    (part) => part !== "",
  );
  return `${joinWords(names, "and")} ${users.length + teams.length === 1 && teams.length === 0 ? "is" : "are"}.`;
};

export const notApprover = (refusal: Of<"not_approver">): string => {
  const of = refusal.gate === null ? "this repository" : GATE_WORDS[refusal.gate];
  return `${person(refusal.login)} is not an approver of ${of}${whereNamed(refusal)}. ${whoIs(refusal)}`;
};

export const loginTaken = ({ login }: Of<"login_taken">): string =>
  `${person(login)} is on the list of approvers, and was the login of another account when this delivery began. Whoever is meant can be named by numeric id in ${codeSpan(CONFIG_PATH)} on the default branch, which nobody else can take.`;

export const codeOwnersUnusable = (
  { repoId, file, why }: Of<"code_owners_unusable">,
  repository: (id: Of<"code_owners_unusable">["repoId"]) => string,
): string => {
  const where =
    file === null
      ? `${codeSpan(repository(repoId))} cannot be read`
      : `${codeSpan(file)} of ${codeSpan(repository(repoId))} cannot be used`;
  return `Nobody can tell whose approval is needed, because ${where}: ${why}. Mend it on the default branch, then give the command again.`;
};

export const ownsNothing = (login: string): string =>
  `${person(login)} is not an approver, and owns none of the paths that this changes, by CODEOWNERS of the default branch.`;
