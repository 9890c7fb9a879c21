// What GitHub is asked before a command is judged, by which installation, and what is made of its answers.
import { describe, expect, it } from "vitest";
import type { Asker } from "../../src/commands/authorise.ts";
import type { Conversation, Participant } from "../../src/commands/find-delivery.ts";
import {
  type HearingDeps,
  isUnchanged,
  type Rules,
  readComment,
  readingOf,
  readRules,
  readStanding,
  readUnwritable,
} from "../../src/commands/hearing.ts";
import { NO_CEILING } from "../../src/config/ceiling.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import type { CommentFacts } from "../../src/github/reading.ts";
import { CommentId, InstallationId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { REPO, shaOf } from "../support/stored-delivery.ts";
import { config, conversation, sha, shop, till } from "./spoken.ts";
import { MONA, onlyThese, TILL, World } from "./world.ts";

const STORED = InstallationId.parse(50);
const NEWEST = InstallationId.parse(77);
const SPOT = { installationId: NEWEST, repoId: REPO };
const PRIMARY: Participant = { ...shop, repoId: REPO, installationId: STORED };
const SECOND: Participant = { ...till, repoId: TILL, installationId: STORED };
const THREAD: Conversation = { ...conversation, primary: PRIMARY, repositories: [PRIMARY, SECOND] };
const mona: Asker = { id: UserId.parse(MONA.id), login: "mona", type: "User", viaAppId: null };

/** `seen`: who asked for what, and the points that were passed, in order. */
const hearing = (part: Partial<World> = {}) => {
  const world = Object.assign(new World(1), part);
  const seen: string[] = [];
  const deps: HearingDeps = {
    ceiling: NO_CEILING,
    crash: (point) => {
      seen.push(point);
    },
    github: {
      reading: async (installation, repositories) => {
        seen.push(`${installation} of ${repositories.join()}`);
        const [repoId] = repositories;
        if (repoId === undefined) throw new Error("no repository was named");
        return onlyThese(world, repoId);
      },
    },
  };
  return { deps, seen };
};

describe("a client", () => {
  it("is of the newest installation where the words came from, and of the stored one elsewhere", async () => {
    const { deps, seen } = hearing();
    await readingOf(deps, SPOT, PRIMARY);
    await readingOf(deps, SPOT, SECOND);
    expect(seen).toEqual([`77 of ${REPO}`, `50 of ${TILL}`]);
  });
});

describe("today's rules", () => {
  it("are the defaults where there is no file", async () => {
    const { deps, seen } = hearing();
    expect(await readRules(deps, SPOT, PRIMARY)).toEqual({ kind: "config", config: DEFAULT_CONFIG, prefix: null });
    expect(seen).toEqual(["commands.before.read_config", `77 of ${REPO}`]);
  });

  it("are those of the file, with its prefix", async () => {
    const { deps } = hearing({ config: "commands:\n  prefix: cs\n" });
    const commands = { prefix: "cs" };
    expect(await readRules(deps, SPOT, PRIMARY)).toEqual({
      kind: "config",
      config: config({ commands }),
      prefix: "cs",
    });
  });

  it("are a refusal with every problem where the file has some; the prefix is still told", async () => {
    const { deps } = hearing({ config: "commands:\n  prefix: cs\nlable: x\n" });
    expect(await readRules(deps, SPOT, PRIMARY)).toMatchObject({
      kind: "problems",
      prefix: "cs",
      refusal: {
        code: "config_invalid",
        commit: shaOf("head"),
        problems: [{ line: 3, message: expect.stringMatching(/^lable: .*\.$/) }],
      },
    });
  });

  it("are none where the repository is gone", async () => {
    expect(await readRules(hearing({ gone: true }).deps, SPOT, PRIMARY)).toBeNull();
  });
});

describe("the standing", () => {
  const listed: Rules = { kind: "config", prefix: null, config: config({ approvers: ["mona"] }) };
  const broken: Rules = {
    kind: "problems",
    prefix: null,
    refusal: { code: "config_invalid", commit: sha("d"), problems: [] },
  };
  const standing = (rules: Rules, deps = hearing().deps) =>
    readStanding(deps, SPOT, THREAD, mona, rules, new Map([["mona", mona.id]]));

  it("is by the lists of the rules", async () => {
    const { deps, seen } = hearing();
    expect(await standing(listed, deps)).toEqual({
      kind: "approver",
      login: "mona",
      role: "write",
      gates: ["plan", "review", "deploy"],
    });
    expect(seen).toEqual(["commands.before.read_role", `77 of ${REPO}`]);
  });

  it("is by the role alone without usable rules", async () => {
    expect(await standing(broken)).toEqual({ kind: "may_command", login: "mona", role: "write", taken: false });
    const { deps } = hearing({ people: [{ ...MONA, role: "maintain" }] });
    expect(await standing(broken, deps)).toMatchObject({ kind: "approver", role: "maintain" });
  });
});

describe("write access", () => {
  it("is asked of each repository, and those without it are named", async () => {
    const { deps, seen } = hearing({ inTill: { mona: "triage" } });
    expect(await readUnwritable(deps, SPOT, [PRIMARY, SECOND], mona)).toEqual([TILL]);
    const before = "commands.before.read_role_on_target";
    expect(seen).toEqual([before, `77 of ${REPO}`, before, `50 of ${TILL}`]);
    expect(await readUnwritable(hearing().deps, SPOT, [PRIMARY, SECOND], mona)).toEqual([]);
  });

  it("is asked of nothing where no other repository is meant", async () => {
    const { deps, seen } = hearing();
    expect(await readUnwritable(deps, SPOT, [], mona)).toEqual([]);
    expect(seen).toEqual([]);
  });
});

describe("a comment", () => {
  const now: CommentFacts = {
    id: CommentId.parse(5),
    body: "/approve",
    author: { id: mona.id, login: "mona", type: "User" },
    viaAppId: null,
    createdAt: instant("2026-11-21T10:00:00Z"),
    updatedAt: instant("2026-11-21T10:00:00Z"),
  };
  const sent = { body: "/approve", author: { id: mona.id } };

  it("is read where it was written", async () => {
    const { deps, seen } = hearing({ comments: new Map([[5, now]]) });
    expect(await readComment(deps, SPOT, now.id)).toEqual(now);
    expect(seen).toEqual(["commands.before.read_comment", `77 of ${REPO}`]);
    expect(await readComment(deps, SPOT, CommentId.parse(6))).toBeNull();
  });

  it.each<[what: string, now: CommentFacts | null, unchanged: boolean]>([
    ["as it was sent", now, true],
    ["whose author has another login", { ...now, author: { ...now.author, login: "lisa" } }, true],
    ["that is gone", null, false],
    ["with other words", { ...now, body: "/approve " }, false],
    ["of another person", { ...now, author: { ...now.author, id: UserId.parse(8) } }, false],
    ["of an app", { ...now, viaAppId: 15_368 }, false],
    ["edited and put back", { ...now, updatedAt: instant("2026-11-21T10:00:01Z") }, false],
  ])("%s", (_what, facts, unchanged) => {
    expect(isUnchanged(facts, sent)).toBe(unchanged);
  });
});
