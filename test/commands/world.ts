// A delivery in the database and a GitHub of plain values, for tests of what people say.

import { eq, getTableColumns } from "drizzle-orm";
import type { ButtonClicked, CommandDeps, CommentSpoken } from "../../src/commands/handle.ts";
import { NO_CEILING } from "../../src/config/ceiling.ts";
import { neverCrash } from "../../src/crash-points.ts";
import type { Database } from "../../src/db/database.ts";
import { commands, deliveries, deliveryRepos, inbox, ledger, publications } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { CommentFacts, Listed, Reading, ReviewAt, ReviewComment, RoleName } from "../../src/github/reading.ts";
import {
  CheckRunId,
  CommentId,
  type DeliveryId,
  Digest,
  InstallationId,
  IssueNumber,
  PatchSetId,
  RepoId,
  UserId,
} from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { hashOfText } from "../../src/thread/comment-text.ts";
import { INSTALLATION, REPO, START, shaOf, storeReceipt } from "../support/stored-delivery.ts";

export const TILL = RepoId.parse(4712);
export const NOW = new Date("2026-11-21T10:30:00.000Z");
export const WRITTEN = instant("2026-11-21T10:20:00Z");

export const PLAN = Digest.parse("1".repeat(64));
export const SHOP_PATCHES = Digest.parse("2".repeat(64));
export const TILL_PATCHES = Digest.parse("3".repeat(64));

const GATE = CommentId.parse(900);
const GATE_TEXT = "**Ready, please decide**";
const shown = { at: instant("2026-11-21T10:10:00Z"), commentId: GATE };

/** The plan is shown and waits. */
export const AT_PLAN: Partial<Delivery> = {
  phase: "plan",
  runStatus: "succeeded",
  plan: { version: 1, digest: PLAN, shown, approvals: [], approved: false },
};

const patchSet = (repoId: RepoId, role: "primary" | "secondary", id: number, digest: Digest) => ({
  repoId,
  role,
  patchSet: { id: PatchSetId.parse(id), version: 1, digest, shown, approvals: [], approved: false, written: false },
  written: null,
  strayHead: null,
  landed: "no" as const,
});

/** The patch sets of both repositories are shown and wait. */
export const AT_REVIEW: Partial<Delivery> = {
  ...AT_PLAN,
  phase: "review",
  targets: [patchSet(REPO, "primary", 1, SHOP_PATCHES), patchSet(TILL, "secondary", 2, TILL_PATCHES)],
};

type Person = Readonly<{ id: number; login: string; role: RoleName; type?: "User" | "Bot" }>;

export const OCTOCAT: Person = { id: 583_231, login: "octocat", role: "maintain" };
export const MONA: Person = { id: 7, login: "mona", role: "write" };
export const HUBOT: Person = { id: 8, login: "hubot", role: "read" };
export const BOT: Person = { id: 9, login: "robot[bot]", role: "write", type: "Bot" };

type Answering = Pick<
  Reading,
  | "repository"
  | "branchHead"
  | "file"
  | "textAt"
  | "role"
  | "teamMembers"
  | "accountById"
  | "accountByLogin"
  | "comment"
  | "pull"
  | "review"
  | "reviews"
  | "reviewComments"
>;

const accountOf = (person: Person) => ({
  id: UserId.parse(person.id),
  login: person.login,
  type: person.type ?? ("User" as const),
});

/** What this GitHub knows, to be changed by a test. */
export class World {
  /** Each test has an issue of its own, so that they can share a database. */
  readonly issue: IssueNumber;
  config: string | null = null;
  /** Of the second repository, where it has one of its own. */
  tillConfig: string | null = null;
  gone = false;
  people: readonly Person[] = [OCTOCAT, MONA, HUBOT, BOT];
  /** Roles that differ in the second repository. */
  inTill: Readonly<Record<string, RoleName>> = {};
  teams: Readonly<Record<string, readonly Person[]>> = {};
  /** Files of CODEOWNERS, by repository and path. */
  owners: Readonly<Record<string, string>> = {};
  readonly comments = new Map<number, CommentFacts>();
  /** Our comment that shows what is to be decided; null when it was deleted. */
  gate: CommentFacts | null = {
    id: GATE,
    body: GATE_TEXT,
    author: { id: UserId.parse(4), login: "countersign[bot]", type: "Bot" },
    viaAppId: null,
    createdAt: shown.at,
    updatedAt: shown.at,
  };
  /** A pull request of the delivery and one review of it, with its comments. */
  pullHead = shaOf("pull");
  review: ReviewAt | null = null;
  reviewComments: Listed<ReviewComment> = { items: [], complete: true };
  readonly calls: string[] = [];
  /** Thrown by the call of this name. */
  fault: Readonly<{ call: string; error: Error }> | null = null;
  causeGone: boolean | null = null;
  causesRead = 0;

