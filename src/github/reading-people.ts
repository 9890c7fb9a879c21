// Reads who people are and what they may do: the roles of now, told by `role_name`.
import { z } from "zod";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { AccountAnswer, pageOf } from "./facts.ts";
import type { Reading, RoleName } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";

/** A custom role may be called anything and allow anything; it counts as none. */
const Role = z.enum(["admin", "maintain", "write", "triage", "read", "none"]).catch("none");

const RoleAnswer = z.object({ role_name: Role, user: AccountAnswer.nullable() });

const NOBODY: Readonly<{ role: RoleName; account: null }> = { role: "none", account: null };

/** `teamsClient` is opened only when a team is asked for: its token has a permission that an owner may decline. */
export const readPeople = (
  client: Client,
  at: AddressOf,
  teamsClient: () => Promise<Client>,
): Pick<Reading, "role" | "accountByLogin" | "accountById" | "teamMembers"> => ({
  role: async (repo, login) => {
    const call = client.rest.repos.getCollaboratorPermissionLevel({ ...at(repo), username: login });
    const found = await orNull(answer(RoleAnswer, call));
    return found === null || found.user === null ? NOBODY : { role: found.role_name, account: found.user };
  },

  accountByLogin: (login) => orNull(answer(AccountAnswer, client.rest.users.getByUsername({ username: login }))),

  accountById: (id) => orNull(answer(AccountAnswer, client.rest.users.getById({ account_id: id }))),

  teamMembers: async (org, slug) => {
    const { rest } = await teamsClient();
    return listed(pageOf(AccountAnswer), (page) => rest.teams.listMembersInOrg({ org, team_slug: slug, ...page }));
  },
});
