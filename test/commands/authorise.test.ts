// Who is an approver, who may be answered, and who is a stranger: by live role and list, never by a name alone.
import { describe, expect, it } from "vitest";
import {
  type Asker,
  authorise,
  type KnownLogins,
  type Lists,
  mayWrite,
  type PeoplePort,
} from "../../src/commands/authorise.ts";
import { type Voice, voiceOf } from "../../src/commands/voice.ts";
import type { Approvers } from "../../src/config/approvers.ts";
import { GitHubError, type GitHubErrorCode } from "../../src/github/errors.ts";
import type { Account, RoleName } from "../../src/github/reading.ts";
import { RepoId, UserId } from "../../src/ids.ts";

const PLACE = { repoId: RepoId.parse(1), owner: "Acme" };
const ROLES: readonly RoleName[] = ["admin", "maintain", "write", "triage", "read", "none"];

const account = (login: string, id: number, type: Account["type"] = "User"): Account => ({
  id: UserId.parse(id),
  login,
  type,
});
const asker = (login: string, id: number, more: Partial<Asker> = {}): Asker => ({
  id: UserId.parse(id),
  login,
  type: "User",
  viaAppId: null,
  ...more,
});
const MONA = account("mona", 7);

type World = Readonly<{
  people?: Readonly<Record<string, readonly [Account, RoleName]>>;
  teams?: Readonly<Record<string, readonly Account[] | GitHubErrorCode>>;
  cut?: boolean;
  down?: GitHubErrorCode;
}>;

const github = ({ people = {}, teams = {}, cut = false, down }: World) => {
  const asked: string[] = [];
  const port: PeoplePort = {
    role: async (_repo, login) => {
      if (down !== undefined) throw new GitHubError(down, "no");
      const [found, role] = people[login.toLowerCase()] ?? [null, "none"];
      return { role, account: found };
    },
    accountById: async (id) => {
      if (down !== undefined) throw new GitHubError(down, "no");
      return Object.values(people).find(([found]) => found.id === id)?.[0] ?? null;
    },
    teamMembers: async (organization, slug) => {
      asked.push(`${organization}/${slug}`);
      const members = teams[slug];
      if (typeof members === "string") throw new GitHubError(members, "no");
      return { items: members ?? [], complete: !cut };
    },
  };
  return { port, asked };
};

const users = (...names: string[]): Approvers => ({ users: names, teams: [] });
const teams = (...slugs: string[]): Approvers => ({
  users: [],
  teams: slugs.map((slug) => ({ organization: null, slug })),
});

const lists = (approvers: Approvers | null, gates: Partial<Lists["gate_approvers"]> = {}): Lists => ({
  approvers,
  gate_approvers: { plan: null, review: null, deploy: null, ...gates },
});
const NOBODY: KnownLogins = new Map();

const standing = (world: World, who: Asker, approvers: Approvers | null) =>
  authorise(github(world).port, who, PLACE, lists(approvers), NOBODY);

describe("without a list, the role decides", () => {
  it.each(ROLES)("%s", async (role) => {
    const found = await standing({ people: { mona: [MONA, role] } }, asker("mona", 7), null);
    const kind = role === "admin" || role === "maintain" ? "approver" : role === "write" ? "may_command" : "stranger";
    const more =
      kind === "stranger"
        ? { why: "role" }
        : kind === "approver"
          ? { login: "mona", gates: ["plan", "review", "deploy"] }
          : { login: "mona", taken: false };
    expect(found).toEqual({ kind, role, ...more });
  });
});

