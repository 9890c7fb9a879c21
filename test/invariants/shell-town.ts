// The real shell around one delivery at its review: commands, machine, database and WriteGate, with people and an adversary around it.
import { and, eq } from "drizzle-orm";
import { type CommandDeps, type CommentSpoken, handleComment } from "../../src/commands/handle.ts";
import { NO_CEILING } from "../../src/config/ceiling.ts";
import { neverCrash } from "../../src/crash-points.ts";
import type { Database } from "../../src/db/database.ts";
import { approvals, commands, inbox, publications, webhooks } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { MachineEvent } from "../../src/delivery/event.ts";
import { report } from "../../src/delivery/inbox.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { workOf } from "../../src/delivery/work.ts";
import { createGitHub } from "../../src/github/github.ts";
import type { Reading, RoleName } from "../../src/github/reading.ts";
import { CommentId, InstallationId, IssueNumber, RepoId, Sha, UserId, WebhookGuid } from "../../src/ids.ts";
import { type Instant, instant } from "../../src/instant.ts";
import { writeJob } from "../../src/jobs/write.ts";
import { ok } from "../../src/result.ts";
import { openWriteGate } from "../../src/write-gate/index.ts";
import { approvedDelivery, GATES_OF, NOW, type World } from "../write-gate/approved-delivery.ts";
import type { FakeRepo } from "../write-gate/fake-github.ts";

export type Folk = { readonly id: number; readonly login: string; role: RoleName; readonly type: "User" | "Bot" };

export type Uttered = {
  readonly spoken: CommentSpoken;
  readonly by: Folk;
  /** Repositories whose panel was ours, and read as we wrote it, when this was said. */
  readonly saw: ReadonlySet<number>;
  isHeard: boolean;
};

export type ShellTown = Readonly<{
  db: Database;
  world: World;
  folk: readonly Folk[];
  said: Uttered[];
  /** Seconds since NOW. */
  clock: { at: number };
  /** A self-test takes the WriteGate's eyes, to see that what it lets through is noticed. */
  isBlind: { gate: boolean };
  deps: CommandDeps;
}>;

const INSTALLATION = InstallationId.parse(77);
const FOLK = (): readonly Folk[] => [
  { id: 583231, login: "octocat", role: "maintain", type: "User" },
  { id: 900, login: "mona", role: "admin", type: "User" },
  { id: 901, login: "lisa", role: "maintain", type: "User" },
  { id: 902, login: "writer", role: "write", type: "User" },
  { id: 903, login: "stranger", role: "read", type: "User" },
  { id: 904, login: "robot[bot]", role: "maintain", type: "Bot" },
];

export const dateOf = ({ clock }: Pick<ShellTown, "clock">): Date => new Date(NOW.getTime() + clock.at * 1000);
const instantOf = (town: Pick<ShellTown, "clock">): Instant => instant(dateOf(town));

const unapproved = (delivery: Delivery): Delivery => ({
  ...delivery,
  phase: "review",
  runStatus: "succeeded",
  targets: delivery.targets.map((target) => ({
    ...target,
    patchSet: target.patchSet === null ? null : { ...target.patchSet, approvals: [], approved: false },
  })),
});

const accountOf = ({ id, login, type }: Folk) => ({ id: UserId.parse(id), login, type });

/** Git comes from the fake over HTTP; people and configuration are here. */
const readingOf = (world: World, folk: readonly Folk[], git: Reading): Reading => {
  const found = (login: string) => folk.find((one) => one.login === login);
  const config = () =>
    `approvals: {review: ${world.today.quorum}, code: ${world.today.codeRequired ? "required" : "optional"}}\n`;
  const sha = Sha.parse("c".repeat(40));
  return {
    ...git,
    role: async (_repo, login) => {
      const one = found(login);
      return one === undefined ? { role: "none", account: null } : { role: one.role, account: accountOf(one) };
    },
    accountByLogin: async (login) => {
      const one = found(login);
      return one === undefined ? null : accountOf(one);
    },
    accountById: async (id) => {
      const one = folk.find((each) => each.id === id);
      return one === undefined ? null : accountOf(one);
    },
    teamMembers: async () => ({ items: [], complete: true }),
    file: async (_repo, path) => (path === ".github/countersign.yml" ? { text: config(), blob: sha } : null),
    textAt: async () => ({ kind: "absent" }),
  };
};

