// Attempts to have something written that nobody approved: each is made on a world where all else is true, and writes nothing.
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { approvals, commands, deliveryRepos, writes } from "../../src/db/schema.ts";
import { mint } from "../../src/github/tokens.ts";
import { Digest, InstallationId, PatchSetId, PullNumber, RepoId, Sha, type UserId } from "../../src/ids.ts";
import type { PatchSetContent } from "../../src/patches/patch-set.ts";
import { redeem } from "../../src/write-gate/authorize.ts";
import { openWriteClient } from "../../src/write-gate/write-client.ts";
import {
  approvalRows,
  ledgerActions,
  MONA,
  NOW,
  OCTOCAT,
  SECRET,
  saidOf,
  setState,
  tamper,
  theOnly,
  voidApproval,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { permitOf } from "./permits.ts";
import { openWorlds } from "./worlds.ts";

const { test, delivery } = openWorlds();

/** Ends so, and not a single call that changes a repository was made, nor a token minted that could. */
const expectRefused = async (world: World, end: object): Promise<void> => {
  expect((await world.write()).end).toMatchObject(end);
  expect(world.github.writes).toEqual([]);
  expect(world.github.tokens.some(({ permissions }) => permissions["contents"] === "write")).toBe(false);
  expect(await writeRows(world)).toEqual([]);
  expect(await ledgerActions(world)).toEqual([]);
};

/** Ends so after calls that nobody can see: no ref, no pull request. */
const expectInvisible = async (world: World, end: object): Promise<void> => {
  expect((await world.write()).end).toMatchObject(end);
  expect(world.github.visible).toEqual([]);
  for (const repo of world.repos) {
    expect([...repo.refs.keys()].filter((ref) => ref.includes(`countersign/d-${world.id}`))).toEqual([]);
    expect(repo.pulls).toEqual([]);
  }
};

const repoOf = (world: World) => theOnly(world.repos);
const forget = (world: World, comment: number): void => {
  const others = (repoOf(world).comments.get(world.issue) ?? []).filter(({ id }) => id !== comment);
  repoOf(world).comments.set(world.issue, others);
};
const commentOf = (world: World) => theOnly(saidOf(world));

describe("what is stored", () => {
  const patchSetId = async (world: World): Promise<number> => theOnly(await approvalRows(world)).subjectId;

  it("with an altered diff is not written", async () => {
    const world = await delivery();
    await tamper(
      world,
      sql`update patches set diff = '+ other' where patch_set_id = ${await patchSetId(world)}`,
      "patches",
    );
    await expectRefused(world, { kind: "refused", code: "content_differs" });
  });

  it("with an altered text is not written, though its blob's name was kept", async () => {
    const world = await delivery();
    const id = await patchSetId(world);
    const statement = sql`update patches set change = jsonb_set(change, '{after}', '"evil\\n"') where patch_set_id = ${id} and path = 'src/slug.ts'`;
    await tamper(world, statement, "patches");
    await expectRefused(world, { kind: "refused", code: "content_differs" });
  });

  it.each([
    ["tree", "b".repeat(40)],
    ["commitBody", "another body"],
    ["pullTitle", "another title"],
    ["pullBody", "Closes #1"],
    ["policyVersion", "2"],
    ["branch", "main"],
    ["baseBranch", "release"],
  ])("with another %s is not written", async (field, value) => {
    const world = await delivery();
    const id = await patchSetId(world);
    const statement = sql`update patch_sets set content = jsonb_set(content, ${`{${field}}`}, ${JSON.stringify(value)}::jsonb) where id = ${id}`;
    await tamper(world, statement, "patch_sets");
    await expectRefused(world, { kind: "refused", code: "digest_differs" });
  });

  it("with an altered hash is not written", async () => {
    const world = await delivery();
    const other = Digest.parse("f".repeat(64));
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet === null ? null : { ...target.patchSet, digest: other },
      })),
    }));
    await expectRefused(world, { kind: "refused", code: "digest_differs" });
  });

  it("that is gone is not written", async () => {
    const world = await delivery();
    await tamper(world, sql`delete from patches where patch_set_id = ${await patchSetId(world)}`, "patches");
    await expectRefused(world, { kind: "refused", code: "patch_set_unreadable" });
  });

  it("of another delivery, or another repository, is not written", async () => {
    const [world, other] = [await delivery(), await delivery()];
    const foreign = theOnly(await approvalRows(other));
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => ({
        ...target,
        patchSet:
          target.patchSet === null
            ? null
            : { ...target.patchSet, id: PatchSetId.parse(foreign.subjectId), digest: foreign.digest },
      })),
    }));
    await expectRefused(world, { kind: "refused", code: "other_target", note: expect.stringMatching(/delivery/) });

    const two = await delivery({ repos: 2 });
    await setState(two, (state) => {
      const [first, second] = state.targets;
      if (first === undefined || second === undefined) throw new Error("two targets");
      return {
        ...state,
        targets: [
          { ...first, patchSet: second.patchSet },
          { ...second, patchSet: null },
        ],
      };
    });
    await expectRefused(two, { kind: "refused", code: "other_target" });
  });

  const edited: [what: string, edit: (content: PatchSetContent) => PatchSetContent, code: string][] = [
    ["onto another branch", (content) => ({ ...content, branch: "main" }), "other_target"],
    ["onto another base branch", (content) => ({ ...content, baseBranch: "release" }), "other_target"],
    ["for another plan", (content) => ({ ...content, planDigest: Digest.parse("e".repeat(64)) }), "plan_changed"],
    ["on another parent", (content) => ({ ...content, parentSha: Sha.parse("d".repeat(40)) }), "parent_differs"],
    [
      "with a forged trailer",
      (content) => ({ ...content, commitBody: "x\n\ncountersign-Approved-By: mona 900 0" }),
      "forged_trailer",
    ],
    [
      "with a secret of the process",
      (content) => ({ ...content, pullBody: `${content.pullBody}\n${SECRET}` }),
      "holds_secret",
    ],
  ];
  it.each(edited)("%s is not written even when it was approved", async (_, edit, code) => {
    await expectRefused(await delivery({ edit }), { kind: "refused", code });
  });
});