  constructor(issue: number) {
    this.issue = IssueNumber.parse(issue);
  }

  private async ask<T>(name: string, answer: T): Promise<T> {
    this.calls.push(name);
    if (this.fault?.call === name) throw this.fault.error;
    return answer;
  }

  reading(repoId: RepoId): Answering {
    const name = repoId === REPO ? "shop" : "till";
    return {
      repository: (id) =>
        this.ask(
          `repository ${name}`,
          this.gone ? null : { id, owner: "acme", name, defaultBranch: "main", visibility: "private", archived: false },
        ),
      branchHead: () => this.ask("head", shaOf("head")),
      file: () => {
        const text = repoId === TILL && this.tillConfig !== null ? this.tillConfig : this.config;
        return this.ask("file", text === null ? null : { text, blob: shaOf(text) });
      },
      role: (_repo, login) => {
        const person = this.people.find((one) => one.login === login);
        if (person === undefined) return this.ask(`role ${name}`, { role: "none", account: null });
        const role = repoId === TILL ? (this.inTill[login] ?? person.role) : person.role;
        return this.ask(`role ${name}`, { role, account: accountOf(person) });
      },
      teamMembers: (_organization, slug) =>
        this.ask(
          "team",
          // As many as the tests name.
          { items: (this.teams[slug] ?? []).map((person) => accountOf(person)), complete: true },
        ),
      accountById: (id) => {
        const person = this.people.find((one) => one.id === id);
        return this.ask("account", person === undefined ? null : accountOf(person));
      },
      accountByLogin: (login) => {
        const person = this.people.find((one) => one.login === login);
        return this.ask("account", person === undefined ? null : accountOf(person));
      },
      textAt: (_repo, path) => {
        const text = this.owners[`${name}/${path}`];
        const found =
          text === undefined ? { kind: "absent" as const } : { kind: "text" as const, text, blob: shaOf(text) };
        return this.ask("owners", found);
      },
      pull: (_repo, number) =>
        this.ask("pull", {
          number,
          state: "open",
          merged: false,
          mergeSha: null,
          headSha: this.pullHead,
          headRef: "countersign/d-1",
          headRepoId: repoId,
          baseRef: "main",
          baseSha: shaOf("base"),
          author: accountOf(BOT),
          title: "",
          body: "",
          url: "",
        }),
      reviews: () => this.ask("reviews", { items: [], complete: true }),
      review: () => this.ask("review", this.review),
      reviewComments: () => this.ask("review comments", this.reviewComments),
      comment: (_repo, id) =>
        id === GATE ? this.ask(`gate ${name}`, this.gate) : this.ask(`comment ${name}`, this.comments.get(id) ?? null),
    };
  }
}

/** Only what these tests may call answers; anything else is a fault of the code under test. */
export const onlyThese = (world: World, repoId: RepoId): Reading => {
  const refuse = (name: string) => () => Promise.reject(new Error(`${name} was not to be called`));
  return {
    issue: refuse("issue"),
    comments: refuse("comments"),
    hiddenComments: refuse("hiddenComments"),
    commit: refuse("commit"),
    tree: refuse("tree"),
    folder: refuse("folder"),
    archive: refuse("archive"),
    mergeBase: refuse("mergeBase"),
    commitsOf: refuse("commitsOf"),
    pullCommits: refuse("pullCommits"),
    blob: refuse("blob"),
    compare: refuse("compare"),
    checks: refuse("checks"),
    labeledIssues: refuse("labeledIssues"),
    labelPuts: refuse("labelPuts"),
    checkOutput: refuse("checkOutput"),
    jobLog: refuse("jobLog"),
    requiredChecks: refuse("requiredChecks"),
    requiresSignatures: refuse("requiresSignatures"),
    pullsByHead: refuse("pullsByHead"),
    ...world.reading(repoId),
  };
};