export const foundShell = async (db: Database, repos: number): Promise<ShellTown> => {
  const world = await approvedDelivery(db, { repos, approvers: [], state: unapproved });
  const folk = FOLK();
  const clock = { at: 60 };
  const { connection } = world.deps(neverCrash);
  const github = createGitHub(connection);
  world.today.approvers.clear();
  for (const { id, role, type } of folk)
    if (type === "User" && (role === "maintain" || role === "admin")) world.today.approvers.add(id);
  const deps: CommandDeps = {
    db,
    clock: () => dateOf({ clock }),
    crash: neverCrash,
    ceiling: NO_CEILING,
    github: { reading: async (installation, ids) => readingOf(world, folk, await github.reading(installation, ids)) },
    causeGone: async () => null,
  };
  return { db, world, folk, said: [], clock, isBlind: { gate: false }, deps };
};

export const stateOf = async ({ db, world }: ShellTown): Promise<Delivery> => {
  const stored = await loadDelivery(db, world.id);
  if (stored === null) throw new Error("no delivery");
  return stored.delivery;
};

export const drain = async ({ db, world, deps }: ShellTown): Promise<void> => {
  const deadlines = () => () => null;
  await advance({ db, clock: deps.clock, crash: neverCrash, transition, deadlines }, world.id);
};

let events = 0;

export const tell = async (town: ShellTown, event: MachineEvent): Promise<void> => {
  events += 1;
  const actor = { kind: "system", id: "town" } as const;
  const dedupeKey = `town:${events}`;
  await town.db.transaction((tx) => report(tx, town.world.id, { event, actor, at: instantOf(town), dedupeKey }));
  await drain(town);
};

const primary = ({ world }: ShellTown): FakeRepo => {
  const [repo] = world.repos;
  if (repo === undefined) throw new Error("no repository");
  return repo;
};

type Comment = FakeRepo["comments"] extends Map<number, (infer C)[]> ? C : never;
type Panel = Readonly<{ repoId: number; comment: Comment }>;

export const GATE_TEXT = "**Patches ready, please review**";

/** Our comments that show the patch sets, in the order of the repositories. */
export const panelsOf = (town: ShellTown): readonly Panel[] =>
  (primary(town).comments.get(GATES_OF + town.world.id) ?? []).flatMap((comment, index) => {
    const repoId = town.world.repos[index]?.id;
    return repoId === undefined ? [] : [{ repoId, comment }];
  });

const untouched = (town: ShellTown): ReadonlySet<number> =>
  new Set(panelsOf(town).flatMap(({ repoId, comment }) => (comment.body === GATE_TEXT ? [repoId] : [])));

/** Posted on the fake; it is heard when somebody lets it arrive. */
export const utter = async (town: ShellTown, by: Folk, body: string): Promise<void> => {
  const { world, db, said } = town;
  const createdAt = instantOf(town);
  const id = world.id * 1_000_000 + said.length;
  const { id: repository, comments } = primary(town);
  const author = accountOf(by);
  const comment = { id, body, author, createdAt, updatedAt: createdAt, viaAppId: null };
  comments.set(world.issue, [...(comments.get(world.issue) ?? []), comment]);
  const user = { id: by.id, type: by.type };
  const payload = {
    action: "created",
    sender: user,
    repository: { id: repository },
    issue: { number: world.issue },
    comment: { id, body, created_at: createdAt, user },
  };
  const webhookGuid = WebhookGuid.parse(`town-${id}`);
  const row = { guid: webhookGuid, event: "issue_comment", action: "created", payload, receivedAt: dateOf(town) };
  await db.transaction(({ sql }) => sql.insert(webhooks).values(row));
  const spoken: CommentSpoken = {
    webhookGuid,
    installationId: INSTALLATION,
    repoId: RepoId.parse(repository),
    issueNumber: IssueNumber.parse(world.issue),
    isPullRequest: false,
    commentId: CommentId.parse(id),
    body,
    author,
    viaAppId: null,
    createdAt,
  };
  said.push({ spoken, by, saw: untouched(town), isHeard: false });
};

