// A delivery whose pull requests stand and whose merge was approved, right before that is made, and a GitHub that agrees.
import { and, eq } from "drizzle-orm";
import type { Database } from "../../src/db/database.ts";
import { ledger } from "../../src/db/schema.ts";
import type { ShipSubject } from "../../src/delivery/delivery.ts";
import { CommentId, Digest, PullNumber, RepoId, Sha, TraceId } from "../../src/ids.ts";
import { keepVerdict } from "../../src/provenance/store.ts";
import type { Judged } from "../../src/provenance/verdict.ts";
import { type MergeMethod, ShipContent } from "../../src/shipping/content.ts";
import { loadShip, type StoredShip, saveShip } from "../../src/shipping/store.ts";
import { openWriteGate, type ShipOutcome, type WriteGateDeps } from "../../src/write-gate/index.ts";
import {
  AFTER,
  approve,
  approvedDelivery,
  NOW,
  OCTOCAT,
  type Person,
  type Shape,
  setState,
  show,
  type World,
} from "./approved-delivery.ts";
import { BOT_ID, canWrite, type FakeRepo, mergePull } from "./fake-github.ts";

export type ShipShape = Readonly<{
  repos?: number;
  /** Where it is deployed after the merge; nowhere unless given. */
  environment?: string;
  requiredContexts?: readonly string[];
  method?: MergeMethod;
  /** Of the merge. */
  approvers?: readonly Person[];
  /** When each of them approved it; 09:00 unless given. */
  given?: readonly string[];
  words?: string;
  /** Changes the ship before it is saved and approved. */
  edit?: (content: ShipContent) => ShipContent;
  delivery?: Shape;
}>;

type RunOptions = Readonly<{
  crashAt?: string;
  during?: (point: string) => Promise<void> | void;
  signal?: AbortSignal;
  deps?: Partial<WriteGateDeps>;
}>;

export type ShipWorld = World &
  Readonly<{
    ship: StoredShip;
    merge: (options?: RunOptions) => Promise<ShipOutcome>;
    deploy: (options?: RunOptions) => Promise<ShipOutcome>;
  }>;

export const FIRST_PULL = 57;
export const TITLE = `Fix the slug (#${FIRST_PULL})`;
const TRACE = TraceId.parse("a".repeat(32));

/** As the WriteGate left them: our branch at the approved content, and our pull request. */
const open = (repo: FakeRepo, branch: string, number: number): Readonly<{ head: Sha; tree: Sha }> => {
  const base = repo.refs.get("refs/heads/main") ?? "";
  const head = repo.git.snapshot(AFTER, [base], "Fix the slug");
  repo.refs.set(`refs/heads/${branch}`, head);
  repo.pulls.push({
    number,
    state: "open",
    head: branch,
    base: "main",
    title: "Fix the slug",
    body: "Closes #12",
    author: { id: BOT_ID, login: "countersign[bot]", type: "Bot" },
  });
  return { head: Sha.parse(head), tree: Sha.parse(repo.git.commits.get(head)?.tree) };
};

/** Everything in place and `observe/pending`. */
export const approvedShip = async (db: Database, shape: ShipShape = {}): Promise<ShipWorld> => {
  const world = await approvedDelivery(db, { repos: shape.repos ?? 1, ...shape.delivery });
  const { id, github, repos, issue } = world;
  const [primary] = repos;
  if (primary === undefined) throw new Error("at least one repository");
  const stand = new Map(
    repos.map((repo, index) => {
      const number = FIRST_PULL + index;
      return [repo.id, { number, ...open(repo, `countersign/d-${id}`, number) }] as const;
    }),
  );
  const standing = (repoId: number) => {
    const found = stand.get(repoId);
    if (found === undefined) throw new Error("no pull request");
    return { head: found.head, tree: found.tree, pullRequest: PullNumber.parse(found.number) };
  };
  const method = shape.method ?? "squash";
  const { environment, requiredContexts = [] } = shape;
  const content = ShipContent.parse({
    version: 1,
    merges: repos.map((repo) => {
      const { pullRequest, ...at } = standing(repo.id);
      const message = method === "rebase" ? null : { title: `Fix the slug (#${pullRequest})`, body: "It was 1." };
      return { repoId: repo.id, pullRequest, ...at, baseBranch: "main", method, message };
    }),
    deployments:
      environment === undefined
        ? []
        : repos.map((repo) => ({
            repoId: repo.id,
            commit: "merge_commit",
            baseBranch: "main",
            environment,
            requiredContexts,
          })),
  });
  const { version: _, ...found } = (shape.edit ?? ((same) => same))(content);
  const saved = await db.transaction((tx) =>
    saveShip(tx, { deliveryId: id, attempt: world.attempt, traceId: TRACE, at: NOW }, found),
  );
  const ship = await loadShip(db.sql, id, saved);
  if (ship === null) throw new Error("no ship");
  const people = shape.approvers ?? [OCTOCAT];
  const gate = { deliveryId: id, on: primary, issue, kind: "ship", subjectId: ship.id, digest: ship.digest } as const;
  for (const [index, person] of people.entries()) {
    const at = shape.given?.[index] ?? "2026-11-21T09:00:00Z";
    await approve(db, { ...gate, words: shape.words, at }, person);
  }
  const { at, commentId } = await show(db, { deliveryId: id, on: primary, key: "ship:1" });
  const shown = { at, commentId: CommentId.parse(commentId) };
  const attempt = world.attempt + 1;
  await setState(world, (state) => ({
    ...state,
    phase: "observe",
    exitPhase: "close",
    attempt,
    targets: state.targets.map((target) => ({
      ...target,
      patchSet: target.patchSet && { ...target.patchSet, written: true },
      written: standing(target.repoId),
    })),
    ship: { ...saved, shown, approvals: people.map((person) => person.id), approved: true, shipped: false },
  }));
  const run =
    (work: "merge" | "deploy") =>
    ({ crashAt, during, signal, deps }: RunOptions = {}): Promise<ShipOutcome> => {
      const crash = async (point: string) => {
        world.crashes.push(point);
        await during?.(point);
        if (point === crashAt) throw new Error(`crash at ${point}`);
      };
      return openWriteGate({ ...world.deps(crash), ...deps })[work](id, attempt, signal);
    };
  github.requests.length = 0;
  return { ...world, attempt, ship, merge: run("merge"), deploy: run("deploy") };
};