describe("with a list, the list and write access decide", () => {
  it.each(ROLES)("listed, with %s", async (role) => {
    const { kind } = await standing({ people: { mona: [MONA, role] } }, asker("mona", 7), users("Mona"));
    expect(kind).toBe(["admin", "maintain", "write"].includes(role) ? "approver" : "stranger");
  });

  it.each(ROLES)("not listed, with %s", async (role) => {
    const { kind } = await standing({ people: { mona: [MONA, role] } }, asker("mona", 7), users("octocat"));
    expect(kind).toBe(["admin", "maintain", "write"].includes(role) ? "may_command" : "stranger");
  });

  it("by team, asked of the repository's own organization", async () => {
    const { port, asked } = github({ people: { mona: [MONA, "write"] }, teams: { core: [account("x", 8), MONA] } });
    const approvers: Approvers = {
      users: [],
      teams: [
        { organization: "other", slug: "core" },
        { organization: "acme", slug: "core" },
      ],
    };
    expect((await authorise(port, asker("mona", 7), PLACE, lists(approvers), NOBODY)).kind).toBe("approver");
    expect(asked).toEqual(["Acme/core"]);
  });

  it("a team of another organization lets nobody in", async () => {
    const { port, asked } = github({ people: { mona: [MONA, "admin"] }, teams: { core: [MONA] } });
    const approvers: Approvers = { users: [], teams: [{ organization: "other", slug: "core" }] };
    expect((await authorise(port, asker("mona", 7), PLACE, lists(approvers), NOBODY)).kind).toBe("may_command");
    expect(asked).toEqual([]);
  });

  it("members are told by number: whoever took a member's login is none", async () => {
    const world: World = { people: { mona: [MONA, "write"] }, teams: { core: [account("mona", 99)] } };
    expect((await standing(world, asker("mona", 7), teams("core"))).kind).toBe("may_command");
  });

  it.each<GitHubErrorCode>(["forbidden", "not_found", "unprocessable"])(
    "a team that cannot be read (%s) lets nobody in",
    async (code) => {
      const world: World = { people: { mona: [MONA, "write"] }, teams: { core: code } };
      expect((await standing(world, asker("mona", 7), teams("core"))).kind).toBe("may_command");
    },
  );

  it("a team too large to be read whole lets in whom it shows, and nobody else", async () => {
    const world: World = { people: { mona: [MONA, "write"] }, teams: { core: [MONA], other: [] }, cut: true };
    expect((await standing(world, asker("mona", 7), teams("core"))).kind).toBe("approver");
    expect((await standing(world, asker("mona", 7), teams("other"))).kind).toBe("may_command");
  });
});

describe("strangers, whatever list they are on", () => {
  const admin: World = { people: { mona: [MONA, "admin"], "app[bot]": [account("app[bot]", 50, "Bot"), "admin"] } };
  it.each<[what: string, world: World, who: Asker, why: string]>([
    ["a bot", admin, asker("mona", 7, { type: "Bot" }), "bot"],
    ["an organization", admin, asker("mona", 7, { type: "Organization" }), "bot"],
    ["a mannequin", admin, asker("mona", 7, { type: "Mannequin" }), "bot"],
    ["an app in a person's name", admin, asker("mona", 7, { viaAppId: 15368 }), "app"],
    ["a bot that is sent as a person", admin, asker("app[bot]", 50), "unknown"],
    ["somebody who took the login", admin, asker("mona", 8), "unknown"],
    ["somebody whose login is gone", admin, asker("ghost", 9), "unknown"],
    ["nobody's role could be read", { down: "forbidden" }, asker("mona", 7), "unknown"],
    ["the repository hides", { down: "not_found" }, asker("mona", 7), "unknown"],
  ])("%s", async (_what, world, who, why) => {
    const approvers: Approvers = { users: ["mona", "ghost", "app"], teams: [] };
    expect(await standing(world, who, approvers)).toEqual({ kind: "stranger", why, role: "none" });
    expect(await standing(world, who, null)).toMatchObject({ kind: "stranger" });
  });
});

