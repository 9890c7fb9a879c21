// A delivery that stands before its write, with everything true: rows, approvals with their signed receipts, and a GitHub that agrees.
import { generateKeyPairSync } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { artifactHash } from "../../src/artifacts/artifact.ts";
import type { Database } from "../../src/db/database.ts";
import {
  approvals,
  artifacts,
  commands,
  deliveries,
  deliveryRepos,
  inbox,
  installations,
  ledger,
  publications,
  sources,
  webhooks,
  writes,
} from "../../src/db/schema.ts";
import { codeOf } from "../../src/delivery/code.ts";
import { Delivery, type Hold, isTerminal } from "../../src/delivery/delivery.ts";
import { loadDelivery, stateColumns } from "../../src/delivery/store.ts";
import { connectionTo } from "../../src/github/connection.ts";
import { createGitHub } from "../../src/github/github.ts";
import { DeliveryId, type Digest, Sha, TraceId, UserId, WebhookGuid } from "../../src/ids.ts";
import { type Instant, instant } from "../../src/instant.ts";
import type { OwnedBy } from "../../src/owners/index.ts";
import { lineChanges } from "../../src/patches/diff.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import { FileChange, PatchSetContent } from "../../src/patches/patch-set.ts";
import { savePatchSet } from "../../src/patches/store.ts";
import type { PolicyViolation } from "../../src/policy/violation.ts";
import { err, ok } from "../../src/result.ts";
import { hashOfText } from "../../src/thread/comment-text.ts";
import { openWriteGate, type WriteGateDeps, type WriteOutcome } from "../../src/write-gate/index.ts";
import { APP_ID, BOT_ID, FakeGitHub, type FakeRepo } from "./fake-github.ts";

export const NOW = new Date("2026-11-21T10:00:00Z");
const INSTALLATION = 77;
export const OCTOCAT = { id: UserId.parse(583231), login: "octocat", type: "User" };
const OURS = { id: UserId.parse(BOT_ID), login: "countersign[bot]", type: "Bot" };
/** Gates stand apart from what people say, so that a test finds that alone. */
export const GATES_OF = 1_000_000;
/** Approved the plan, so that a test of the patch sets finds their approvals alone. */
export const PLANNER = { id: UserId.parse(901), login: "planner", type: "User" };
export const MONA = { id: UserId.parse(900), login: "mona", type: "User" };

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const BEFORE: Readonly<Record<string, string>> = {
  "README.md": "# Widgets\n",
  "src/slug.ts": "export const slug = 1;\n",
  "src/old.ts": "old\n",
};

type Edits = Readonly<Record<string, string | null>>;
const EDITS: Edits = { "src/slug.ts": "export const slug = 2;\n", "src/deep/new.ts": "new\n", "src/old.ts": null };

/** What the approved files are, by path. */
export const AFTER: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...BEFORE, ...EDITS }).flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
);

const changeOf = (path: string, after: string | null): FileChange => {
  const before = BEFORE[path] ?? null;
  const { added, removed } = lineChanges(before ?? "", after ?? "");
  return FileChange.parse({
    kind: before === null ? "create" : after === null ? "delete" : "modify",
    path,
    previousPath: null,
    oldBlob: before === null ? null : blobSha(before),
    newBlob: after === null ? null : blobSha(after),
    oldMode: before === null ? null : "100644",
    newMode: after === null ? null : "100644",
    before,
    after,
    additions: added.length,
    deletions: removed.length,
    tasks: ["T1"],
  });
};

/** The tree that the edits make, computed by the fake's own git, which forgets it again. */
const treeOf = (repo: FakeRepo, baseTree: string, edits: Edits): string => {
  const files = repo.git.files(baseTree);
  for (const [path, text] of Object.entries(edits)) {
    if (text === null) files.delete(path);
    else files.set(path, { mode: "100644", sha: blobSha(text) });
  }
  const known = new Map(repo.git.trees);
  const tree = repo.git.tree(files);
  repo.git.trees.clear();
  for (const [sha, children] of known) repo.git.trees.set(sha, children);
  return tree;
};

type Today = {
  quorum: number;
  /** Everybody who may approve patch sets and heads, by id. */
  approvers: Set<number>;
  plan: { quorum: number; approvers: Set<number> };
  /** Null: as of patch sets. */
  deploy: { quorum: number; approvers: Set<number> } | null;
  violations: PolicyViolation[];
  unusable: string | null;
  notAlone: Person[];
  codeRequired: boolean;
  /** Approvals that were given before are too old. */
  endedBefore: Instant | null;
  owned: OwnedBy[];
  ownersUnusable: string | null;
};