export const setShip = (world: ShipWorld, change: Partial<ShipSubject>): Promise<void> =>
  setState(world, (state) => ({ ...state, ship: state.ship && { ...state.ship, ...change } }));

/** What the merge of a repository's pull request made, on the fake. */
export const mergedIn = (repo: FakeRepo | undefined): string => {
  const commit = repo?.pulls[0]?.merged?.commit;
  if (commit === undefined) throw new Error("not merged");
  return commit;
};

/** Somebody merges it on GitHub. */
export const mergeByHand = (repo: FakeRepo | undefined): string => {
  const pull = repo?.pulls[0];
  if (repo === undefined || pull === undefined) throw new Error("no pull request");
  return mergePull(repo, pull, "squash", "by hand");
};

/** A verdict on what was merged, as it is kept before anything is deployed. */
export const judge = async (
  { db, id }: World,
  repo: FakeRepo | undefined,
  kind: "approved" | "unapproved" | "unproven",
  about: Readonly<{ kind?: Judged["kind"]; commit?: string }> = {},
): Promise<void> => {
  const commit = about.commit ?? mergedIn(repo);
  const base = Sha.parse(repo?.git.commits.get(commit)?.parents[0]);
  const tree = Sha.parse(repo?.git.commits.get(commit)?.tree);
  const digest = Digest.parse("d".repeat(64));
  const verdict = {
    approved: { kind: "approved", by: { kind: "patchset", digest, head: null }, base, tree },
    unapproved: { kind: "unapproved", base, tree, differences: [], count: 1 },
    unproven: { kind: "unproven", why: "other_tree" },
  } as const;
  const judged: Judged = {
    kind: about.kind ?? "merge",
    commit: Sha.parse(commit),
    verdict: verdict[kind],
    commits: [],
    complete: true,
    people: [],
  };
  const pullNumber = PullNumber.parse(repo?.pulls[0]?.number);
  const of = { deliveryId: id, traceId: TRACE, repoId: RepoId.parse(repo?.id), pullNumber };
  await db.transaction((tx) => keepVerdict(tx, of, judged, NOW));
};

/** Merged and found to be what was approved: all that a deployment needs. */
export const mergedAndJudged = async (world: ShipWorld): Promise<void> => {
  await world.merge();
  for (const repo of world.repos) await judge(world, repo, "approved");
  world.github.requests.length = 0;
  world.github.tokens.length = 0;
  world.crashes.length = 0;
};

/** `PUT /pulls/57/merge` and the like: what was asked for that changes a repository, in order, with what was sent. */
export const asked = ({ github }: World) =>
  github.writes.map(({ method, path, body }) => ({
    call: `${method} ${path.replace(/^\/repos\/acme\//, "")}`,
    body,
  }));

/** Those that could merge or deploy. */
export const writeTokens = ({ github }: World) => github.tokens.filter(({ permissions }) => canWrite(permissions));

/** Entries of the WriteGate for this delivery, with what they say. */
export const ledgerEntries = (world: World) =>
  world.db.sql
    .select({ action: ledger.action, entityId: ledger.entityId, after: ledger.after })
    .from(ledger)
    .where(and(eq(ledger.deliveryId, world.id), eq(ledger.actorId, "write-gate")))
    .orderBy(ledger.seq);