describe("when GitHub does not answer, nobody decides", () => {
  it.each<GitHubErrorCode>(["server", "network", "timeout", "rate_limited", "unauthorized", "unexpected_answer"])(
    "%s",
    async (code) => {
      await expect(standing({ down: code }, asker("mona", 7), null)).rejects.toThrow(GitHubError);
      const world: World = { people: { mona: [MONA, "write"] }, teams: { core: code } };
      await expect(standing(world, asker("mona", 7), teams("core"))).rejects.toThrow(GitHubError);
      await expect(mayWrite(github({ down: code }).port, asker("mona", 7), PLACE.repoId)).rejects.toThrow(GitHubError);
    },
  );
});

describe("a person by number, or by name", () => {
  const mona: World = { people: { mona: [MONA, "write"] } };
  const ids = (...of: number[]): Approvers => ({ users: of.map((id) => UserId.parse(id)), teams: [] });
  const knew = (login: string, id: number): KnownLogins => new Map([[login, UserId.parse(id)]]);
  const judged = (world: World, who: Asker, list: Approvers, known: KnownLogins) =>
    authorise(github(world).port, who, PLACE, lists(list), known);

  it("an id is that person, whatever the login", async () => {
    const renamed: World = { people: { lisa: [account("lisa", 7), "write"] } };
    expect((await judged(renamed, asker("lisa", 7), ids(7), NOBODY)).kind).toBe("approver");
    expect((await judged(mona, asker("mona", 7), ids(8), NOBODY)).kind).toBe("may_command");
  });

  it("a login that is a number is no id", async () => {
    const digits: World = { people: { "7": [account("7", 99), "write"], mona: [MONA, "write"] } };
    expect((await judged(digits, asker("7", 99), ids(7), NOBODY)).kind).toBe("may_command");
    expect((await judged(digits, asker("7", 99), users("7"), NOBODY)).kind).toBe("approver");
    expect((await judged(digits, asker("mona", 7), users("7"), NOBODY)).kind).toBe("may_command");
  });

  it("a login means who bears it, unless the delivery knew it as another's", async () => {
    expect((await judged(mona, asker("mona", 7), users("Mona"), knew("mona", 7))).kind).toBe("approver");
    expect(await judged(mona, asker("mona", 7), users("Mona"), knew("mona", 5))).toMatchObject({
      kind: "may_command",
      taken: true,
    });
  });

  it("whoever took a login may be named by id, or be in a team", async () => {
    expect((await judged(mona, asker("mona", 7), ids(7), knew("mona", 5))).kind).toBe("approver");
    const both: Approvers = { users: ["mona"], teams: [{ organization: null, slug: "core" }] };
    const inTeam: World = { ...mona, teams: { core: [MONA] } };
    expect((await judged(inTeam, asker("mona", 7), both, knew("mona", 5))).kind).toBe("approver");
  });

  it("who was renamed since is found by the number", async () => {
    const renamed: World = { people: { lisa: [account("lisa", 7), "write"] } };
    expect(await judged(renamed, asker("mona", 7), ids(7), NOBODY)).toMatchObject({ kind: "approver", login: "lisa" });
    const taken: World = { people: { lisa: [account("lisa", 7), "read"], mona: [account("mona", 99), "admin"] } };
    expect((await judged(taken, asker("mona", 7), ids(7), NOBODY)).kind).toBe("stranger");
  });
});

describe("lists of single gates", () => {
  const mona: World = { people: { mona: [MONA, "maintain"] } };
  const all = ["plan", "review", "deploy"] as const;
  it.each<[what: string, given: Lists, gates: readonly string[] | null]>([
    ["nobody named at all: the role", lists(null), all],
    ["a gate of others", lists(null, { review: users("octocat") }), ["plan", "deploy"]],
    ["a gate of her own", lists(users("octocat"), { review: users("mona") }), ["review"]],
    [
      "named in general, every gate others'",
      lists(users("mona"), { plan: users("x"), review: users("x"), deploy: users("x") }),
      [],
    ],
    ["all of them", lists(users("mona")), all],
    ["none of them", lists(users("x"), { plan: users("y") }), null],
    ["by team", lists(users("x"), { plan: teams("core"), deploy: teams("core") }), ["plan", "deploy"]],
  ])("%s", async (_what, given, gates) => {
    const { port, asked } = github({ ...mona, teams: { core: [MONA] } });
    const found = await authorise(port, asker("mona", 7), PLACE, given, NOBODY);
    expect(found).toMatchObject(gates === null ? { kind: "may_command" } : { kind: "approver", gates });
    // However many lists name a team, it is read once.
    expect(asked.length).toBeLessThanOrEqual(1);
  });
});

