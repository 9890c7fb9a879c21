// Whose approvals count and who is missing, in the very words; and what is looked at again of each approval.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { policyViolations, publications } from "../../src/db/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { Digest, RepoId, Sha, ShipId } from "../../src/ids.ts";
import { standingApprovals } from "../../src/write-gate/approval-rows.ts";
import { approvalsThatCount } from "../../src/write-gate/counted-approvals.ts";
import { type Looking, lookAtApprovals, lookAtShown } from "../../src/write-gate/last-look.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import { readingsOf } from "../../src/write-gate/readings.ts";
import { type Approved, patchSetAs } from "../../src/write-gate/rests-on.ts";
import { loadCase } from "../../src/write-gate/write-case.ts";
import type { OwnedNow, WriteRules } from "../../src/write-gate/write-rules.ts";
import { click, MONA, NOW, OCTOCAT, type Person, theOnly, type World } from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

const lookingOf = async (world: World): Promise<Looking> => {
  const deps = world.deps(() => {});
  const wanted = await loadCase(world.db.sql, world.id, world.attempt);
  if (typeof wanted === "string") throw new Error(wanted);
  const target = theOnly(wanted.targets);
  const { repoId, installationId } = target.place;
  const rules = await deps.rules({ deliveryId: world.id, repoId, installationId });
  if (!rules.ok) throw new Error(rules.error);
  const readingOf = readingsOf(deps.github, wanted, undefined);
  return { sql: world.db.sql, wanted, readingOf, approved: patchSetAs(target), rules: rules.value };
};

type Asked = Readonly<{
  rules?: Partial<WriteRules>;
  subject?: Partial<Approved["subject"]>;
  approved?: Partial<Approved>;
  owned?: readonly OwnedNow[];
}>;

/** Who counts, or how it ended. */
const countOf = async (world: World, { rules, subject, approved, owned = [] }: Asked) => {
  const looking = await lookingOf(world);
  const about = { ...looking.approved, ...approved };
  try {
    const counted = await approvalsThatCount(
      looking,
      looking.wanted,
      { ...about, subject: { ...about.subject, ...subject } },
      { rules: { ...looking.rules, ...rules }, owned },
    );
    return counted.map(({ person }) => person.login);
  } catch (error) {
    if (error instanceof WriteStop) return error.end;
    throw error;
  }
};
const repoIdOf = (world: World) => RepoId.parse(theOnly(world.repos).id);
const voided = (world: World, note: string, of = "patchset") => ({
  kind: "approval_void",
  of,
  repoId: repoIdOf(world),
  note,
});
const needing = (review: number) => ({ quorum: { plan: 1, review, deploy: 1 } });
const owned = (path: string, count: number, named: readonly string[], ...people: readonly Person[]): OwnedNow => ({
  path,
  count,
  named,
  unknown: [],
  people: people.map(({ id }) => id),
});
const PUSHED = Sha.parse("d".repeat(40));

