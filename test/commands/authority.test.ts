// As what somebody's word counts for a command: by the gate that is open, by the lists of its people, by what they own.
import { describe, expect, it } from "vitest";
import type { Standing } from "../../src/commands/authorise.ts";
import { type Heard, needsIn, voiceIn, whyNoApprover, whyUnusable } from "../../src/commands/authority.ts";
import type { Config } from "../../src/config/schema.ts";
import { ConfigFile } from "../../src/config/schema.ts";
import { codeOf } from "../../src/delivery/code.ts";
import { PHASES } from "../../src/delivery/delivery.ts";
import { Digest, RepoId, UserId } from "../../src/ids.ts";

const MONA = UserId.parse(7);
const SHOP = RepoId.parse(1);
const API = RepoId.parse(2);
const DIGEST = Digest.parse("a".repeat(64));

const config = (given: object = {}): Config => ConfigFile.parse(given);
const heard = (part: Partial<Heard["needs"]> = {}, known: Heard["known"] = new Map()): Heard => ({
  asker: MONA,
  requester: UserId.parse(8),
  known,
  needs: { lost: [], owners: null, unusable: [], ...part },
});
const owning = (...people: UserId[]) =>
  heard({ owners: [{ digest: DIGEST, paths: [{ path: "a", count: 1, named: ["@x"], unknown: [], people }] }] });

type Voice = Exclude<Standing, { kind: "stranger" }>;
const approver = (...gates: ("plan" | "review" | "deploy")[]): Voice => ({
  kind: "approver",
  login: "mona",
  role: "write",
  gates,
});
const writer = (taken = false): Voice => ({ kind: "may_command", login: "mona", role: "write", taken });

describe("an approval", () => {
  it.each(PHASES)("in %s is for the approvers of the gate there", (phase) => {
    const gate = { plan: "plan", intake: "plan", deploy: "deploy", observe: "deploy" }[String(phase)] ?? "review";
    for (const one of ["plan", "review", "deploy"] as const) {
      expect(voiceIn(approver(one), phase, config(), heard()).ok, `${one} in ${phase}`).toBe(one === gate);
    }
    expect(voiceIn(approver(), phase, config(), heard()).ok).toBe(false);
    expect(voiceIn(writer(), phase, config(), heard()).ok).toBe(false);
  });

  it("of an owner who is no approver of the gate is an owner's", () => {
    expect(voiceIn(writer(), "review", config(), owning(MONA))).toEqual({ ok: true, value: "owner" });
    expect(voiceIn(approver("plan"), "review", config(), owning(MONA))).toEqual({ ok: true, value: "owner" });
    expect(voiceIn(approver("review"), "review", config(), owning(MONA))).toEqual({ ok: true, value: "approver" });
    expect(voiceIn(writer(true), "review", config(), owning(MONA))).toEqual({ ok: true, value: "owner" });
    expect(voiceIn(writer(), "review", config(), owning(UserId.parse(9))).ok).toBe(false);
  });

  it("is refused with those who may, and the key that names them", () => {
    const given = config({
      approvers: ["octocat", "acme/core"],
      gate_approvers: { review: { users: ["lisa", 5, 6] } },
    });
    const known = new Map([["paul", UserId.parse(5)]]);
    expect(voiceIn(approver("plan"), "review", given, heard({}, known))).toMatchObject({
      error: { code: "not_approver", gate: "review", users: ["lisa", "paul", "id 6"], teams: [] },
    });
    expect(voiceIn(writer(), "plan", given, heard())).toMatchObject({
      error: { code: "not_approver", gate: null, users: ["octocat"], teams: ["acme/core"] },
    });
    expect(voiceIn(writer(true), "plan", given, heard())).toEqual({
      ok: false,
      error: { code: "login_taken", login: "mona" },
    });
  });
});

describe("any other command", () => {
  it("any approver may give, of whichever gate", () => {
    expect(whyNoApprover(approver("deploy"), config(), heard())).toBeNull();
    expect(whyNoApprover(approver(), config(), heard())).toBeNull();
  });

  it("is refused with all of them", () => {
    const given = config({
      approvers: ["octocat"],
      gate_approvers: { plan: ["lisa", "octocat"], review: ["acme/core"] },
    });
    expect(whyNoApprover(writer(), given, heard())).toMatchObject({
      code: "not_approver",
      gate: null,
      users: ["octocat", "lisa"],
      teams: ["core"].map((slug) => `acme/${slug}`),
    });
    expect(whyNoApprover(writer(), config({ gate_approvers: { plan: ["lisa"] } }), heard())).toMatchObject({
      users: [],
      teams: [],
    });
    expect(whyNoApprover(writer(true), given, heard())).toEqual({ code: "login_taken", login: "mona" });
  });
});

describe("what is needed", () => {
  it("carries what was heard, and the requester where they may not be alone", () => {
    const lost = [{ digest: DIGEST, person: MONA }];
    const said = heard({ lost, owners: [] });
    expect(needsIn("owner", config(), said)).toEqual({ voice: "owner", notAlone: [], lost, owners: [] });
    const strict = config({ approvals: { requester: "not_alone" } });
    expect(needsIn("approver", strict, said).notAlone).toEqual([8]);
  });

  it("cannot be told of a repository: what may be meant there is refused, the rest is not", () => {
    const said = heard({ unusable: [{ digest: DIGEST, repoId: API, file: "CODEOWNERS", problem: "is no text file" }] });
    const refusal = { code: "code_owners_unusable", repoId: API, file: "CODEOWNERS", why: "is no text file" };
    const mine = codeOf(DIGEST);
    expect(whyUnusable({ target: API, code: null }, said)).toEqual(refusal);
    expect(whyUnusable({ target: null, code: null }, said)).toEqual(refusal);
    expect(whyUnusable({ target: "all", code: null }, said)).toEqual(refusal);
    expect(whyUnusable({ target: null, code: mine }, said)).toEqual(refusal);
    expect(whyUnusable({ target: SHOP, code: null }, said)).toBeNull();
    expect(whyUnusable({ target: null, code: "zzzz" }, said)).toBeNull();
    expect(whyUnusable({ target: null, code: null }, heard())).toBeNull();
  });
});