describe("judged again later", () => {
  const there = { repoId: RepoId.parse(2) };
  const voice = (world: World, list: Lists, owners: readonly number[] = [], target = PLACE): Promise<Voice | null> => {
    const { port } = github(world);
    const places = { primary: PLACE, readPrimary: port, target, readTarget: port };
    const people = owners.map((id) => UserId.parse(id));
    const owned = [{ path: "x", count: 1, named: ["@x"], unknown: [], people }];
    return voiceOf(places, { id: MONA.id, login: "mona" }, { lists: list, gate: "review", known: NOBODY }, owned);
  };

  it.each<[what: string, world: World, approvers: Approvers | null, voice: Voice | null]>([
    ["still an approver", { people: { mona: [MONA, "write"] } }, users("mona"), "approver"],
    ["taken off the list", { people: { mona: [MONA, "write"] } }, users("octocat"), null],
    ["lost write access", { people: { mona: [MONA, "read"] } }, users("mona"), null],
    ["left", {}, users("mona"), null],
    ["renamed, and the login taken", { people: { mona: [account("mona", 99), "admin"] } }, users("mona"), null],
    ["renamed, and named by login", { people: { lisa: [account("lisa", 7), "write"] } }, users("mona"), null],
    ["left the team", { people: { mona: [MONA, "write"] }, teams: { core: [] } }, teams("core"), null],
    ["no longer maintains", { people: { mona: [MONA, "write"] } }, null, null],
  ])("%s", async (_what, world, approvers, expected) => {
    expect(await voice(world, lists(approvers))).toBe(expected);
  });

  it("by the list of the gate alone", async () => {
    const mona: World = { people: { mona: [MONA, "write"] } };
    expect(await voice(mona, lists(users("octocat"), { review: users("mona") }))).toBe("approver");
    expect(await voice(mona, lists(users("mona"), { review: users("octocat") }))).toBeNull();
  });

  it("an owner who is no approver speaks as an owner, with write access", async () => {
    const mona: World = { people: { mona: [MONA, "write"] } };
    expect(await voice(mona, lists(users("octocat")), [7])).toBe("owner");
    expect(await voice(mona, lists(users("mona")), [7])).toBe("approver");
    expect(await voice(mona, lists(users("octocat")), [8])).toBeNull();
    expect(await voice({ people: { mona: [MONA, "triage"] } }, lists(users("octocat")), [7])).toBeNull();
  });

  it("needs write access where it goes, too", async () => {
    const { port } = github({ people: { mona: [MONA, "write"] } });
    const other: PeoplePort = { ...port, role: async () => ({ role: "read", account: MONA }) };
    const places = { primary: PLACE, readPrimary: port, target: there, readTarget: other };
    const rules = { lists: lists(users("mona")), gate: "review", known: NOBODY } as const;
    expect(await voiceOf(places, { id: MONA.id, login: "mona" }, rules, [])).toBeNull();
    expect(await voiceOf({ ...places, readTarget: port }, { id: MONA.id, login: "mona" }, rules, [])).toBe("approver");
  });

  it.each(ROLES)("write access with %s", async (role) => {
    const { port } = github({ people: { mona: [MONA, role] } });
    expect(await mayWrite(port, asker("mona", 7), PLACE.repoId)).toBe(["admin", "maintain", "write"].includes(role));
    expect(await mayWrite(port, asker("mona", 8), PLACE.repoId)).toBe(false);
  });
});