export type Person = typeof OCTOCAT;

export type World = Readonly<{
  db: Database;
  github: FakeGitHub;
  id: DeliveryId;
  attempt: number;
  issue: number;
  repos: readonly FakeRepo[];
  today: Today;
  crashes: string[];
  leftOver: unknown[];
  write: (options?: {
    crashAt?: number | string;
    during?: (point: string) => Promise<void> | void;
    signal?: AbortSignal;
  }) => Promise<WriteOutcome>;
  deps: (crash: WriteGateDeps["crash"]) => WriteGateDeps;
  deliveryNow: () => Promise<Delivery>;
}>;

let numbers = 0;
const next = (): number => {
  numbers += 1;
  return numbers;
};

/** Grammar enough for these tests: one command a line, and perhaps a code. */
const commandsIn = (body: string) =>
  [...body.matchAll(/^\/([a-z]+)(?: ([2-9a-z]{4,6}))?/gm)].map((match, position) => ({
    name: match[1] ?? "",
    position,
    code: match[2] ?? null,
  }));

const receive = async (db: Database, event: string, action: string, payload: object): Promise<WebhookGuid> => {
  const guid = WebhookGuid.parse(`guid-${next()}`);
  await db.sql
    .insert(webhooks)
    .values({ guid, event, action, payload, receivedAt: NOW, processedAt: NOW, outcome: "done" });
  return guid;
};

/** Somebody writes a comment on the fake; nothing reaches the database. */
export const say = (
  repo: FakeRepo,
  issue: number,
  person: Person,
  body: string,
  at = "2026-11-21T09:30:00Z",
): number => {
  const id = 10_000 + next();
  const comment = { id, body, author: person, createdAt: at, updatedAt: at, viaAppId: null };
  repo.comments.set(issue, [...(repo.comments.get(issue) ?? []), comment]);
  return id;
};

type Approving = Readonly<{
  deliveryId: DeliveryId;
  on: FakeRepo;
  issue: number;
  kind: "patchset" | "plan" | "head" | "ship";
  subjectId: number;
  digest: Digest;
  words?: string | undefined;
  /** When; 09:00 unless given. */
  at?: string;
}>;

/** A person approves by a comment: on the fake, as a webhook, as a command, as a row. */
export const approve = async (db: Database, what: Approving, person: Person): Promise<number> => {
  const body = what.words ?? "/approve";
  const at = what.at ?? "2026-11-21T09:00:00Z";
  const commentId = say(what.on, what.issue, person, body, at);
  const user = { id: person.id, type: person.type };
  const comment = { id: commentId, body, created_at: at, user, performed_via_github_app: null };
  const receipt = { sender: user, repository: { id: what.on.id }, issue: { number: what.issue }, comment };
  const guid = await receive(db, "issue_comment", "created", { action: "created", ...receipt });
  const [command] = await db.sql
    .insert(commands)
    .values({
      deliveryId: what.deliveryId,
      originKind: "comment",
      originId: commentId,
      position: 0,
      repoId: what.on.id,
      issueNumber: what.issue,
      webhookGuid: guid,
      name: "approve",
      args: {},
      actorId: person.id,
      actorLogin: person.login,
      receivedAt: NOW,
      verdict: "accepted",
      decidedAt: NOW,
    })
    .returning({ id: commands.id });
  await db.sql.insert(approvals).values({
    deliveryId: what.deliveryId,
    subjectKind: what.kind,
    subjectId: what.subjectId,
    digest: what.digest,
    personId: person.id,
    personLogin: person.login,
    commandId: command?.id ?? 0,
    webhookGuid: guid,
    approvedAt: new Date(at),
  });
  return commentId;
};

/** The comment that shows something to approve, in a thread of its own, and our receipt of it. */
export const show = async (
  db: Database,
  { deliveryId, on, key }: Readonly<{ deliveryId: DeliveryId; on: FakeRepo; key: string }>,
) => {
  const at = "2026-11-21T08:59:00Z";
  const body = "**Patches ready, please review**";
  const commentId = say(on, GATES_OF + deliveryId, OURS, body, at);
  await db.sql.insert(publications).values({
    deliveryId,
    key,
    kind: "comment",
    repoId: on.id,
    remoteId: commentId,
    bodyHash: hashOfText(body, false),
    publishedAt: new Date(at),
  });
  return { at: instant(at), commentId };
};