describe("an approval", () => {
  const voided = (note: RegExp) => ({ kind: "approval_void", note: expect.stringMatching(note) });

  it("that was voided does not count", async () => {
    const world = await delivery();
    await voidApproval(world, theOnly(await approvalRows(world)).id);
    await expectRefused(world, voided(/0 of 1/));
  });

  it("that the machine does not know of does not count", async () => {
    const world = await delivery();
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet === null ? null : { ...target.patchSet, approved: false },
      })),
    }));
    await expectRefused(world, voided(/gate is not open/));
  });

  it("of somebody who may not approve any more does not count", async () => {
    const world = await delivery();
    world.today.approvers.delete(OCTOCAT.id);
    await expectRefused(world, voided(/octocat.*may not approve any more/));
  });

  it("alone is too few for today's quorum", async () => {
    const world = await delivery();
    world.today.quorum = 2;
    await expectRefused(world, voided(/1 of 2/));
  });

  it("whose comment was deleted or edited does not count; another's still does", async () => {
    const gone = await delivery();
    forget(gone, commentOf(gone).id);
    await expectRefused(gone, voided(/octocat.*deleted/));

    const edited = await delivery();
    commentOf(edited).updatedAt = "2026-11-21T09:10:00Z";
    await expectRefused(edited, voided(/octocat.*edited/));

    const inTheSameSecond = await delivery();
    commentOf(inTheSameSecond).body = "/approve but not really";
    await expectRefused(inTheSameSecond, voided(/octocat.*edited/));

    const two = await delivery({ approvers: [OCTOCAT, MONA] });
    forget(two, saidOf(two)[0]?.id ?? 0);
    expect((await two.write()).end).toEqual({ kind: "written" });
    const head = repoOf(two).refs.get(`refs/heads/countersign/d-${two.id}`) ?? "";
    const message = repoOf(two).git.commits.get(head)?.message ?? "";
    expect(message).toContain("Countersign-Approved-By: mona");
    expect(message).not.toContain("Countersign-Approved-By: octocat");
  });

  it("whose comment is an app's, or another person's, does not count", async () => {
    const world = await delivery();
    commentOf(world).viaAppId = 666;
    await expectRefused(world, voided(/posted by an app/));

    const bot = await delivery();
    commentOf(bot).author = { ...OCTOCAT, type: "Bot" };
    await expectRefused(bot, voided(/posted by an app/));

    const other = await delivery();
    commentOf(other).author = MONA;
    await expectRefused(other, voided(/another person's/));
  });

  describe("whose row was forged", () => {
    const forge = async (world: World, columns: Partial<typeof approvals.$inferInsert>) => {
      const real = theOnly(await approvalRows(world));
      await voidApproval(world, real.id);
      const { id: _, planId: _p, patchSetId: _s, ...row } = real;
      await test.db.sql.insert(approvals).values({ ...row, voidedAt: null, voidReason: null, ...columns });
    };

    it("for a person who never said so finds no comment of theirs", async () => {
      const world = await delivery();
      await forge(world, { personId: MONA.id, personLogin: MONA.login });
      await expectRefused(world, voided(/mona.*someone else/));
    });

    it("on another command or receipt finds neither an approval there", async () => {
      const world = await delivery();
      const other = await delivery();
      const stranger = theOnly(await approvalRows(other));
      await forge(world, { commandId: stranger.commandId, webhookGuid: stranger.webhookGuid });
      await expectRefused(world, voided(/another delivery/));

      const receipt = await delivery();
      await forge(receipt, { webhookGuid: stranger.webhookGuid });
      await expectRefused(receipt, voided(/signed comment is another one/));
    });

    it("on a command that was refused, or was none of approval, does not count", async () => {
      for (const columns of [{ verdict: "refused" }, { name: "hold" }]) {
        const world = await delivery();
        await test.db.sql
          .update(commands)
          .set(columns)
          .where(eq(commands.id, theOnly(await approvalRows(world)).commandId));
        await expectRefused(world, voided(/not an accepted approval/));
      }
    });

    it("for a digest or patch set that is not there is refused by the database itself", async () => {
      const world = await delivery();
      await expect(forge(world, { digest: Digest.parse("f".repeat(64)) })).rejects.toThrow();
      await expect(forge(world, { subjectId: 999_999 })).rejects.toThrow();
    });
  });
});

