// The WriteGate at work: what it leaves on GitHub and in the database, also when it dies anywhere and is run again.
import { describe, expect, it } from "vitest";
import { Digest, PullNumber, Sha } from "../../src/ids.ts";
import {
  hold,
  ledgerActions,
  MONA,
  OCTOCAT,
  type Shape,
  setState,
  theOnly,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { BOT_ID } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { delivery, forget } = openWorlds();

const AFTER = { "README.md": "# Widgets\n", "src/slug.ts": "export const slug = 2;\n", "src/deep/new.ts": "new\n" };

/** One branch at one commit on the approved base with the approved files, and one pull request of ours. */
const expectWritten = async (world: World): Promise<void> => {
  for (const repo of world.repos) {
    const branches = [...repo.refs].filter(([ref]) => ref !== "refs/heads/main");
    const [ref, head] = theOnly(branches);
    expect(ref).toBe(`refs/heads/countersign/d-${world.id}`);
    expect(repo.git.texts(head)).toEqual(AFTER);
    expect(repo.git.commits.get(head)?.parents).toHaveLength(1);
    expect(theOnly(repo.pulls)).toMatchObject({
      state: "open",
      title: "Fix the slug",
      body: "Closes #12",
      base: "main",
    });
  }
  const rows = await writeRows(world);
  expect(rows).toHaveLength(world.repos.length);
  for (const row of rows) {
    expect(row.finishedAt).not.toBeNull();
    const repo = world.repos.find(({ id }) => id === row.repoId);
    expect(row.commitSha).toBe(repo?.refs.get(`refs/heads/${row.branch}`));
    expect(row.pullNumber).toBe(repo?.pulls[0]?.number);
  }
};

describe("a write", () => {
  it("leaves one commit, one branch, one pull request, and says so", async () => {
    const world = await delivery();
    const repo = theOnly(world.repos);
    const main = repo.refs.get("refs/heads/main") ?? "";
    const { end, finished } = await world.write();

    expect(end).toEqual({ kind: "written" });
    await expectWritten(world);
    const head = repo.refs.get(`refs/heads/countersign/d-${world.id}`) ?? "";
    const row = theOnly(await writeRows(world));
    expect(finished).toEqual([{ repoId: repo.id, head, tree: row.treeSha, pullRequest: 50 }]);
    expect(repo.git.commits.get(head)).toMatchObject({
      parents: [main],
      message: [
        "Fix the slug",
        "",
        "It was 1.",
        "",
        `Countersign-Delivery: D-${world.id}`,
        `Countersign-Write: ${row.id}`,
        `Countersign-Approved-By: octocat 583231 ${row.digest}`,
      ].join("\n"),
    });
    expect(repo.refs.get("refs/heads/main")).toBe(main);
    expect(await ledgerActions(world)).toEqual([
      "write_intended",
      "tree_compared",
      "commit_created",
      "branch_created",
      "pull_request_opened",
    ]);
  });

  it("shows nothing before everything else is done: one ref, then one pull request", async () => {
    const world = await delivery();
    await world.write();
    const paths = world.github.writes.map(
      ({ method, path }) => `${method} ${path.replace(/^\/repos\/acme\/[^/]+/, "")}`,
    );
    expect(paths).toEqual([
      "POST /git/blobs",
      "POST /git/blobs",
      "POST /git/trees",
      "POST /git/commits",
      "POST /git/refs",
      "POST /pulls",
    ]);
  });

  it("uses a token for one repository with just what it needs, for no reading of others, and none is left", async () => {
    const world = await delivery({ repos: 2 });
    await world.write();
    const writing = world.github.tokens.filter(({ permissions }) => permissions["contents"] === "write");
    expect(writing.map(({ repos }) => repos)).toEqual(world.repos.map(({ id }) => [id]));
    for (const token of writing) {
      expect(token.permissions).toEqual({ contents: "write", pull_requests: "write", metadata: "read" });
      expect(token.revoked).toBe(true);
    }
    const values = new Set(writing.map(({ value }) => value));
    expect(world.github.writes.every(({ token }) => values.has(token))).toBe(true);
  });

  it("is not done again", async () => {
    const world = await delivery();
    const first = await world.write();
    const requests = world.github.requests.length;
    expect(await world.write()).toEqual(first);
    expect(world.github.requests).toHaveLength(requests);
  });

  it("names everyone who approved, once", async () => {
    const world = await delivery({ approvers: [OCTOCAT, MONA] });
    world.today.quorum = 2;
    await world.write();
    const repo = theOnly(world.repos);
    const head = repo.refs.get(`refs/heads/countersign/d-${world.id}`) ?? "";
    const by = repo.git.commits.get(head)?.message.match(/^Countersign-Approved-By: \S+ \d+/gm);
    expect(by).toEqual(["Countersign-Approved-By: octocat 583231", "Countersign-Approved-By: mona 900"]);
  });

  it("of several repositories makes all branches before any pull request", async () => {
    const world = await delivery({ repos: 2 });
    const { end, finished } = await world.write();
    expect(end).toEqual({ kind: "written" });
    expect(finished).toHaveLength(2);
    await expectWritten(world);
    const kinds = world.github.visible.map(({ path }) => (path.endsWith("/pulls") ? "pull" : "branch"));
    expect(kinds).toEqual(["branch", "branch", "pull", "pull"]);
  });

  it("goes onto the approved base when that has moved on", async () => {
    const world = await delivery();
    const repo = theOnly(world.repos);
    const base = repo.refs.get("refs/heads/main") ?? "";
    const moved = repo.git.snapshot({ "README.md": "# Other\n" }, [base], "meanwhile");
    repo.refs.set("refs/heads/main", moved);
    expect((await world.write()).end).toEqual({ kind: "written" });
    const head = repo.refs.get(`refs/heads/countersign/d-${world.id}`) ?? "";
    expect(repo.git.commits.get(head)?.parents).toEqual([base]);
  });

  it("on top of an approved head moves the branch forward, never by force, and keeps the pull request", async () => {
    const world = await delivery();
    const repo = theOnly(world.repos);
    const branch = `refs/heads/countersign/d-${world.id}`;
    const head = Sha.parse(repo.refs.get("refs/heads/main"));
    const tree = Sha.parse(repo.git.commits.get(head)?.tree);
    repo.refs.set(branch, head);
    const title = "Fix the slug";
    const author = { id: BOT_ID, login: "countersign[bot]", type: "Bot" };
    repo.pulls.push({
      number: 50,
      state: "open",
      head: branch.slice(11),
      base: "main",
      title,
      body: "Closes #12",
      author,
    });
    const written = { head, tree, pullRequest: PullNumber.parse(50) };
    await setState(world, (state) => ({ ...state, targets: state.targets.map((target) => ({ ...target, written })) }));

    expect((await world.write()).end).toEqual({ kind: "written" });
    await expectWritten(world);
    expect(repo.git.commits.get(repo.refs.get(branch) ?? "")?.parents).toEqual([head]);
    expect(await ledgerActions(world)).toContain("branch_advanced");
    expect(world.github.visible.map(({ method }) => method)).toEqual(["PATCH"]);
  });
});

describe("an approved head that the branch no longer stands at", () => {
  it("is not written on, also where GitHub would let the branch go forward", async () => {
    const world = await delivery();
    const repo = theOnly(world.repos);
    const branch = `refs/heads/countersign/d-${world.id}`;
    const head = Sha.parse(repo.refs.get("refs/heads/main"));
    const tree = Sha.parse(repo.git.commits.get(head)?.tree);
    const before = repo.git.commit(tree, [], "older");
    const grown = repo.git.commits.get(head);
    repo.git.commits.set(head, { tree, parents: [before], message: grown?.message ?? "", at: 0 });
    const written = { head, tree, pullRequest: PullNumber.parse(50) };
    await setState(world, (state) => ({ ...state, targets: state.targets.map((target) => ({ ...target, written })) }));
    repo.refs.set(branch, head);
    const { end } = await world.write({
      during: (point) => {
        if (point === "write.after.record_commit") repo.refs.set(branch, before);
      },
    });
    expect(end).toMatchObject({ kind: "refused", code: "branch_taken" });
    expect(repo.refs.get(branch)).toBe(before);

    repo.refs.delete(branch);
    expect((await world.write()).end).toMatchObject({ kind: "refused", code: "branch_gone" });
    expect(repo.refs.has(branch)).toBe(false);
  });
});

describe("a second run", () => {
  const points = async (shape: Shape): Promise<number> => {
    const world = await delivery(shape);
    await world.write();
    return world.crashes.length;
  };

  it.each([1, 2])("after a crash anywhere leaves one of each, with %i repositories", async (repos) => {
    const count = await points({ repos });
    expect(count).toBeGreaterThan(20);
    for (let crashAt = 1; crashAt <= count; crashAt += 1) {
      const world = await delivery({ repos });
      await expect(world.write({ crashAt })).rejects.toThrow(/^crash at write\./);
      const point = world.crashes.at(-1);
      expect(world.github.liveWriteTokens, `after ${point}`).toEqual([]);
      expect((await world.write()).end, `after ${point}`).toEqual({ kind: "written" });
      await expectWritten(world);
      const actions = await ledgerActions(world);
      const once = actions.filter((action) => action !== "write_resumed");
      expect(once, `after ${point}`).toHaveLength(5 * repos);
      await world.github.close();
      forget(world);
    }
  });

  it("after two crashes at every pair of neighbouring points still leaves one of each", async () => {
    const count = await points({});
    for (let crashAt = 1; crashAt <= count; crashAt += 3) {
      const world = await delivery();
      await expect(world.write({ crashAt })).rejects.toThrow(/^crash at/);
      await world.write({ crashAt: 4 }).catch(() => {});
      expect((await world.write()).end).toEqual({ kind: "written" });
      await expectWritten(world);
    }
  });

  const mutations: [what: string, method: string, path: RegExp][] = [
    ["a blob", "POST", /\/git\/blobs$/],
    ["the tree", "POST", /\/git\/trees$/],
    ["the commit", "POST", /\/git\/commits$/],
    ["the branch", "POST", /\/git\/refs$/],
    ["the pull request", "POST", /\/pulls$/],
  ];
  describe.each(mutations)("when the answer about %s", (_, method, path) => {
    it.each(["lost", { status: 502 }] as const)("is %j though it happened, finds the effect", async (answer) => {
      const world = await delivery();
      world.github.faults.push({ method, path, when: "after", answer, times: 1 });
      await expect(world.write()).rejects.toMatchObject({ name: "GitHubError", transient: true });
      expect((await world.write()).end).toEqual({ kind: "written" });
      await expectWritten(world);
    });

    it.each([
      [429, { "retry-after": "30" }, "rate_limited", 30],
      [403, { "retry-after": "7" }, "rate_limited", 7],
      [500, {}, "server", null],
    ] as const)("is %i, is tried again later and says when", async (status, headers, code, retryAfter) => {
      const world = await delivery();
      world.github.faults.push({ method, path, when: "before", answer: { status, headers }, times: 1 });
      await expect(world.write()).rejects.toMatchObject({ code, retryAfter });
      expect((await world.write()).end).toEqual({ kind: "written" });
      await expectWritten(world);
    });

    it("is not understood, is looked up or tried again", async () => {
      const world = await delivery();
      const answer = { status: 201, body: { nonsense: 1 } };
      world.github.faults.push({ method, path, when: "after", answer, times: 1 });
      const seen = method === "POST" && /refs|pulls/.test(path.source);
      if (seen) expect((await world.write()).end).toEqual({ kind: "written" });
      else await expect(world.write()).rejects.toMatchObject({ code: "unexpected_answer" });
      expect((await world.write()).end).toEqual({ kind: "written" });
      await expectWritten(world);
    });
  });

  it("when the answer with the token is lost, takes another; the first was never anybody's and ends by itself", async () => {
    const world = await delivery();
    world.github.faults.push({
      method: "POST",
      path: /access_tokens$/,
      when: "after",
      answer: "lost",
      times: 1,
      only: ({ permissions }) => JSON.stringify(permissions).includes('"contents":"write"'),
    });
    await expect(world.write()).rejects.toMatchObject({ code: "network" });
    const lost = theOnly(world.github.liveWriteTokens);
    lost.revoked = true;
    expect(world.github.writes).toEqual([]);
    expect((await world.write()).end).toEqual({ kind: "written" });
    await expectWritten(world);
  });

  it("of two at once, makes one of each", async () => {
    const world = await delivery();
    const ends = await Promise.all([world.write(), world.write()]);
    expect(ends.map(({ end }) => end.kind)).toEqual(["written", "written"]);
    expect((await world.write()).end).toEqual({ kind: "written" });
    await expectWritten(world);
  });

  it("keeps a pull request that a human closed meanwhile, and opens no second", async () => {
    const world = await delivery();
    await expect(world.write({ crashAt: "write.after.open_pull" })).rejects.toThrow(/^crash at/);
    const pull = theOnly(theOnly(world.repos).pulls);
    pull.state = "closed";
    expect((await world.write()).end).toEqual({ kind: "written" });
    expect(theOnly(theOnly(world.repos).pulls).author.id).toBe(BOT_ID);
  });
});

describe("the fence", () => {
  const at = (wanted: string, act: () => Promise<unknown>) => {
    let done = false;
    return async (point: string) => {
      if (point !== wanted || done) return;
      done = true;
      await act();
    };
  };

  const calls = ["create_blob", "create_tree", "create_commit", "create_branch", "open_pull"];

  it.each(calls)("stops before %s when the delivery was canceled, and what is finished stays", async (call) => {
    const world = await delivery();
    const during = at(`write.before.${call}`, () =>
      setState(world, (state) => ({ ...state, runStatus: "canceled", reason: "by_command" })),
    );
    const writesOf = () => world.github.writes.length;
    let atCancel = 0;
    const { end } = await world.write({
      during: async (point) => {
        if (point === `write.before.${call}`) atCancel = writesOf();
        await during(point);
      },
    });
    expect(end).toEqual({ kind: "not_wanted", why: "canceled" });
    expect(writesOf()).toBe(atCancel);
    expect(theOnly(world.repos).pulls).toEqual([]);
  });

  it.each(calls)("stops before %s under a hold, and goes on when it is gone", async (call) => {
    const world = await delivery();
    const { end } = await world.write({ during: at(`write.before.${call}`, () => hold(world, ["hold"])) });
    expect(end).toEqual({ kind: "not_wanted", why: "held" });
    expect(theOnly(world.repos).pulls).toEqual([]);
    await hold(world, []);
    expect((await world.write()).end).toEqual({ kind: "written" });
    await expectWritten(world);
  });

  it.each(calls)("stops before %s when the attempt is another one", async (call) => {
    const world = await delivery();
    const during = at(`write.before.${call}`, () => setState(world, (state) => ({ ...state, attempt: 5 })));
    expect((await world.write({ during })).end).toEqual({ kind: "not_wanted", why: "other_attempt" });
    expect(theOnly(world.repos).pulls).toEqual([]);
  });

  it.each(calls)("stops before %s when another patch set took the place", async (call) => {
    const world = await delivery();
    const other = Digest.parse("f".repeat(64));
    const during = at(`write.before.${call}`, () =>
      setState(world, (state) => ({
        ...state,
        targets: state.targets.map((target) => ({
          ...target,
          patchSet: target.patchSet === null ? null : { ...target.patchSet, digest: other },
        })),
      })),
    );
    expect((await world.write({ during })).end).toEqual({ kind: "not_wanted", why: "superseded" });
    expect(theOnly(world.repos).pulls).toEqual([]);
  });

  it("does not begin for a delivery that waits for something else", async () => {
    const world = await delivery({ state: (state) => ({ ...state, phase: "review", runStatus: "succeeded" }) });
    expect((await world.write()).end).toEqual({ kind: "not_wanted", why: "other_work" });
    expect(world.github.requests).toEqual([]);
  });

  it("a worker that is told to stop makes no further call and leaves no token", async () => {
    const world = await delivery();
    const stop = new AbortController();
    const during = (point: string) => {
      if (point === "write.before.create_commit") stop.abort();
    };
    await expect(world.write({ during, signal: stop.signal })).rejects.toMatchObject({ code: "timeout" });
    expect(world.github.visible).toEqual([]);
    expect(world.github.liveWriteTokens).toEqual([]);
    expect((await world.write()).end).toEqual({ kind: "written" });
  });
});

describe("a token that cannot be revoked", () => {
  it("is tried three times and then told", async () => {
    const world = await delivery();
    world.github.faults.push({
      method: "DELETE",
      path: /\/installation\/token$/,
      when: "before",
      answer: { status: 503 },
      times: 3,
    });
    expect((await world.write()).end).toEqual({ kind: "written" });
    // Nothing but where: this is logged.
    const where = { deliveryId: world.id, repoId: theOnly(world.repos).id };
    expect(world.leftOver).toEqual([{ where, error: expect.objectContaining({ code: "server" }) }]);
    for (const token of world.github.liveWriteTokens) token.revoked = true;
  });

  it("is tried again after a passing fault", async () => {
    const world = await delivery();
    world.github.faults.push({
      method: "DELETE",
      path: /\/installation\/token$/,
      when: "before",
      answer: "lost",
      times: 2,
    });
    expect((await world.write()).end).toEqual({ kind: "written" });
    expect(world.leftOver).toEqual([]);
  });
});