type Pressing = Readonly<{
  kind: Approving["kind"];
  subjectId: number;
  digest: Digest;
  /** Of the check run with the button, and where that stands. */
  key: string;
  repoId: number;
}>;

/** A person presses the button of a check run; the webhook reaches us at `receivedAt`. */
export const press = async (
  { db, id, issue }: World,
  { kind, subjectId, digest, key, repoId }: Pressing,
  person: Person,
  receivedAt: Date,
): Promise<void> => {
  const originId = 20_000 + next();
  await db.sql.insert(publications).values({ deliveryId: id, key, kind: "check_run", repoId, remoteId: originId });
  const guid = await receive(db, "check_run", "requested_action", {
    action: "requested_action",
    sender: { id: person.id, type: person.type },
    repository: { id: repoId },
    check_run: { id: originId },
    requested_action: { identifier: `approve:${codeOf(digest)}` },
  });
  const [command] = await db.sql
    .insert(commands)
    .values({
      deliveryId: id,
      originKind: "button",
      originId,
      position: 0,
      repoId,
      issueNumber: issue,
      webhookGuid: guid,
      name: "approve",
      args: {},
      actorId: person.id,
      actorLogin: person.login,
      receivedAt,
      verdict: "accepted",
      decidedAt: NOW,
    })
    .returning({ id: commands.id });
  await db.sql.insert(approvals).values({
    deliveryId: id,
    subjectKind: kind,
    subjectId,
    digest,
    personId: person.id,
    personLogin: person.login,
    commandId: command?.id ?? 0,
    webhookGuid: guid,
    approvedAt: receivedAt,
  });
};

/** A person presses the button of the delivery's one patch set. */
export const click = async (world: World, person: Person, receivedAt: Date): Promise<void> => {
  const { repoId, patchSet } = theOnly((await world.deliveryNow()).targets);
  if (patchSet === null) throw new Error("no patch set");
  const key = `check:patch:acme/widgets:${patchSet.version}`;
  const { id: subjectId, digest } = patchSet;
  await press(world, { kind: "patchset", subjectId, digest, key, repoId }, person, receivedAt);
};

export type Shape = Readonly<{
  /** Of the approving comments; `/approve` unless given. */
  words?: string;
  repos?: number;
  approvers?: readonly Person[];
  /** Changes the patch set before it is saved. */
  edit?: (content: PatchSetContent) => PatchSetContent;
  /** Changes the state before it is stored. */
  state?: (delivery: Delivery) => Delivery;
}>;