export const depsOf = (db: Database, world: World, crash: CommandDeps["crash"] = neverCrash): CommandDeps => ({
  db,
  clock: () => NOW,
  crash,
  ceiling: NO_CEILING,
  github: {
    reading: async (_installation, [repoId]) => {
      if (repoId === undefined) throw new Error("no repository was named");
      return onlyThese(world, repoId);
    },
  },
  causeGone: async () => {
    world.causesRead += 1;
    return world.causeGone;
  },
});

export const addTill = (db: Database, deliveryId: DeliveryId): Promise<unknown> =>
  db.transaction(({ sql }) =>
    sql.insert(deliveryRepos).values({
      deliveryId,
      repoId: TILL,
      installationId: INSTALLATION,
      owner: "acme",
      name: "till",
      visibility: "private",
      role: "secondary",
      baseBranch: "main",
      baseSha: shaOf("till"),
    }),
  );

/** Our receipt of the comment that shows the gate; `text` is what we left there. */
export const showGate = (db: Database, deliveryId: DeliveryId, text = GATE_TEXT): Promise<unknown> =>
  db.transaction(({ sql }) =>
    sql.insert(publications).values({
      deliveryId,
      key: "plan:1",
      kind: "comment",
      repoId: REPO,
      remoteId: GATE,
      bodyHash: hashOfText(text, false),
      publishedAt: new Date(shown.at),
    }),
  );

let lastComment = 5_000;

/** A comment as it is posted: GitHub has it, and a webhook tells of it. */
export const post = async (
  db: Database,
  world: World,
  body: string,
  who: Person = OCTOCAT,
  more: Partial<CommentSpoken> = {},
): Promise<CommentSpoken> => {
  lastComment += 1;
  const author = { id: UserId.parse(who.id), login: who.login, type: who.type ?? "User" } as const;
  const spoken: CommentSpoken = {
    webhookGuid: await storeReceipt(db),
    installationId: InstallationId.parse(INSTALLATION),
    repoId: REPO,
    issueNumber: world.issue,
    isPullRequest: false,
    commentId: CommentId.parse(lastComment),
    body,
    author,
    viaAppId: null,
    createdAt: WRITTEN,
    ...more,
  };
  world.comments.set(spoken.commentId, {
    id: spoken.commentId,
    body,
    author,
    viaAppId: spoken.viaAppId,
    createdAt: spoken.createdAt,
    updatedAt: spoken.createdAt,
  });
  return spoken;
};

const CHECK_RUN = CheckRunId.parse(70_001);

export const publishCheckRun = (
  db: Database,
  deliveryId: DeliveryId,
  id = CHECK_RUN,
  repoId = REPO,
): Promise<unknown> =>
  db.transaction(({ sql }) =>
    sql
      .insert(publications)
      .values({ deliveryId, key: `check:plan:${id}`, kind: "check_run", repoId, remoteId: id, publishedAt: START }),
  );

export const click = async (
  db: Database,
  identifier: string,
  who: Person = OCTOCAT,
  more: Partial<ButtonClicked> = {},
): Promise<ButtonClicked> => ({
  webhookGuid: await storeReceipt(db, "check_run"),
  installationId: InstallationId.parse(INSTALLATION),
  repoId: REPO,
  checkRunId: CHECK_RUN,
  identifier,
  sender: { id: UserId.parse(who.id), login: who.login, type: who.type ?? "User" },
  ...more,
});

/** What happened to the deliveries of one issue. */
export const commandRows = ({ sql }: Database, { issue }: World) =>
  sql
    .select(getTableColumns(commands))
    .from(commands)
    .innerJoin(deliveries, eq(deliveries.id, commands.deliveryId))
    .where(eq(deliveries.issueNumber, issue))
    .orderBy(commands.id);
export const inboxRows = ({ sql }: Database, { issue }: World) =>
  sql
    .select(getTableColumns(inbox))
    .from(inbox)
    .innerJoin(deliveries, eq(deliveries.id, inbox.deliveryId))
    .where(eq(deliveries.issueNumber, issue))
    .orderBy(inbox.id);
export const ledgerRows = ({ sql }: Database, { issue }: World) =>
  sql
    .select(getTableColumns(ledger))
    .from(ledger)
    .innerJoin(deliveries, eq(deliveries.id, ledger.deliveryId))
    .where(eq(deliveries.issueNumber, issue))
    .orderBy(ledger.seq);

/** Of all tables that a command may touch, over all issues. */
export const counts = async ({ sql }: Database): Promise<readonly number[]> => [
  await sql.$count(commands),
  await sql.$count(inbox),
  await sql.$count(ledger),
];