export const commentOf = (town: ShellTown, { spoken }: Uttered): Comment | undefined =>
  primary(town)
    .comments.get(town.world.issue)
    ?.find(({ id }) => id === spoken.commentId);

/** What became of the commands of a comment. */
export const verdictsOn = async ({ db }: ShellTown, { spoken }: Uttered) =>
  db.sql
    .select({ verdict: commands.verdict, name: commands.name })
    .from(commands)
    .where(and(eq(commands.originKind, "comment"), eq(commands.originId, spoken.commentId)));

export const hear = async (town: ShellTown, uttered: Uttered): Promise<void> => {
  await handleComment(town.deps, uttered.spoken);
  uttered.isHeard = true;
  await drain(town);
};

/** Puts the panels up as they should be, and tells that they stand. */
export const publish = async (town: ShellTown): Promise<void> => {
  const state = await stateOf(town);
  if (state.phase !== "review" || state.runStatus !== "pending") return;
  const at = instantOf(town);
  const subjects = [];
  for (const { repoId, patchSet } of state.targets) {
    const panel = panelsOf(town).find((each) => each.repoId === repoId);
    if (patchSet === null || patchSet.shown !== null || panel === undefined) continue;
    panel.comment.body = GATE_TEXT;
    panel.comment.updatedAt = at;
    await town.db.sql
      .update(publications)
      .set({ publishedAt: dateOf(town) })
      .where(and(eq(publications.deliveryId, town.world.id), eq(publications.remoteId, panel.comment.id)));
    const commentId = CommentId.parse(panel.comment.id);
    const shownAt = instant(new Date(dateOf(town).getTime() + 1000));
    subjects.push({ repoId, digest: patchSet.digest, shown: { at: shownAt, commentId } });
  }
  if (subjects.length > 0)
    await tell(town, { type: "gate_published", attempt: state.attempt, gate: "review", subjects });
};

/** The job that writes, where the state asks for it. */
export const write = async (town: ShellTown): Promise<void> => {
  const state = await stateOf(town);
  if (workOf(state) !== "write") return;
  const deps = town.world.deps(neverCrash);
  const blind: typeof deps.rules = async (where) => {
    const rules = await deps.rules(where);
    return rules.ok
      ? ok({ ...rules.value, quorum: { plan: 1, review: 1, deploy: 1 }, voiceOf: async () => "approver" })
      : rules;
  };
  const rules = town.isBlind.gate ? blind : deps.rules;
  const gate = openWriteGate({ ...deps, rules, clock: town.deps.clock });
  const job = writeJob({ gate, db: town.db, clock: town.deps.clock, crash: neverCrash });
  const run = { tries: 99, lastTry: false, signal: new AbortController().signal };
  await job({ deliveryId: town.world.id, attempt: state.attempt }, run);
  await drain(town);
};

/** Everything that a refusal must leave as it is. */
export const snapshot = async (town: ShellTown): Promise<string> => {
  const { sql } = town.db;
  const id = town.world.id;
  const rows = await sql.select().from(approvals).where(eq(approvals.deliveryId, id)).orderBy(approvals.id);
  const told = await sql.select({ recorded: inbox.recorded }).from(inbox).where(eq(inbox.deliveryId, id));
  const facts = told.filter(({ recorded }) => JSON.stringify(recorded).includes('"gate_'));
  const refs = town.world.repos.map(({ refs: each }) => [...each]);
  return JSON.stringify([await stateOf(town), rows, facts.length, refs, town.world.github.writes.length]);
};