/** Everything in place and `verify/pending`. */
export const approvedDelivery = async (db: Database, shape: Shape = {}): Promise<World> => {
  const github = new FakeGitHub();
  await github.listen();
  const repos = Array.from({ length: shape.repos ?? 1 }, () => {
    const id = 1000 + next();
    return github.repo(id, "acme", `widgets-${id}`, BEFORE);
  });
  const [primary] = repos;
  if (primary === undefined) throw new Error("at least one repository");
  const issue = next();
  const traceId = TraceId.parse("a".repeat(32));

  await db.sql
    .insert(installations)
    .values({ id: INSTALLATION, accountId: 1, accountLogin: "acme", updatedAt: NOW })
    .onConflictDoNothing();
  await db.sql.insert(sources).values({
    repoId: primary.id,
    installationId: INSTALLATION,
    owner: primary.owner,
    name: primary.name,
    visibility: "private",
    active: true,
    updatedAt: NOW,
  });
  const triggerGuid = await receive(db, "issues", "labeled", {});
  const blank = {
    phase: "verify",
    runStatus: "pending",
    reason: null,
    holds: [],
    exitPhase: "verify",
    version: 9,
    attempt: 4,
    revisionsLeft: 5,
    fixesLeft: 2,
    restartsLeft: 20,
    plan: null,
    targets: [],
    ship: null,
    retired: [],
  };
  const [row] = await db.sql
    .insert(deliveries)
    .values({
      repoId: primary.id,
      issueNumber: issue,
      issueId: issue,
      issueTitle: "Broken",
      triggerGuid,
      requesterId: MONA.id,
      requesterLogin: MONA.login,
      ...stateColumns(Delivery.parse({ id: 1, ...blank })),
      tokenBudget: 1000,
      traceId,
      createdAt: NOW,
      changedAt: NOW,
    })
    .returning({ id: deliveries.id });
  const id = DeliveryId.parse(row?.id);
  const plan = { kind: "plan", deliveryId: id, version: 1, content: { title: "Mend the slug" } } as const;
  const planDigest = artifactHash(plan);
  const [artifact] = await db.sql
    .insert(artifacts)
    .values({ ...plan, hash: planDigest, createdAt: NOW })
    .returning({ id: artifacts.id });
  const ofPlan = { deliveryId: id, on: primary, issue, kind: "plan", subjectId: artifact?.id ?? 0 } as const;
  await approve(db, { ...ofPlan, digest: planDigest, words: `/approve ${codeOf(planDigest)}` }, PLANNER);

  const targets: unknown[] = [];
  for (const [index, repo] of repos.entries()) {
    const base = repo.refs.get("refs/heads/main") ?? "";
    const baseTree = repo.git.commits.get(base)?.tree ?? "";
    await db.sql.insert(deliveryRepos).values({
      deliveryId: id,
      repoId: repo.id,
      installationId: INSTALLATION,
      owner: repo.owner,
      name: repo.name,
      visibility: "private",
      role: index === 0 ? "primary" : "secondary",
      baseBranch: "main",
      baseSha: Sha.parse(base),
    });
    const content = PatchSetContent.parse({
      repoId: repo.id,
      baseBranch: "main",
      baseSha: base,
      baseTree,
      parentSha: base,
      changes: Object.entries(EDITS).map(([path, text]) => changeOf(path, text)),
      tree: treeOf(repo, baseTree, EDITS),
      branch: `countersign/d-${id}`,
      commitHeadline: "Fix the slug",
      commitBody: "It was 1.",
      pullTitle: "Fix the slug",
      pullBody: "Closes #12",
      planDigest,
      policyVersion: "1",
    });
    const saved = await db.transaction((tx) =>
      savePatchSet(tx, {
        deliveryId: id,
        content: (shape.edit ?? ((same) => same))(content),
        artifactId: null,
        at: instant(NOW),
        actor: { kind: "system", id: "test" },
        traceId,
      }),
    );
    for (const person of shape.approvers ?? [OCTOCAT]) {
      await approve(
        db,
        {
          deliveryId: id,
          on: primary,
          issue,
          kind: "patchset",
          subjectId: saved.id,
          digest: saved.digest,
          words: shape.words,
        },
        person,
      );
    }
    const shown = await show(db, { deliveryId: id, on: primary, key: `patch:${repo.owner}/${repo.name}:1` });
    targets.push({
      repoId: repo.id,
      role: index === 0 ? "primary" : "secondary",
      patchSet: {
        id: saved.id,
        version: saved.version,
        digest: saved.digest,
        shown,
        approvals: (shape.approvers ?? [OCTOCAT]).map((person) => person.id),
        approved: true,
        written: false,
      },
      written: null,
      strayHead: null,
      landed: "no",
    });
  }
  const state = (shape.state ?? ((same) => same))(
    Delivery.parse({
      id,
      ...blank,
      plan: { version: 1, digest: planDigest, shown: null, approvals: [PLANNER.id], approved: true },
      targets,
    }),
  );
  await db.sql.update(deliveries).set(stateColumns(state)).where(eq(deliveries.id, id));

  const today: Today = {
    quorum: 1,
    approvers: new Set([OCTOCAT.id, MONA.id]),
    plan: { quorum: 1, approvers: new Set([PLANNER.id]) },
    deploy: null,
    violations: [],
    unusable: null,
    notAlone: [],
    codeRequired: false,
    endedBefore: null,
    owned: [],
    ownersUnusable: null,
  };
  const crashes: string[] = [];
  const leftOver: unknown[] = [];
  const connection = connectionTo({
    apiUrl: github.url,
    appId: APP_ID,
    privateKey,
    clock: () => new Date(),
    onSecret: () => {},
    findsSecret: (text) => text.includes(SECRET),
    pace: "none",
    timeoutMs: 5_000,
  });
  const deps = (crash: WriteGateDeps["crash"]): WriteGateDeps => ({
    db,
    connection,
    github: createGitHub(connection),
    rules: async () =>
      today.unusable === null
        ? ok({
            quorum: { plan: today.plan.quorum, review: today.quorum, deploy: (today.deploy ?? today).quorum },
            notAlone: today.notAlone,
            ownersOf: async () => (today.ownersUnusable === null ? ok(today.owned) : err(today.ownersUnusable)),
            voiceOf: async (person, gate, owned) => {
              const judging = { plan: today.plan, review: today, deploy: today.deploy ?? today }[gate];
              if (judging.approvers.has(person.id)) return "approver";
              return owned.some(({ people }) => people.includes(person.id)) ? "owner" : null;
            },
            codeRequired: today.codeRequired,
            tooOld: (given) => today.endedBefore !== null && given < today.endedBefore,
            isApprover: async (person) => today.approvers.has(person.id),
            violations: async () => today.violations,
            commandsIn,
          })
        : err(today.unusable),
    clock: () => NOW,
    crash,
    onLeftOver: (where, error) => void leftOver.push({ where, error }),
  });
  return {
    db,
    github,
    id,
    attempt: state.attempt,
    issue,
    repos,
    today,
    crashes,
    leftOver,
    deps,
    deliveryNow: async () => (await loadDelivery(db, id))?.delivery ?? theOnly([]),
    write: ({ crashAt, during, signal } = {}) => {
      let count = 0;
      const crash = async (point: string) => {
        count += 1;
        crashes.push(point);
        await during?.(point);
        if (count === crashAt || point === crashAt) throw new Error(`crash at ${point}`);
      };
      return openWriteGate(deps(crash)).write(id, state.attempt, signal);
    },
  };
};

