// What GitHub says against a deployment, and tokens that are not as they should be: told, or tried again, and nothing more is done.
import { describe, expect, it } from "vitest";
import { ledgerActions, theOnly, type World, writeRows } from "./approved-delivery.ts";
import {
  asked,
  judge,
  mergeByHand,
  mergedAndJudged,
  mergedIn,
  type ShipShape,
  type ShipWorld,
  writeTokens,
} from "./approved-ship.ts";
import { answering, type Fault } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { ship } = openWorlds();

const repoOf = (world: World) => theOnly(world.repos);
const deployments = (world: World) => asked(world).filter(({ call }) => call.startsWith("POST "));

describe("at the deployment", () => {
  const merged = async (shape: ShipShape = {}): Promise<ShipWorld> => {
    const world = await ship({ environment: "production", ...shape });
    await mergedAndJudged(world);
    return world;
  };
  const refused = (world: World, note: string) => ({
    kind: "refused",
    code: "deployment_refused",
    repoId: repoOf(world).id,
    note,
  });
  const DEPLOYMENTS = /\/deployments$/;

  it.each([403, 404, 409, 422])("GitHub's %i is told in its own words", async (status) => {
    const world = await merged();
    world.github.faults.push(answering("POST", DEPLOYMENTS, status, { message: "Not there" }));
    const { end, shipped } = await world.deploy();
    expect(end).toEqual(refused(world, "GitHub refused the deployment to production: Not there"));
    const { merged: made, deploymentId } = theOnly(shipped);
    expect({ commit: made?.commit, deploymentId }).toEqual({ commit: mergedIn(repoOf(world)), deploymentId: null });
    expect(repoOf(world).deployments).toEqual([]);
    expect((await ledgerActions(world)).at(-1)).toBe("merge_made");
  });

  it("that waits for checks which it names is made later, and no other refusal waits", async () => {
    const world = await merged({ requiredContexts: ["build"] });
    const { end, shipped } = await world.deploy();
    expect(end).toEqual({ kind: "later" });
    expect(theOnly(shipped).deploymentId).toBeNull();
    expect(world.github.liveWriteTokens).toEqual([]);
    world.github.faults.push(answering("POST", DEPLOYMENTS, 422, { message: "No" }));
    expect((await world.deploy()).end).toEqual(refused(world, "GitHub refused the deployment to production: No"));
    repoOf(world).green.add("build");
    expect((await world.deploy()).end).toEqual({ kind: "written" });
    expect(repoOf(world).deployments).toHaveLength(1);
  });

  it("one of several that waits keeps what was deployed before", async () => {
    const world = await merged({ repos: 2, requiredContexts: ["build"] });
    const [first, second] = world.repos;
    first?.green.add("build");
    const { end, shipped } = await world.deploy();
    expect(end).toEqual({ kind: "later" });
    expect(shipped.map(({ deploymentId }) => deploymentId)).toEqual([700, null]);
    second?.green.add("build");
    expect((await world.deploy()).end).toEqual({ kind: "written" });
    expect(first?.deployments).toHaveLength(1);
  });

  const odd = (change: object) => ({
    id: 1,
    sha: "f".repeat(40),
    environment: "production",
    creator: null,
    payload: {},
    created_at: "2026-11-21T10:00:00Z",
    ...change,
  });
  it.each([
    ["another commit", 201, odd({}), "unexpected_answer", /^GitHub deploys another commit$/],
    ["no deployment", 202, { message: "Auto-merged main." }, "unexpected_answer", /not understood at id: /],
    ["an error", 500, { message: "oops" }, "server", /^oops$/],
  ])("an answer with %s is thrown on", async (_, status, body, code, message) => {
    const world = await merged();
    world.github.faults.push(answering("POST", DEPLOYMENTS, status, body));
    const thrown = { code, message: expect.stringMatching(message) };
    await expect(world.deploy()).rejects.toMatchObject(thrown);
    expect(theOnly((await world.deploy()).shipped).deploymentId).toBe(700);
  });

  it("deployments that cannot be listed, or not all of them, let none be made", async () => {
    const world = await merged();
    world.github.faults.push(answering("GET", DEPLOYMENTS, 403, { message: "Not yours" }));
    expect((await world.deploy()).end).toEqual(refused(world, "GitHub: Not yours"));
    const headers = { link: `<${world.github.url}/x?page=2>; rel="next"` };
    const answer = { status: 200, body: [], headers };
    const fault: Fault = { method: "GET", path: DEPLOYMENTS, when: "before", answer, times: 1_000 };
    world.github.faults.push(fault);
    await expect(world.deploy()).rejects.toMatchObject({
      code: "unexpected_answer",
      message: "GitHub listed only some of the deployments",
    });
    fault.times = 0;
    expect(asked(world)).toEqual([]);
    expect((await world.deploy()).end).toEqual({ kind: "written" });
  });
});