describe("who is missing", () => {
  it.each<[note: string, approvers: readonly Person[], asked: Asked]>([
    ["1 of 2 approvals count", [OCTOCAT], { rules: needing(2) }],
    ["0 of 1 approvals count", [], { rules: { notAlone: [OCTOCAT] } }],
    ["1 of 2 approvals count", [MONA], { rules: { ...needing(2), notAlone: [OCTOCAT] } }],
    ["2 of 3 approvals count", [OCTOCAT, MONA], { rules: { ...needing(3), notAlone: [OCTOCAT] } }],
    ["1 of 2 approvals count", [OCTOCAT], { rules: needing(2), subject: { madeBy: [OCTOCAT.id] } }],
    ["1 of 2 approvals count", [OCTOCAT], { rules: needing(2), subject: { pushedUnseen: [PUSHED] } }],
    [
      "1 of 1 approvals count; somebody else than `octocat` must approve too",
      [OCTOCAT],
      { rules: { notAlone: [OCTOCAT] } },
    ],
    [
      "1 of 1 approvals count; somebody else than `octocat` and `mona` must approve too",
      [OCTOCAT],
      { rules: { notAlone: [OCTOCAT, MONA] } },
    ],
    [
      "2 of 1 approvals count; somebody else than `octocat` and whoever made it must approve too",
      [OCTOCAT, MONA],
      { rules: { notAlone: [OCTOCAT] }, subject: { madeBy: [MONA.id] } },
    ],
    [
      "1 of 1 approvals count; who pushed it is not known, so 2 people beside `octocat` must approve it",
      [MONA],
      { rules: { notAlone: [OCTOCAT] }, subject: { pushedUnseen: [PUSHED] } },
    ],
    [
      "1 of 1 approvals count; no owner of `a.ts` approved: `@acme/core`; no owner of `b.ts` and 2 more approved: `@mona`, `@acme/web`",
      [OCTOCAT],
      { owned: [owned("a.ts", 1, ["@acme/core"]), owned("b.ts", 3, ["@mona", "@acme/web"], MONA)] },
    ],
    [
      "0 of 1 approvals count; approval of `octocat`: it is older than approvals may be; approval of `mona`: it is older than approvals may be",
      [OCTOCAT, MONA],
      { rules: { tooOld: () => true } },
    ],
    [
      "0 of 1 approvals count; approval of `octocat`: may not approve any more",
      [OCTOCAT],
      { rules: { voiceOf: async () => null } },
    ],
    ["0 of 1 approvals count", [OCTOCAT], { rules: { voiceOf: async () => "owner" } }],
  ])("%s", async (note, approvers, asked) => {
    const world = await delivery({ approvers });
    expect(await countOf(world, asked)).toEqual(voided(world, note));
  });

  it("is nobody, where each asked for has approved", async () => {
    const world = await delivery({ approvers: [OCTOCAT, MONA] });
    const rules = { notAlone: [OCTOCAT] };
    expect(await countOf(world, { rules })).toEqual(["octocat", "mona"]);
    expect(await countOf(world, { owned: [owned("a.ts", 1, ["@mona"], MONA)] })).toEqual(["octocat", "mona"]);
    const voiceOf: WriteRules["voiceOf"] = async ({ id }) => (id === MONA.id ? "approver" : null);
    expect(await countOf(world, { rules: { voiceOf } })).toEqual(["mona"]);
  });

  it("is everybody, where the gate was closed again", async () => {
    const world = await delivery();
    expect(await countOf(world, { subject: { approved: false } })).toEqual(voided(world, "1 of 1 approvals count"));
  });
});

describe("the gate by which people are asked for", () => {
  const rules = { quorum: { plan: 2, review: 3, deploy: 4 } };
  const row = ShipId.parse(1);
  it.each<[string, Approved["kind"], object]>([
    ["of the plan", "plan", { kind: "approval_void", of: "plan", note: "0 of 2 approvals count" }],
    ["of the review", "patchset", { kind: "approval_void", of: "patchset", note: "0 of 3 approvals count" }],
    ["of the review", "head", { kind: "approval_void", of: "head", note: "0 of 3 approvals count" }],
    ["of the deployment", "ship", { kind: "refused", code: "not_approved", note: "0 of 4 approvals count" }],
  ])("is that %s for a %s", async (_, kind, end) => {
    const world = await delivery({ approvers: [] });
    const asked: Asked = { rules, approved: { kind, row }, subject: { digest: Digest.parse("9".repeat(64)) } };
    expect(await countOf(world, asked)).toEqual({ ...end, repoId: repoIdOf(world) });
  });
});

describe("what GitHub does not answer", () => {
  it("of a comment, or of somebody's role, is for a person, unless it passes", async () => {
    const refused = (world: World, code: string, note: string) => ({
      kind: "refused",
      code,
      repoId: repoIdOf(world),
      note,
    });
    for (const code of ["forbidden", "server"] as const) {
      const world = await delivery();
      const voiceOf = () => Promise.reject(new GitHubError(code, "no role"));
      const byRole = countOf(world, { rules: { voiceOf } });
      if (code === "server") await expect(byRole).rejects.toMatchObject({ code });
      else expect(await byRole).toEqual(refused(world, "rules_unusable", "GitHub: no role"));
    }
    const world = await delivery();
    const { looking, comment } = {
      looking: await lookingOf(world),
      comment: () => Promise.reject(new GitHubError("forbidden", "no comment")),
    };
    const readingOf: Looking["readingOf"] = async (repoId) => ({ ...(await looking.readingOf(repoId)), comment });
    const counted = approvalsThatCount({ ...looking, readingOf }, looking.wanted, looking.approved, {
      rules: looking.rules,
      owned: [],
    });
    await expect(counted).rejects.toMatchObject({ end: refused(world, "thread_unreadable", "GitHub: no comment") });
  });
});