describe("whose approvals are needed", () => {
  const owned = (path: string, ...people: readonly { id: UserId }[]) => ({
    path,
    count: 2,
    named: ["@acme/core"],
    unknown: [],
    people: people.map(({ id }) => id),
  });
  const voided = (note: RegExp) => ({ kind: "approval_void", note: expect.stringMatching(note) });

  it("somebody else's, where the only approver asked for it", async () => {
    const world = await delivery();
    world.today.notAlone = [OCTOCAT];
    await expectRefused(world, voided(/^1 of 1 approvals count; somebody else than `octocat` must approve too$/));
    world.today.notAlone = [MONA];
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("a second one's, though the requester is one of two", async () => {
    const world = await delivery({ approvers: [OCTOCAT, MONA] });
    world.today.notAlone = [OCTOCAT];
    world.today.quorum = 2;
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("an owner's of each group of paths", async () => {
    const world = await delivery();
    world.today.owned = [owned("src/slug.ts", OCTOCAT), owned("src/deep/new.ts", MONA)];
    await expectRefused(world, voided(/; no owner of `src\/deep\/new\.ts` and 1 more approved: `@acme\/core`$/));
    world.today.owned = [owned("src/slug.ts", OCTOCAT), owned("src/deep/new.ts", MONA, OCTOCAT)];
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("an approver's beside the owner's: who owns paths alone is not counted", async () => {
    const world = await delivery({ approvers: [MONA] });
    world.today.approvers.delete(MONA.id);
    world.today.owned = [owned("src/slug.ts", MONA)];
    await expectRefused(world, voided(/^0 of 1 approvals count$/));
    const both = await delivery({ approvers: [MONA, OCTOCAT] });
    both.today.approvers.delete(MONA.id);
    both.today.owned = [owned("src/slug.ts", MONA)];
    expect((await both.write()).end).toEqual({ kind: "written" });
  });

  it("an owner's who may not approve any more is nobody's", async () => {
    const world = await delivery({ approvers: [MONA, OCTOCAT] });
    world.today.approvers.delete(MONA.id);
    world.today.owned = [owned("src/slug.ts")];
    await expectRefused(world, voided(/no owner of `src\/slug\.ts`.*approval of `mona`: may not approve any more/));
  });

  it("nobody can tell: it is held with the reason", async () => {
    const world = await delivery();
    world.today.ownersUnusable = "CODEOWNERS line 3 cannot be understood";
    await expectRefused(world, { kind: "refused", code: "rules_unusable", note: expect.stringContaining("line 3") });
  });
});

describe("today's rules", () => {
  it("that block what was approved stop it", async () => {
    const world = await delivery();
    world.today.violations = [
      { rule: "frozen-paths", severity: "warn", path: "README.md", line: null, message: "warned" },
      { rule: "ci-files", severity: "block", path: ".github/x.yml", line: 12, message: "no" },
    ];
    await expectRefused(world, { kind: "policy_now_blocks", note: "ci-files .github/x.yml:12: no" });
    world.today.violations = world.today.violations.slice(0, 1);
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("that cannot be used stop it", async () => {
    const world = await delivery();
    world.today.unusable = "the configuration has an error in line 3";
    await expectRefused(world, { kind: "refused", code: "rules_unusable", note: expect.stringContaining("line 3") });
  });
});

describe("the repository", () => {
  it("that is archived, gone or renamed into another is not written to", async () => {
    const archived = await delivery();
    repoOf(archived).archived = true;
    await expectRefused(archived, { kind: "refused", code: "not_writable" });

    const gone = await delivery();
    gone.github.repos.clear();
    await expectRefused(gone, { kind: "refused", code: expect.stringMatching(/not_writable|thread_unreadable/) });
  });

  it("whose base was rewritten is not written to", async () => {
    const world = await delivery();
    const repo = repoOf(world);
    repo.refs.set("refs/heads/main", repo.git.snapshot({ "README.md": "new history\n" }, [], "rewritten"));
    await expectRefused(world, { kind: "base_rewritten" });

    const gone = await delivery();
    repoOf(gone).refs.delete("refs/heads/main");
    await expectRefused(gone, { kind: "base_rewritten" });
  });

  it("whose base commit has another tree than was approved is not written to", async () => {
    const world = await delivery({ edit: (content) => ({ ...content, baseTree: Sha.parse("c".repeat(40)) }) });
    await expectRefused(world, { kind: "refused", code: "base_differs" });
  });

  it("with a branch of that name at another head keeps it as it is", async () => {
    const world = await delivery();
    const repo = repoOf(world);
    const taken = repo.git.snapshot({ x: "theirs" }, [], "theirs");
    const ref = `refs/heads/countersign/d-${world.id}`;
    repo.refs.set(ref, taken);
    await expectRefused(world, { kind: "refused", code: "branch_taken" });
    expect(repo.refs.get(ref)).toBe(taken);
  });

  it("where the branch of an approved head is gone is not written to", async () => {
    const world = await delivery();
    const head = Sha.parse(repoOf(world).refs.get("refs/heads/main"));
    const tree = Sha.parse(repoOf(world).git.commits.get(head)?.tree);
    const written = { head, tree, pullRequest: PullNumber.parse(50) };
    await setState(world, (state) => ({ ...state, targets: state.targets.map((target) => ({ ...target, written })) }));
    await expectRefused(world, { kind: "refused", code: "branch_gone" });
  });

  it.each([
    ["closed", { state: "closed" }, "is closed"],
    ["moved onto another base", { base: "develop" }, "now targets develop"],
  ] as const)("whose pull request was %s gets no further commit, told of or not", async (_, change, note) => {
    const world = await delivery();
    const repo = repoOf(world);
    const head = Sha.parse(repo.refs.get("refs/heads/main"));
    const tree = Sha.parse(repo.git.commits.get(head)?.tree);
    const written = { head, tree, pullRequest: PullNumber.parse(50) };
    await setState(world, (state) => ({ ...state, targets: state.targets.map((target) => ({ ...target, written })) }));
    const branch = `countersign/d-${world.id}`;
    repo.refs.set(`refs/heads/${branch}`, head);
    repo.pulls.push({
      number: 50,
      state: "open",
      head: branch,
      base: "main",
      title: "t",
      body: "",
      author: MONA,
      ...change,
    });
    await expectRefused(world, { kind: "refused", code: "pull_not_open", note: expect.stringContaining(note) });
    expect(repo.refs.get(`refs/heads/${branch}`)).toBe(head);
  });

  it.each(["write.after.create_commit", "write.before.create_branch"])(
    "where the branch appears at another head at %s keeps it too",
    async (point) => {
      const world = await delivery();
      const repo = repoOf(world);
      const ref = `refs/heads/countersign/d-${world.id}`;
      const taken = repo.git.snapshot({ x: "theirs" }, [], "theirs");
      const { end } = await world.write({
        during: (at) => {
          if (at === point) repo.refs.set(ref, taken);
        },
      });
      expect(end).toMatchObject({ kind: "refused", code: "branch_taken" });
      expect(repo.refs.get(ref)).toBe(taken);
      expect(repo.pulls).toEqual([]);
    },
  );

  it("whose branch was moved before the pull request gets none", async () => {
    const world = await delivery();
    const repo = repoOf(world);
    const ref = `refs/heads/countersign/d-${world.id}`;
    const { end } = await world.write({
      during: (at) => {
        if (at !== "write.after.record_branch") return;
        repo.refs.set(ref, repo.git.snapshot({ x: "more" }, [repo.refs.get(ref) ?? ""], "somebody pushed"));
      },
    });
    expect(end).toMatchObject({ kind: "refused", code: "branch_taken" });
    expect(repo.pulls).toEqual([]);
  });

  it("with somebody else's pull request from that branch gets no second one", async () => {
    const world = await delivery();
    const repo = repoOf(world);
    const head = `countersign/d-${world.id}`;
    const { end } = await world.write({
      during: (at) => {
        if (at !== "write.after.record_branch") return;
        repo.pulls.push({ number: 7, state: "open", head, base: "main", title: "mine", body: "", author: MONA });
      },
    });
    expect(end).toMatchObject({ kind: "refused", code: "pull_taken" });
    expect(theOnly(repo.pulls).number).toBe(7);
  });

  it("that forbids the branch by rule says so", async () => {
    const world = await delivery();
    repoOf(world).rules = [{ type: "creation" }];
    expect((await world.write()).end).toMatchObject({
      kind: "refused",
      code: "branch_refused",
      note: expect.stringContaining("rule violations"),
    });
    expect([...repoOf(world).refs.keys()]).toEqual(["refs/heads/main"]);
    expect(repoOf(world).pulls).toEqual([]);
  });

  it("that asks for signatures gets no unsigned commit", async () => {
    const world = await delivery();
    repoOf(world).rules = [{ type: "required_signatures" }];
    repoOf(world).signs = false;
    await expectInvisible(world, { kind: "refused", code: "unsigned" });
    repoOf(world).signs = true;
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  it("of several that cannot be written to stops all of them", async () => {
    const world = await delivery({ repos: 3 });
    const last = world.repos[2];
    if (last === undefined) throw new Error("three");
    last.archived = true;
    await expectRefused(world, { kind: "refused", code: "not_writable", repoId: last.id });
  });

  it("that makes another tree than the approved one gets neither commit nor branch", async () => {
    const world = await delivery();
    const { git } = repoOf(world);
    const original = git.tree.bind(git);
    git.tree = (files) => {
      const more = new Map(files);
      if (files.has("README.md")) more.set("evil.ts", { mode: "100755", sha: git.blob(Buffer.from("evil")) });
      return original(more);
    };
    await expectInvisible(world, { kind: "refused", code: "tree_differs" });
    expect(world.github.writes.some(({ path }) => path.endsWith("/git/commits"))).toBe(false);
  });

  it("that stores another blob, or makes another commit, gets no branch", async () => {
    const blob = await delivery();
    const { git } = repoOf(blob);
    const original = git.blob.bind(git);
    git.blob = (content) => original(Buffer.concat([content, Buffer.from(" ")]));
    await expectInvisible(blob, { kind: "refused", code: "blob_differs" });

    const commit = await delivery();
    const other = repoOf(commit).git;
    const make = other.commit.bind(other);
    other.commit = (tree, parents, message) => make(tree, [...parents, "a".repeat(40)], message);
    await expectInvisible(commit, { kind: "refused", code: "commit_differs" });
  });
});

describe("the token", () => {
  it.each([
    [
      "more permissions",
      (given: Record<string, unknown>) => ({
        ...given,
        permissions: { contents: "write", pull_requests: "write", metadata: "read", issues: "write" },
      }),
    ],
    ["all repositories", (given: Record<string, unknown>) => ({ ...given, repository_selection: "all" })],
    [
      "another repository",
      (given: Record<string, unknown>) => ({ ...given, repositories: [{ id: 1, full_name: "acme/other" }] }),
    ],
  ])("with %s is not used, and revoked", async (_, lie) => {
    const world = await delivery();
    world.github.mintLie = lie;
    expect((await world.write()).end).toMatchObject({ kind: "refused", code: "token_too_wide" });
    expect(world.github.writes).toEqual([]);
    expect(world.github.liveWriteTokens).toEqual([]);
  });

  it("that the installation may not have stops all repositories before any write", async () => {
    const world = await delivery({ repos: 2 });
    world.github.granted = { ...world.github.granted, contents: "read" };
    expect((await world.write()).end).toMatchObject({ kind: "refused", code: "not_writable" });
    expect(world.github.writes).toEqual([]);
  });

  it("for reading cannot write: GitHub refuses", async () => {
    const world = await delivery();
    const deps = world.deps(() => {});
    const reading = await mint(deps.connection, {
      installation: InstallationId.parse(77),
      permissions: { contents: "read", metadata: "read" },
      repos: [RepoId.parse(repoOf(world).id)],
    });
    const { permit, row } = await permitOf(world);
    const wanted = { ...deps, stillWanted: async () => {}, slot: async () => {} };
    const client = openWriteClient(wanted, permit, row, reading, undefined);
    await expect(client.createBlob(0)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the permit", () => {
  it("cannot be constructed, copied or changed", async () => {
    const { permit, row } = await permitOf(await delivery());
    const Made = permit.constructor;
    expect(() => Reflect.construct(Made, [Symbol("authorize"), permit.facts])).toThrow(/only authorize/);
    const forged = [
      Object.create(permit),
      Object.assign(Object.create(Object.getPrototypeOf(permit)), permit),
      { ...permit },
    ];
    for (const copy of forged) expect(() => redeem(copy, row)).toThrow(/no permit/);
    expect(() => Object.assign(permit, { facts: {} })).toThrow(TypeError);
    expect(() => Object.assign(permit.facts.content, { branch: "main" })).toThrow(TypeError);
    expect(() => Object.assign(permit.facts.content.changes[0] ?? {}, { after: "evil" })).toThrow(TypeError);
    expect(redeem(permit, row)).toBe(permit.facts);
  });

  it("is good for its own write alone", async () => {
    const world = await delivery();
    const { permit, row } = await permitOf(world);
    const deps = { ...world.deps(() => {}), stillWanted: async () => {}, slot: async () => {} };
    const token = {
      value: "t",
      installation: InstallationId.parse(77),
      expiresAt: NOW,
      repos: [{ id: row.repoId, owner: "acme", name: "widgets" }],
    };
    const uses = [
      { ...row, repoId: RepoId.parse(1) },
      { ...row, digest: Digest.parse("0".repeat(64)) },
      { ...row, subjectId: 1 + row.subjectId },
      { ...row, subjectKind: "merge" },
      { ...row, id: (await permitOf(await delivery())).row.id },
    ];
    for (const use of uses)
      expect(() => openWriteClient(deps, permit, use, token, undefined)).toThrow(/a permit for write/);
    const others = [
      { ...token, repos: [...token.repos, { id: RepoId.parse(1), owner: "acme", name: "other" }] },
      { ...token, repos: [] },
      { ...token, installation: InstallationId.parse(78) },
    ];
    for (const other of others) expect(() => openWriteClient(deps, permit, row, other, undefined)).toThrow(/another's/);
    const elsewhere = { ...token, repos: [{ id: RepoId.parse(1), owner: "acme", name: "other" }] };
    expect(() => openWriteClient(deps, permit, row, elsewhere, undefined)).toThrow();
    expect(world.github.writes).toEqual([]);
  });
});

describe("the database", () => {
  it("takes no intent without an approval of the same subject, hash and delivery", async () => {
    const [world, other] = [await delivery(), await delivery()];
    const mine = theOnly(await approvalRows(world));
    const theirs = theOnly(await approvalRows(other));
    const { row } = await permitOf(world);
    const intent = {
      id: row.id,
      deliveryId: world.id,
      approvalId: mine.id,
      subjectKind: "patchset",
      subjectId: row.subjectId,
      digest: Digest.parse(row.digest),
      repoId: row.repoId,
      branch: "b",
      intendedAt: NOW,
    };
    const forged: Partial<typeof writes.$inferInsert>[] = [
      { approvalId: theirs.id },
      { approvalId: 999_999 },
      { digest: Digest.parse("f".repeat(64)) },
      { subjectId: theirs.subjectId },
      { deliveryId: other.id },
      { subjectKind: "merge" },
      { repoId: repoOf(other).id },
    ];
    for (const columns of forged) {
      await expect(test.db.sql.insert(writes).values({ ...intent, ...columns })).rejects.toThrow();
    }
    await test.db.sql.insert(writes).values(intent);
  });

  it("holds a row that somebody put there for another write back from use", async () => {
    const world = await delivery();
    const mine = theOnly(await approvalRows(world));
    const other = (await permitOf(await delivery())).row.id;
    await test.db.sql.insert(writes).values({
      id: other,
      deliveryId: world.id,
      approvalId: mine.id,
      subjectKind: "patchset",
      subjectId: mine.subjectId,
      digest: mine.digest,
      repoId: repoOf(world).id,
      branch: "b",
      intendedAt: NOW,
    });
    await expect(world.write()).rejects.toThrow(/has no row/);
    expect(world.github.writes).toEqual([]);
    expect(world.github.liveWriteTokens).toEqual([]);
  });

  it("with an approval voided during the write lets no further call out", async () => {
    for (const call of ["create_blob", "create_commit", "create_branch", "open_pull"]) {
      const world = await delivery();
      const approval = theOnly(await approvalRows(world));
      const { end } = await world.write({
        during: async (at) => {
          if (at === `write.before.${call}`) await voidApproval(world, approval.id);
        },
      });
      expect(end).toMatchObject({ kind: "approval_void" });
      expect(repoOf(world).pulls).toEqual([]);
    }
  });
});

describe("what these tests stand on", () => {
  it("is a world in which all is true and the write is made", async () => {
    const world = await delivery();
    expect((await world.write()).end).toEqual({ kind: "written" });
    const [row] = await test.db.sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, world.id));
    expect(row).toMatchObject({ pullNumber: 50, headSha: theOnly(await writeRows(world)).commitSha });
  });
});
