// How a configuration names the people who may approve: logins, numeric ids and teams, in either of two forms.
import { z } from "zod";
import { UserId } from "../ids.ts";

/** GitHub logins; an underscore only before the short code of an enterprise. `[bot]` names cannot be written. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?$/;
const TEAM = /^(?:[A-Za-z0-9][A-Za-z0-9-]{0,48}\/)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98})$/;

const MOST_USERS = 100;
const MOST_TEAMS = 20;

const WHOLE_NUMBER = z.int({ error: "must be the id of a person" }).min(1, "is not the id of a person");
/** A login means whoever bears it at the time; an id means one person for ever. */
const person = z.union(
  [z.string().regex(LOGIN, "is not the login of a person; write it without @"), WHOLE_NUMBER.pipe(UserId)],
  { error: "must be the login of a person (in quotes when it is a number), or the numeric id" },
);
const team = z
  .string({ error: "must be the slug of a team" })
  .regex(TEAM, "is not a team; write its slug, or organization/slug, without @");
const loginOrTeam = z.union(
  [
    z.string().refine((value) => (value.includes("/") ? TEAM.test(value) : LOGIN.test(value)), {
      error: "is neither a login nor organization/slug of a team; write it without @",
    }),
    WHOLE_NUMBER.pipe(UserId),
  ],
  { error: "must be a login, a numeric id, or organization/slug for a team" },
);

/** `organization` null: the one that owns the repository. */
export type Team = Readonly<{ organization: string | null; slug: string }>;
export type Approvers = Readonly<{ users: readonly (string | UserId)[]; teams: readonly Team[] }>;

const toTeam = (name: string): Team => {
  const slash = name.indexOf("/");
  return slash < 0
    ? { organization: null, slug: name }
    : { organization: name.slice(0, slash), slug: name.slice(slash + 1) };
};

const somebody =
  "must name at least one person or team; leave the key out for everyone with the role maintain or admin";

const listForm = z
  .array(loginOrTeam)
  .min(1, somebody)
  .max(MOST_USERS, `may name at most ${MOST_USERS}`)
  .transform(
    (names): Approvers => ({
      users: names.filter((name) => typeof name === "number" || !name.includes("/")),
      teams: names
        .filter((name) => typeof name === "string")
        .filter((name) => name.includes("/"))
        .map(toTeam),
    }),
  )
  .refine((approvers) => approvers.teams.length <= MOST_TEAMS, `may name at most ${MOST_TEAMS} teams`);

const objectForm = z
  .strictObject({
    users: z
      .array(person)
      .max(MOST_USERS, `may name at most ${MOST_USERS}`)
      .default([])
      .describe(
        "People, by login or by numeric id. An id stays the same person when a login is renamed and taken by another.",
      ),
    teams: z
      .array(team)
      .max(MOST_TEAMS, `may name at most ${MOST_TEAMS}`)
      .default([])
      .describe("Slugs of teams in the organization that owns the repository, or organization/slug."),
  })
  .transform((named): Approvers => ({ users: named.users, teams: named.teams.map(toTeam) }))
  .refine((approvers) => approvers.users.length + approvers.teams.length > 0, somebody);

export const approvers = z.union([listForm, objectForm], {
  error: "must be a list of logins, numeric ids and teams, or users and teams",
});
