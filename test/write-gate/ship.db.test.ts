// Merging what was approved: what is asked of GitHub, and what is kept of it, also where a run dies or somebody was faster.
import { describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { InstallationId } from "../../src/ids.ts";
import { claimSlot } from "../../src/thread/limiter.ts";
import { ledgerActions, MONA, NOW, OCTOCAT, shipApprovalRows, theOnly, writeRows } from "./approved-delivery.ts";
import { asked, ledgerEntries, mergeByHand, mergedIn, type ShipWorld, TITLE, writeTokens } from "./approved-ship.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

/** Every pull request merged once, and the receipts of that. */
const expectMerged = async (world: ShipWorld): Promise<void> => {
  const rows = await writeRows(world);
  expect(rows).toHaveLength(world.repos.length);
  for (const repo of world.repos) {
    expect(repo.refs.get("refs/heads/main")).toBe(mergedIn(repo));
    const row = rows.find(({ repoId }) => repoId === repo.id);
    expect(row).toMatchObject({
      subjectKind: "merge",
      commitSha: mergedIn(repo),
      treeSha: repo.git.commits.get(mergedIn(repo))?.tree,
      finishedAt: NOW,
    });
  }
  const merges = asked(world).filter(({ call }) => call.startsWith("PUT "));
  expect(merges.length).toBeLessThanOrEqual(world.repos.length);
};

const partOf = ({ ship: { parts } }: ShipWorld, repoId: number) => {
  const part = parts.find(({ content }) => content.repoId === repoId);
  if (part === undefined) throw new Error("no part");
  return part;
};

describe("a merge", () => {
  it("sends the approved words and head by the approved method, and answers what it made", async () => {
    const world = await ship();
    const repo = theOnly(world.repos);
    const { head } = world.ship.content.merges[0] ?? {};
    const before = repo.refs.get("refs/heads/main");
    const outcome = await world.merge();

    const row = theOnly(await writeRows(world));
    expect(asked(world)).toEqual([
      {
        call: `PUT ${repo.name}/pulls/57/merge`,
        body: {
          sha: head,
          merge_method: "squash",
          commit_title: TITLE,
          commit_message: [
            "It was 1.",
            "",
            `Countersign-Delivery: D-${world.id}`,
            `Countersign-Write: ${row.id}`,
            `Countersign-Approved-By: octocat 583231 ${world.ship.digest}`,
          ].join("\n"),
        },
      },
    ]);
    const commit = repo.refs.get("refs/heads/main");
    const tree = repo.git.commits.get(commit ?? "")?.tree;
    expect(repo.git.commits.get(commit ?? "")?.parents).toEqual([before]);
    expect(outcome).toEqual({
      end: { kind: "written" },
      shipped: [
        {
          repoId: repo.id,
          pull: `acme/${repo.name}#57`,
          merged: { commit, tree },
          environment: null,
          deploymentId: null,
        },
      ],
    });
    await expectMerged(world);
  });

  it("keeps the intent before the call and the receipt after it, with who approved", async () => {
    const world = await ship({ approvers: [OCTOCAT, MONA] });
    await world.merge();
    const repo = theOnly(world.repos);
    const part = partOf(world, repo.id);
    const [mine, theirs] = await shipApprovalRows(world);
    const row = theOnly(await writeRows(world));
    expect(row).toEqual({
      id: row.id,
      deliveryId: world.id,
      approvalId: mine?.id,
      subjectKind: "merge",
      subjectId: part.id,
      digest: part.digest,
      shipId: world.ship.id,
      shipDigest: world.ship.digest,
      shipPartId: part.id,
      approvedKind: "ship",
      approvedId: world.ship.id,
      approvedDigest: world.ship.digest,
      patchSetId: null,
      repoId: repo.id,
      branch: "main",
      intendedAt: NOW,
      treeSha: part.kind === "merge" ? part.content.tree : null,
      commitSha: mergedIn(repo),
      branchAt: null,
      pullNumber: null,
      deploymentId: null,
      finishedAt: NOW,
    });
    expect(await ledgerEntries(world)).toEqual([
      {
        action: "write_intended",
        entityId: row.id,
        after: {
          ship: { id: world.ship.id, digest: world.ship.digest },
          ...part.content,
          subjectKind: "merge",
          subjectId: part.id,
          digest: part.digest,
          repoId: repo.id,
          attempt: world.attempt,
          branch: "main",
          approvals: [
            { id: mine?.id, person: OCTOCAT.id, login: "octocat" },
            { id: theirs?.id, person: MONA.id, login: "mona" },
          ],
        },
      },
      {
        action: "merge_made",
        entityId: row.id,
        after: { repoId: repo.id, commitSha: row.commitSha, treeSha: row.treeSha, pullRequest: 57 },
      },
    ]);
    const { body } = theOnly(asked(world));
    expect(`${body["commit_message"]}`.match(/^Countersign-Approved-By: \S+ \d+/gm)).toEqual([
      "Countersign-Approved-By: octocat 583231",
      "Countersign-Approved-By: mona 900",
    ]);
  });

  it.each(["merge", "rebase"] as const)("by %s says so, and a rebase brings no words of its own", async (method) => {
    const world = await ship({ method });
    expect((await world.merge()).end).toEqual({ kind: "written" });
    const { body } = theOnly(asked(world));
    const names = method === "rebase" ? [] : ["commit_message", "commit_title"];
    expect(Object.keys(body).sort()).toEqual([...names, "merge_method", "sha"]);
    expect(body["merge_method"]).toBe(method);
    await expectMerged(world);
  });

  it("of several repositories is made in the declared order, each with a token of its own that is revoked", async () => {
    const world = await ship({ repos: 3 });
    const outcome = await world.merge();
    expect(outcome.end).toEqual({ kind: "written" });
    expect(outcome.shipped.map(({ pull }) => pull)).toEqual(
      world.repos.map(({ name }, index) => `acme/${name}#${57 + index}`),
    );
    expect(asked(world).map(({ call }) => call)).toEqual(
      world.repos.map(({ name }, index) => `PUT ${name}/pulls/${57 + index}/merge`),
    );
    const tokens = writeTokens(world);
    expect(tokens.map(({ repos }) => repos)).toEqual(world.repos.map(({ id }) => [id]));
    for (const { permissions, revoked } of tokens) {
      expect(permissions).toEqual({ contents: "write", pull_requests: "read", metadata: "read" });
      expect(revoked).toBe(true);
    }
    const writes = world.github.writes.map(({ token }) => token);
    expect(writes).toEqual(tokens.map(({ value }) => value));
    await expectMerged(world);
  });

  it("goes by these points, in this order", async () => {
    const world = await ship();
    await world.merge();
    expect(world.crashes).toEqual([
      "ship.before.intend",
      "ship.after.intend",
      "write.before.mint",
      "write.after.mint",
      "ship.before.merge",
      "ship.after.merge",
      "ship.before.record_merge",
      "ship.after.record_merge",
    ]);
  });

  it("is not made again, and no token is minted that could", async () => {
    const world = await ship();
    const first = await world.merge();
    const tokens = writeTokens(world).length;
    expect(await world.merge()).toEqual(first);
    expect(asked(world)).toHaveLength(1);
    expect(writeTokens(world)).toHaveLength(tokens);
    expect(await ledgerActions(world)).toEqual(["write_intended", "merge_made", "write_resumed"]);
    await expectMerged(world);
  });

  it("takes its turn by the pace that all share, and waits outside where that is far off", async () => {
    const world = await ship();
    let seconds = 0;
    const installation = InstallationId.parse(77);
    const take = () => world.db.transaction((tx) => claimSlot(tx, installation, NOW, Number.MAX_SAFE_INTEGER));
    while (seconds <= 20) seconds = (await take()).seconds;
    const { connection } = world.deps(neverCrash);
    const paced = { connection: { ...connection, pace: "github" as const } };
    await expect(world.merge({ deps: paced })).rejects.toMatchObject({ code: "rate_limited" });
    expect(asked(world)).toEqual([]);
    expect((await world.merge()).end).toEqual({ kind: "written" });
  });

  it("is not begun once the job is stopped", async () => {
    const world = await ship();
    await expect(world.merge({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "timeout" });
    expect(writeTokens(world)).toEqual([]);
    const stopping = new AbortController();
    const during = (point: string) => {
      if (point === "ship.before.merge") stopping.abort();
    };
    await expect(world.merge({ signal: stopping.signal, during })).rejects.toMatchObject({ code: "timeout" });
    expect(asked(world)).toEqual([]);
    expect((await world.merge()).end).toEqual({ kind: "written" });
  });
});

describe("a merge that dies", () => {
  it.each([
    ["ship.before.intend", ["write_intended", "merge_made"]],
    ["ship.after.intend", ["write_intended", "write_resumed", "merge_made"]],
    ["write.before.mint", ["write_intended", "write_resumed", "merge_made"]],
    ["write.after.mint", ["write_intended", "write_resumed", "merge_made"]],
    ["ship.before.merge", ["write_intended", "write_resumed", "merge_made"]],
    ["ship.after.merge", ["write_intended", "write_resumed", "merge_found"]],
    ["ship.before.record_merge", ["write_intended", "write_resumed", "merge_found"]],
    ["ship.after.record_merge", ["write_intended", "merge_made", "write_resumed"]],
  ])("at %s is made once all the same", async (point, actions) => {
    const world = await ship();
    await expect(world.merge({ crashAt: point })).rejects.toThrow(`crash at ${point}`);
    expect(world.github.liveWriteTokens).toEqual([]);
    expect((await world.merge()).end).toEqual({ kind: "written" });
    await expectMerged(world);
    expect(asked(world)).toHaveLength(1);
    expect(await ledgerActions(world)).toEqual(actions);
  });

  it("between two repositories goes on with the second", async () => {
    const world = await ship({ repos: 2 });
    const [first, second] = world.repos;
    await expect(world.merge({ crashAt: "ship.after.record_merge" })).rejects.toThrow("crash at");
    expect(second?.pulls[0]?.state).toBe("open");
    world.github.tokens.length = 0;
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect(asked(world).map(({ call }) => call)).toEqual([
      `PUT ${first?.name}/pulls/57/merge`,
      `PUT ${second?.name}/pulls/58/merge`,
    ]);
    const tokens = writeTokens(world);
    expect(tokens.map(({ repos }) => repos)).toEqual([[second?.id]]);
    await expectMerged(world);
  });

  it("because the answer was lost finds what it made", async () => {
    const world = await ship();
    const lost = { method: "PUT", path: /\/merge$/, when: "after", answer: "lost", times: 1 } as const;
    world.github.faults.push({ ...lost });
    await expect(world.merge()).rejects.toMatchObject({ code: "network" });
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect(asked(world)).toHaveLength(1);
    await expectMerged(world);
    expect(await ledgerActions(world)).toEqual(["write_intended", "write_resumed", "merge_found"]);
  });
});

describe("a merge by somebody else", () => {
  it("of the approved head, before ours, is found", async () => {
    const world = await ship();
    mergeByHand(theOnly(world.repos));
    expect((await world.merge()).end).toEqual({ kind: "written" });
    expect(asked(world)).toEqual([]);
    await expectMerged(world);
    const row = theOnly(await writeRows(world));
    expect((await ledgerEntries(world)).map(({ action, after }) => ({ action, after })).at(-1)).toEqual({
      action: "merge_found",
      after: { repoId: row.repoId, commitSha: row.commitSha, treeSha: row.treeSha, pullRequest: 57 },
    });
  });

  it("right before our call is found, though GitHub refuses ours", async () => {
    const world = await ship();
    const during = (point: string) => {
      if (point === "ship.before.merge") mergeByHand(theOnly(world.repos));
    };
    expect((await world.merge({ during })).end).toEqual({ kind: "written" });
    expect(asked(world)).toHaveLength(1);
    await expectMerged(world);
    expect(await ledgerActions(world)).toEqual(["write_intended", "merge_found"]);
  });
});
