// The commit below a patch set: its base, an approved head, or one that took in the base and changes nothing else.
import { describe, expect, it } from "vitest";
import { GitHubError } from "../../src/github/errors.ts";
import { Digest, PullNumber, Sha, TraceId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { loadPatchSet, savePatchSet } from "../../src/patches/store.ts";
import type { ApprovedPort } from "../../src/provenance/approved.ts";
import { NOW, setState, theOnly } from "./approved-delivery.ts";
import { caseOf, endOf, refusedOf, unread } from "./asked-content.ts";
import type { FakeRepo } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

/** GitHub's git as the fake has it; the base left the branch where it is said. */
const portOf = ({ git }: FakeRepo, left: string, asked: unknown[][] = []): ApprovedPort => ({
  folder: async (_, tree) => ({
    complete: true,
    items: (git.trees.get(tree) ?? []).map(({ name, mode, sha }) => ({
      path: name,
      mode: mode.padStart(6, "0"),
      type: mode === "40000" ? "tree" : "blob",
      sha: Sha.parse(sha),
      size: null,
    })),
  }),
  commit: async (_, sha) => {
    const found = git.commits.get(sha);
    if (found === undefined) return null;
    const { parents, message } = found;
    return { sha: Sha.parse(sha), tree: Sha.parse(found.tree), parents: parents.map((one) => Sha.parse(one)), message };
  },
  mergeBase: async (...about) => {
    asked.push(about);
    return Sha.parse(left);
  },
});

describe("the commit below a patch set", () => {
  const DIFFERS = "the patch set stands on a commit that is neither its base nor an approved head";

  /** The first patch set was written; the base has moved on, and the branch took it in. */
  const tookIn = async (more: Readonly<Record<string, string>> = {}, pushed: Readonly<Record<string, string>> = {}) => {
    const world = await delivery();
    const first = (await caseOf(world)).target.patchSet;
    expect((await world.write()).end).toEqual({ kind: "written" });
    const repo = theOnly(world.repos);
    const base = repo.refs.get("refs/heads/main") ?? "";
    const ours = repo.refs.get(`refs/heads/countersign/d-${world.id}`) ?? "";
    const written = {
      head: Sha.parse(ours),
      tree: Sha.parse(repo.git.commits.get(ours)?.tree),
      pullRequest: PullNumber.parse(50),
    };
    const theirs = repo.git.snapshot({ ...repo.git.texts(ours), ...pushed }, [ours], "pushed");
    const news = { "NEWS.md": "new\n" };
    const moved = repo.git.snapshot({ ...repo.git.texts(base), ...news }, [base], "moved on");
    const merge = repo.git.snapshot({ ...repo.git.texts(theirs), ...news, ...more }, [theirs, moved], "merge");

    const stored = await loadPatchSet(world.db.sql, first.id);
    if (!stored.ok) throw new Error(stored.error.note);
    const content = { ...stored.value.content, parentSha: Sha.parse(merge) };
    const saved = await world.db.transaction((tx) =>
      savePatchSet(tx, {
        deliveryId: world.id,
        content,
        artifactId: null,
        at: instant(NOW),
        actor: { kind: "system", id: "test" },
        traceId: TraceId.parse("a".repeat(32)),
      }),
    );
    const patchSet = { ...first, ...saved, written: false };
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => ({ ...target, patchSet, written })),
    }));
    return { asked: await caseOf(world), repo, merge, moved, theirs: Sha.parse(theirs) };
  };

  it("may have taken in the base, where it changes nothing else", async () => {
    const { asked, repo, merge, moved } = await tookIn();
    const about: unknown[][] = [];
    expect(await endOf({ ...asked, port: portOf(repo, moved, about) })).toBe(`countersign/d-${asked.world.id}`);
    expect(about).toEqual([[repo.id, "main", merge]]);
  });

  it("may not have changed anything beside", async () => {
    const { asked, repo, moved } = await tookIn({ "evil.ts": "evil\n" });
    expect(await endOf({ ...asked, port: portOf(repo, moved) })).toEqual(refusedOf(asked, "parent_differs", DIFFERS));
  });

  it("may hold what was countersigned before, and not what was only pushed", async () => {
    const { asked, repo, moved, theirs } = await tookIn({}, { "README.md": "# Better\n" });
    const refused = refusedOf(asked, "parent_differs", DIFFERS);
    expect(await endOf({ ...asked, port: portOf(repo, moved) })).toEqual(refused);
    const git = portOf(repo, moved);
    const base = repo.refs.get("refs/heads/main") ?? "";
    const port: ApprovedPort = {
      ...git,
      mergeBase: async (_, _base, head) => Sha.parse(head === theirs ? base : moved),
    };
    expect(await endOf({ ...asked, port })).toEqual(refused);
    const target = { ...asked.target, countersigned: [theirs] };
    expect(await endOf({ ...asked, target, port })).toBe(`countersign/d-${asked.world.id}`);
  });

  it("is not asked about where nothing was written: it must be the base", async () => {
    const { asked, repo, moved } = await tookIn();
    const about: unknown[][] = [];
    const target = { ...asked.target, written: null, heads: null };
    expect(await endOf({ ...asked, target, port: portOf(repo, moved, about) })).toEqual(
      refusedOf(asked, "parent_differs", DIFFERS),
    );
    expect(about).toEqual([]);
  });

  it("is a refusal for a person where GitHub does not show it, and a fault where that passes", async () => {
    const { asked } = await tookIn();
    const failing = (code: "not_found" | "server") => ({
      ...unread,
      mergeBase: () => Promise.reject(new GitHubError(code, "no answer")),
    });
    expect(await endOf({ ...asked, port: failing("not_found") })).toEqual(
      refusedOf(asked, "not_writable", "GitHub: no answer"),
    );
    await expect(endOf({ ...asked, port: failing("server") })).rejects.toMatchObject({ code: "server" });
  });

  it("may be a head that is known, and needs no proof then", async () => {
    const { asked, merge, theirs } = await tookIn();
    const known = { ...asked.target, heads: [theirs, Sha.parse(merge)] };
    expect(await endOf({ ...asked, target: known })).toBe(`countersign/d-${asked.world.id}`);
    const strayHead = {
      version: 1,
      digest: Digest.parse("d".repeat(64)),
      shown: null,
      approvals: [],
      approved: false,
      head: Sha.parse(merge),
    };
    expect(await endOf({ ...asked, target: { ...asked.target, strayHead } })).toBe(`countersign/d-${asked.world.id}`);
  });

  it("is not its base any more once something was written", async () => {
    const asked = await caseOf(await delivery());
    const repo = theOnly(asked.world.repos);
    const head = Sha.parse("b".repeat(40));
    const written = { head, tree: head, pullRequest: PullNumber.parse(50) };
    const target = { ...asked.target, heads: [head], written };
    const port = portOf(repo, repo.refs.get("refs/heads/main") ?? "");
    expect(await endOf({ ...asked, target, port })).toEqual(refusedOf(asked, "parent_differs", DIFFERS));
  });
});