/** What stands for a secret of the process here. */
export const SECRET = "canary-of-the-process";

export const theOnly = <T>(items: readonly T[]): T => {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`expected one, found ${items.length}`);
  return item;
};

export const setState = async (world: World, change: (delivery: Delivery) => Delivery): Promise<void> => {
  const stored = await loadDelivery(world.db, world.id);
  if (stored === null) throw new Error("no delivery");
  const state = change(stored.delivery);
  await world.db.sql
    .update(deliveries)
    .set({ ...stateColumns(state), endedAt: isTerminal(state) ? NOW : null })
    .where(eq(deliveries.id, world.id));
};

export const hold = (world: World, holds: readonly Hold[]): Promise<void> =>
  setState(world, (delivery) => ({ ...delivery, holds }));

export const writeRows = (world: World) =>
  world.db.sql.select().from(writes).where(eq(writes.deliveryId, world.id)).orderBy(writes.repoId);

const approvalsOf = (world: World, kind: Approving["kind"]) =>
  world.db.sql
    .select()
    .from(approvals)
    .where(and(eq(approvals.deliveryId, world.id), eq(approvals.subjectKind, kind)))
    .orderBy(approvals.id);

export const shipApprovalRows = (world: World) => approvalsOf(world, "ship");
/** Of patch sets. */
export const approvalRows = (world: World) => approvalsOf(world, "patchset");
export const planApprovalRows = (world: World) => approvalsOf(world, "plan");

/** What people said in the delivery's issue since the plan was approved. */
export const saidOf = (world: World) =>
  (world.repos[0]?.comments.get(world.issue) ?? []).filter(({ author }) => author.id !== PLANNER.id);

export const voidApproval = (world: World, id: number): Promise<unknown> =>
  world.db.sql.update(approvals).set({ voidedAt: NOW, voidReason: "test" }).where(eq(approvals.id, id));

/** Actions of the WriteGate in the ledger, in order. */
export const ledgerActions = async (world: World): Promise<readonly string[]> => {
  const rows = await world.db.sql
    .select({ action: ledger.action })
    .from(ledger)
    .where(and(eq(ledger.deliveryId, world.id), eq(ledger.actorId, "write-gate")))
    .orderBy(ledger.seq);
  return rows.map(({ action }) => action);
};

export const inboxEvents = async (world: World) => {
  const rows = await world.db.sql
    .select({ recorded: inbox.recorded, key: inbox.dedupeKey })
    .from(inbox)
    .where(eq(inbox.deliveryId, world.id))
    .orderBy(inbox.id);
  return rows;
};

/** Alters a row in spite of the triggers, as somebody with the database's own rights could. */
export const tamper = (world: World, statement: ReturnType<typeof sql>, table: string): Promise<unknown> =>
  world.db.transaction(async ({ sql: tx }) => {
    await tx.execute(sql.raw(`alter table ${table} disable trigger user`));
    await tx.execute(statement);
    await tx.execute(sql.raw(`alter table ${table} enable trigger user`));
  });