describe("the token", () => {
  it("that the installation may not have stops all before anything is asked for", async () => {
    const world = await ship({ repos: 2, environment: "production" });
    const granted = world.github.granted;
    const no = { kind: "refused", code: "not_writable", repoId: world.repos[0]?.id };
    world.github.granted = { ...granted, contents: "read" };
    expect((await world.merge()).end).toMatchObject(no);
    expect(asked(world)).toEqual([]);
    world.github.granted = granted;
    await mergedAndJudged(world);
    const { deployments: _, ...without } = granted;
    world.github.granted = without;
    expect((await world.deploy()).end).toMatchObject(no);
    expect(asked(world)).toEqual([]);
    world.github.granted = granted;
    expect((await world.deploy()).end).toEqual({ kind: "written" });
  });

  it.each(["merge", "deploy"] as const)("that can do more than was asked for is not used to %s", async (work) => {
    const world = await ship({ environment: "production" });
    if (work === "deploy") await mergedAndJudged(world);
    world.github.mintLie = (given) => ({ ...given, repository_selection: "all" });
    const end = { kind: "refused", code: "token_too_wide", repoId: repoOf(world).id };
    expect((await world[work]()).end).toMatchObject(end);
    expect(asked(world)).toEqual([]);
    expect(writeTokens(world).map(({ revoked }) => revoked)).toEqual([true]);
  });
});

describe("nothing is deployed", () => {
  const refused = (note: string) => ({ kind: "refused", code: "deployment_refused", note });
  const NOT_APPROVED = "what was merged was not found to be what was approved";

  const expectNothing = async (world: ShipWorld, end: object, shipped = world.repos.length): Promise<void> => {
    const before = world.github.tokens.length;
    const outcome = await world.deploy();
    expect(outcome.end).toEqual(end);
    expect(outcome.shipped).toHaveLength(shipped);
    expect(deployments(world)).toEqual([]);
    expect(writeTokens(world).slice(before)).toEqual([]);
    for (const repo of world.repos) expect(repo.deployments).toEqual([]);
  };

  it("before anything was merged", async () => {
    const world = await ship({ environment: "production" });
    const { id: repoId } = theOnly(world.repos);
    await expectNothing(world, { ...refused("there is no merge to deploy"), repoId });
    // Merged by somebody, and not received: no row says so.
    mergeByHand(theOnly(world.repos));
    await expectNothing(world, { ...refused("there is no merge to deploy"), repoId });
    expect(await writeRows(world)).toEqual([]);
  });

  it("of a merge that was intended and not made", async () => {
    const world = await ship({ environment: "production" });
    await expect(world.merge({ crashAt: "ship.before.merge" })).rejects.toThrow();
    expect(await writeRows(world)).toHaveLength(2);
    await expectNothing(world, { ...refused("there is no merge to deploy"), repoId: theOnly(world.repos).id });
  });

  it("of a merge on which there is no verdict, or only one on a head or another commit", async () => {
    const world = await ship({ environment: "production" });
    await world.merge();
    const repo = theOnly(world.repos);
    await expectNothing(world, { ...refused(NOT_APPROVED), repoId: repo.id });
    await judge(world, repo, "approved", { kind: "head" });
    await judge(world, repo, "approved", { commit: `${world.ship.content.merges[0]?.head}` });
    await expectNothing(world, { ...refused(NOT_APPROVED), repoId: repo.id });
    await judge(world, repo, "approved");
    expect((await world.deploy()).end).toEqual({ kind: "written" });
  });

  it.each(["unapproved", "unproven"] as const)("of a merge of which the newest verdict is %s", async (verdict) => {
    const world = await ship({ environment: "production" });
    await world.merge();
    const repo = theOnly(world.repos);
    await judge(world, repo, "approved");
    await judge(world, repo, verdict);
    await expectNothing(world, { ...refused(NOT_APPROVED), repoId: repo.id });
  });

  it("in a repository of the delivery in which nothing is merged", async () => {
    const world = await ship({
      environment: "production",
      repos: 2,
      edit: ({ merges, deployments, ...content }) => ({
        ...content,
        merges: merges.slice(0, 1),
        deployments: deployments.slice(1),
      }),
    });
    expect((await world.merge()).end).toEqual({ kind: "written" });
    const [first, second] = world.repos;
    await judge(world, first, "approved");
    await expectNothing(world, { ...refused("there is no merge to deploy"), repoId: second?.id }, 1);
  });

  it("of one repository while the merge of another is not proved", async () => {
    const world = await ship({ environment: "production", repos: 2 });
    await world.merge();
    const [first, second] = world.repos;
    await judge(world, first, "approved");
    await expectNothing(world, { ...refused(NOT_APPROVED), repoId: second?.id });
    await judge(world, first, "unapproved");
    await judge(world, second, "approved");
    await expectNothing(world, { ...refused(NOT_APPROVED), repoId: first?.id });
  });
});
