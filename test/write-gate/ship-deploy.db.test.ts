// Deploying what was merged: what is asked of GitHub, and what is kept of it, also where a run dies.
import { describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { InstallationId } from "../../src/ids.ts";
import { claimSlot } from "../../src/thread/limiter.ts";
import { ledgerActions, MONA, NOW, OCTOCAT, theOnly, type World, writeRows } from "./approved-delivery.ts";
import {
  asked,
  ledgerEntries,
  mergedAndJudged,
  mergedIn,
  type ShipShape,
  type ShipWorld,
  writeTokens,
} from "./approved-ship.ts";
import { BOT_ID, type FakeDeployment } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

/** Merged, judged, and with a deployment to `production` to be made. */
const merged = async (shape: ShipShape = {}): Promise<ShipWorld> => {
  const world = await ship({ environment: "production", ...shape });
  await mergedAndJudged(world);
  return world;
};

const deploymentRow = async (world: World) =>
  theOnly((await writeRows(world)).filter(({ subjectKind }) => subjectKind === "deployment"));

/** One deployment of the merge in each repository, and the receipts of that. */
const expectDeployed = async (world: ShipWorld): Promise<void> => {
  const rows = (await writeRows(world)).filter(({ subjectKind }) => subjectKind === "deployment");
  expect(rows).toHaveLength(world.repos.length);
  for (const repo of world.repos) {
    const deployment = theOnly(repo.deployments);
    expect(deployment.sha).toBe(mergedIn(repo));
    expect(rows.find(({ repoId }) => repoId === repo.id)).toMatchObject({
      commitSha: mergedIn(repo),
      treeSha: null,
      deploymentId: deployment.id,
      finishedAt: NOW,
    });
  }
};

describe("a deployment", () => {
  it("names the merged commit, its environment and its checks, and nothing else", async () => {
    const world = await merged({ requiredContexts: ["build", "test"] });
    const repo = theOnly(world.repos);
    for (const name of ["build", "test"]) repo.green.add(name);
    const outcome = await world.deploy();

    const { id } = await deploymentRow(world);
    expect(asked(world)).toEqual([
      {
        call: `POST ${repo.name}/deployments`,
        body: {
          ref: mergedIn(repo),
          auto_merge: false,
          required_contexts: ["build", "test"],
          environment: "production",
          payload: { countersign: { delivery: `D-${world.id}`, write: id } },
          description: `Approved in D-${world.id}`,
        },
      },
    ]);
    const listed = world.github.requests.filter(({ method, path }) => method === "GET" && /\/deployments$/.test(path));
    expect(listed.map(({ query }) => query)).toEqual([
      { sha: mergedIn(repo), environment: "production", page: "1", per_page: "100" },
    ]);
    const tree = repo.git.commits.get(mergedIn(repo))?.tree;
    expect(outcome).toEqual({
      end: { kind: "written" },
      shipped: [
        {
          repoId: repo.id,
          pull: `acme/${repo.name}#57`,
          merged: { commit: mergedIn(repo), tree },
          environment: "production",
          deploymentId: 700,
        },
      ],
    });
    await expectDeployed(world);
  });

  it("was intended with the merge, and keeps its receipt with who approved", async () => {
    const world = await merged({ approvers: [OCTOCAT, MONA] });
    const part = world.ship.parts.find(({ kind }) => kind === "deployment");
    const { id } = await deploymentRow(world);
    expect(await ledgerActions(world)).toEqual(["write_intended", "write_intended", "merge_made"]);
    expect((await ledgerEntries(world))[1]).toMatchObject({
      action: "write_intended",
      entityId: id,
      after: {
        ship: { id: world.ship.id, digest: world.ship.digest },
        ...part?.content,
        subjectKind: "deployment",
        subjectId: part?.id,
        digest: part?.digest,
        attempt: world.attempt,
        branch: "main",
        approvals: [{ login: "octocat" }, { login: "mona" }],
      },
    });
    await world.deploy();
    expect((await ledgerEntries(world)).slice(3)).toEqual([
      {
        action: "deployment_made",
        entityId: id,
        after: {
          repoId: world.repos[0]?.id,
          deploymentId: 700,
          commitSha: mergedIn(world.repos[0]),
          environment: "production",
        },
      },
    ]);
  });

  it("of several repositories is made in the declared order, each with a token of its own that is revoked", async () => {
    const world = await merged({ repos: 2 });
    const outcome = await world.deploy();
    expect(outcome.end).toEqual({ kind: "written" });
    expect(outcome.shipped.map(({ deploymentId }) => deploymentId)).toEqual([700, 700]);
    expect(asked(world).map(({ call }) => call)).toEqual(world.repos.map(({ name }) => `POST ${name}/deployments`));
    const tokens = writeTokens(world);
    expect(tokens.map(({ repos }) => repos)).toEqual(world.repos.map(({ id }) => [id]));
    for (const { permissions, revoked } of tokens) {
      expect(permissions).toEqual({ deployments: "write", metadata: "read" });
      expect(revoked).toBe(true);
    }
    expect(world.github.writes.map(({ token }) => token)).toEqual(tokens.map(({ value }) => value));
    await expectDeployed(world);
  });

  it("goes by these points, in this order", async () => {
    const world = await merged();
    await world.deploy();
    expect(world.crashes).toEqual([
      "write.before.mint",
      "write.after.mint",
      "ship.before.deploy",
      "ship.after.deploy",
      "ship.before.record_deployment",
      "ship.after.record_deployment",
    ]);
  });

  it("is not made again, and GitHub is not even asked", async () => {
    const world = await merged();
    const first = await world.deploy();
    const requests = world.github.requests.length;
    expect(await world.deploy()).toEqual(first);
    expect(world.github.requests).toHaveLength(requests);
    await expectDeployed(world);
  });

  it("of one of several repositories is told of that one, with its own environment", async () => {
    const edit: ShipShape["edit"] = (content) => ({ ...content, deployments: content.deployments.slice(1) });
    const world = await merged({ repos: 3, edit });
    const [, second, third] = world.repos;
    const { end, shipped } = await world.deploy();
    expect(end).toEqual({ kind: "written" });
    expect(asked(world).map(({ call }) => call)).toEqual(
      [second, third].map((repo) => `POST ${repo?.name}/deployments`),
    );
    expect(shipped.map(({ environment, deploymentId }) => [environment, deploymentId])).toEqual([
      [null, null],
      ["production", 700],
      ["production", 700],
    ]);
  });

  it("that nobody asked for is none", async () => {
    const world = await ship();
    await mergedAndJudged(world);
    expect((await world.deploy()).end).toEqual({ kind: "written" });
    expect(world.github.requests).toEqual([]);
  });

  it("takes its turn by the pace that all share", async () => {
    const world = await merged();
    let seconds = 0;
    const take = () =>
      world.db.transaction((tx) => claimSlot(tx, InstallationId.parse(77), NOW, Number.MAX_SAFE_INTEGER));
    while (seconds <= 20) seconds = (await take()).seconds;
    const paced = { connection: { ...world.deps(neverCrash).connection, pace: "github" as const } };
    await expect(world.deploy({ deps: paced })).rejects.toMatchObject({ code: "rate_limited" });
    expect(asked(world)).toEqual([]);
  });

  it("is not begun once the job is stopped", async () => {
    const world = await merged();
    const stopping = new AbortController();
    const during = (point: string) => {
      if (point === "ship.before.deploy") stopping.abort();
    };
    await expect(world.deploy({ signal: stopping.signal, during })).rejects.toMatchObject({ code: "timeout" });
    expect(asked(world)).toEqual([]);
  });
});

describe("a deployment that dies", () => {
  it.each([
    ["write.before.mint", "deployment_made"],
    ["write.after.mint", "deployment_made"],
    ["ship.before.deploy", "deployment_made"],
    ["ship.after.deploy", "deployment_found"],
    ["ship.before.record_deployment", "deployment_found"],
    ["ship.after.record_deployment", "deployment_made"],
  ])("at %s is made once all the same", async (point, last) => {
    const world = await merged();
    await expect(world.deploy({ crashAt: point })).rejects.toThrow(`crash at ${point}`);
    expect(world.github.liveWriteTokens).toEqual([]);
    expect((await world.deploy()).end).toEqual({ kind: "written" });
    expect(asked(world)).toHaveLength(1);
    await expectDeployed(world);
    expect((await ledgerActions(world)).at(-1)).toBe(last);
  });

  it("between two repositories goes on with the second", async () => {
    const world = await merged({ repos: 2 });
    await expect(world.deploy({ crashAt: "ship.after.record_deployment" })).rejects.toThrow("crash at");
    world.github.tokens.length = 0;
    expect((await world.deploy()).end).toEqual({ kind: "written" });
    expect(asked(world).map(({ call }) => call)).toEqual(world.repos.map(({ name }) => `POST ${name}/deployments`));
    expect(writeTokens(world).map(({ repos }) => repos)).toEqual([[world.repos[1]?.id]]);
    await expectDeployed(world);
  });

  it("because the answer was lost finds what it made", async () => {
    const world = await merged();
    const path = /\/deployments$/;
    world.github.faults.push({ method: "POST", path, when: "after", answer: "lost", times: 1 });
    await expect(world.deploy()).rejects.toMatchObject({ code: "network" });
    expect((await world.deploy()).end).toEqual({ kind: "written" });
    await expectDeployed(world);
  });
});

describe("a deployment that is there", () => {
  const existing = async (world: ShipWorld, change: Partial<FakeDeployment> = {}): Promise<void> => {
    const repo = theOnly(world.repos);
    const { id: write } = await deploymentRow(world);
    repo.deployments.push({
      id: 650,
      sha: mergedIn(repo),
      environment: "production",
      creator: { id: BOT_ID, login: "countersign[bot]", type: "Bot" },
      payload: { countersign: { delivery: `D-${world.id}`, write } },
      ...change,
    });
  };

  it.each(["object", "text"])("of this very write and by us is found, its payload given as %s", async (as) => {
    const world = await merged();
    const payload = { countersign: { write: (await deploymentRow(world)).id } };
    await existing(world, { payload: as === "text" ? JSON.stringify(payload) : payload });
    await existing(world, { id: 651, payload: "no {JSON" });
    const { end, shipped } = await world.deploy();
    expect(end).toEqual({ kind: "written" });
    expect(theOnly(shipped).deploymentId).toBe(650);
    expect(asked(world)).toEqual([]);
    expect((await ledgerActions(world)).at(-1)).toBe("deployment_found");
  });

  const others: [what: string, change: Partial<FakeDeployment>][] = [
    ["by somebody else", { creator: MONA }],
    ["of another write", { payload: { countersign: { write: "00000000-0000-8000-8000-000000000000" } } }],
    ["with a payload that is not ours", { payload: { write: "x" } }],
    ["with a payload that is no JSON", { payload: "{" }],
    ["without a payload", { payload: null }],
    ["to another environment", { environment: "staging" }],
    ["of another commit", { sha: "e".repeat(40) }],
  ];
  it.each(others)("%s is not taken for ours", async (_, change) => {
    const world = await merged();
    await existing(world, change);
    const { end, shipped } = await world.deploy();
    expect(end).toEqual({ kind: "written" });
    expect(theOnly(shipped).deploymentId).toBe(701);
    expect(asked(world)).toHaveLength(1);
  });
});