describe("an approval that is looked at", () => {
  const lookAt = async (world: World, change: (looking: Looking) => Looking) => {
    const looking = await lookingOf(world);
    const standing = await standingApprovals(world.db.sql, world.id, {
      ...looking.approved,
      digest: looking.approved.subject.digest,
    });
    const { counted, voided: no } = await lookAtApprovals(standing, change(looking));
    return { counted: counted.map(({ person }) => person.login), no };
  };
  const same = (looking: Looking) => looking;
  const by = (kind: Approved["kind"]) => (looking: Looking) => ({
    ...looking,
    approved: { ...looking.approved, kind },
  });

  it("counts, with no word about it", async () => {
    expect(await lookAt(await delivery(), same)).toEqual({ counted: ["octocat"], no: [] });
  });

  it("was given where the delivery has no repository: its comment is not even read", async () => {
    const world = await delivery();
    const away = (looking: Looking): Looking => ({
      ...looking,
      wanted: { ...looking.wanted, places: new Map() },
      readingOf: () => Promise.reject(new Error("nothing is read there")),
    });
    const no = ["approval of `octocat`: it was given in a repository that takes no part"];
    expect(await lookAt(world, away)).toEqual({ counted: [], no });
  });

  it("by a click counts while what it approves was shown once", async () => {
    const world = await delivery({ approvers: [] });
    await click(world, OCTOCAT, NOW);
    expect(await lookAt(world, same)).toEqual({ counted: ["octocat"], no: [] });
    const again = (looking: Looking): Looking => ({
      ...looking,
      approved: { ...looking.approved, subject: { ...looking.approved.subject, again: true } },
    });
    const no = ["approval of `octocat`: the click may be from before it was shown again"];
    expect(await lookAt(world, again)).toEqual({ counted: [], no });
  });

  it("needs its code for what policy warned of in this patch set, not for what bears the same number", async () => {
    const world = await delivery();
    const { row } = (await lookingOf(world)).approved;
    await world.db.sql.insert(policyViolations).values({
      deliveryId: world.id,
      patchSetId: row,
      attempt: 1,
      rule: "build-scripts",
      severity: "warn",
      path: "Dockerfile",
      line: null,
      message: "runs when it is built",
    });
    const no = ["approval of `octocat`: it does not quote the code"];
    expect(await lookAt(world, same)).toEqual({ counted: [], no });
    expect(await lookAt(world, by("ship"))).toEqual({ counted: ["octocat"], no: [] });
  });
});

describe("the comment that shows it", () => {
  it("is missed in the words of what it shows", async () => {
    const world = await delivery();
    const { sql, wanted, approved, readingOf } = await lookingOf(world);
    const look = (kind: "patchset" | "ship", subject: Approved["subject"]) =>
      lookAtShown(sql, wanted, { repoId: repoIdOf(world), kind, subject }, readingOf);
    const bare = { ...approved.subject, shown: null };
    await expect(look("patchset", bare)).rejects.toMatchObject({ end: voided(world, "nothing shows it") });
    const refused = { kind: "refused", code: "not_approved", repoId: repoIdOf(world) };
    await expect(look("ship", bare)).rejects.toMatchObject({ end: { ...refused, note: "nothing shows it" } });
    await look("patchset", approved.subject);
    await world.db.sql.delete(publications).where(eq(publications.deliveryId, world.id));
    const note = "the comment that showed it was changed";
    await expect(look("patchset", approved.subject)).rejects.toMatchObject({ end: voided(world, note) });
    await expect(look("ship", approved.subject)).rejects.toMatchObject({ end: { ...refused, note } });
  });
});
