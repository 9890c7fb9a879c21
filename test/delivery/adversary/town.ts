// A small world around the machine, in memory: people, a thread, rows, repositories. Who does what in it is told by moves.ts.
import type { Delivery } from "../../../src/delivery/delivery.ts";
import type { Work } from "../../../src/delivery/effect.ts";
import type { Recorded } from "../../../src/delivery/event.ts";
import type { Step } from "../../../src/delivery/step.ts";
import { transition } from "../../../src/delivery/transition.ts";
import { type Digest, type PatchSetId, RepoId, UserId } from "../../../src/ids.ts";
import { type Instant, instant } from "../../../src/instant.ts";
import { digestOf } from "../../../src/ledger/canonical.ts";
import { newborn } from "../reach.ts";

/** What is put up for approval. The digest is over all of it. */
export type Content = Readonly<{
  /** null: a plan, or what is to be merged. */
  repoId: RepoId | null;
  planDigest: Digest | null;
  parent: number;
  text: string;
  /** Whether it touches paths that have an owner. */
  isOwned: boolean;
}>;

export const digestOfContent = (content: Content): Digest => digestOf(content);

/** What a reader of it sees, and what lands in the repository. */
export const bytesOf = (content: Content): string => JSON.stringify(content);

export type Person = Readonly<{ id: UserId; login: string; isHuman: boolean }>;

const person = (id: number, login: string, isHuman = true): Person => ({ id: UserId.parse(id), login, isHuman });

export const REQUESTER = person(1, "hubot");
export const OWNER = person(4, "dana");
export const PEOPLE: readonly Person[] = [
  person(2, "octocat"),
  person(3, "mona"),
  REQUESTER,
  OWNER,
  person(5, "stranger"),
  person(6, "robot[bot]", false),
];

/** Configuration and roles as they are now. */
export type Today = {
  readonly approvers: Set<UserId>;
  /** Who may not write to which repository: `repoId:userId`. */
  readonly shutOut: Set<string>;
  quorum: number;
  codeRequired: boolean;
  ttl: number | undefined;
  notAlone: boolean;
  ownersCount: boolean;
};

/** A comment of ours that shows a version. `shows` is what can be read there now, whoever wrote it. */
export type Panel = { id: number; readonly digest: Digest; shows: string; isOurs: boolean };

export type Verb = "approve" | "reject" | "revise" | "cancel" | "hold" | "resume" | "retry" | "plan";

/** A comment or a click. `saw`: what each version's panel showed then. */
export type Said = {
  readonly id: number;
  readonly kind: "comment" | "button";
  readonly by: Person;
  readonly at: number;
  readonly verb: Verb;
  readonly target: RepoId | "all" | "plan" | null;
  readonly code: string | null;
  readonly saw: ReadonlyMap<Digest, string>;
  state: "as posted" | "edited" | "deleted";
  isHeard: boolean;
};

export type ApprovalRow = { readonly digest: Digest; readonly person: UserId; readonly said: Said; voided: boolean };

/** What the WriteGate found good, before it makes its first call. */
export type Permit = Readonly<{ repoId: RepoId; digest: Digest; content: Content; rows: readonly ApprovalRow[] }>;

export type Repository = { head: number; readonly base: number; isRewritten: boolean; isTaken: boolean };

export type Job = Readonly<{ work: Work; attempt: number }>;

/** Something on its way to us; it may come late, in another order, or twice. */
export type Delivered = Readonly<{ isSlow: boolean; arrive: () => void }>;

/** Doors that a self-test leaves open, to see that what comes in is noticed. */
export type Sabotage =
  | "authority"
  | "voided"
  | "edited"
  | "tampered"
  | "digest"
  | "content"
  | "plan"
  | "quorum"
  | "age";

export type Told = Readonly<{ before: Delivery; recorded: Recorded; step: Step }>;

export type Town = {
  d: Delivery;
  /** Seconds. */
  now: number;
  readonly today: Today;
  /** Ids of comments, of one sequence. */
  lastId: number;
  readonly panels: Map<Digest, Panel>;
  readonly said: Said[];
  readonly contents: Map<Digest | PatchSetId, Content>;
  readonly rows: ApprovalRow[];
  readonly repositories: Map<RepoId, Repository>;
  readonly jobs: Job[];
  permits: readonly Permit[];
  readonly underway: { attempt: number };
  readonly onTheWay: Delivered[];
  readonly told: Told[];
  readonly machine: typeof transition;
  readonly sabotage: Sabotage | null;
  readonly listener: Listener;
};

/** Sees everything that happens, and throws when it should not have: the oracle. */
export type Listener = Readonly<{
  told: (town: Town, told: Told, said: Said | null) => void;
  authorised: (town: Town, permit: Permit) => void;
  written: (town: Town, permit: Permit, bytes: string) => void;
}>;

export type TownFacts = Readonly<{
  repositories: number;
  exitPhase: Delivery["exitPhase"];
  quorum: number;
  codeRequired: boolean;
  ttl: number | undefined;
  notAlone: boolean;
  ownersCount: boolean;
}>;

const START = Date.parse("2026-11-21T10:00:00Z");
export const at = (seconds: number): Instant => instant(new Date(START + seconds * 1000));

export const found = (
  facts: TownFacts,
  listener: Listener,
  extra: Partial<Pick<Town, "machine" | "sabotage">> = {},
): Town => {
  const ids = Array.from({ length: facts.repositories }, (_, index) => RepoId.parse(101 + index));
  const d = newborn({
    exitPhase: facts.exitPhase,
    targets: ids.map((repoId, index) => ({ repoId, role: index === 0 ? "primary" : "secondary" })),
  });
  return {
    d,
    now: 0,
    today: {
      approvers: new Set([UserId.parse(2), UserId.parse(3), REQUESTER.id]),
      shutOut: new Set(),
      quorum: facts.quorum,
      codeRequired: facts.codeRequired,
      ttl: facts.ttl,
      notAlone: facts.notAlone,
      ownersCount: facts.ownersCount,
    },
    lastId: 0,
    panels: new Map(),
    said: [],
    contents: new Map(),
    rows: [],
    repositories: new Map(ids.map((id) => [id, { head: 0, base: 0, isRewritten: false, isTaken: false }])),
    jobs: [{ work: "triage", attempt: d.attempt }],
    permits: [],
    underway: { attempt: 0 },
    onTheWay: [],
    told: [],
    machine: extra.machine ?? transition,
    sabotage: extra.sabotage ?? null,
    listener,
  };
};

export const nextId = (town: Town): number => {
  town.lastId += 1;
  return town.lastId;
};

export const mayWriteTo = ({ today }: Town, repoId: RepoId, person: UserId): boolean =>
  !today.shutOut.has(`${repoId}:${person}`);

export const isApprover = ({ today }: Town, { id, isHuman }: Pick<Person, "id" | "isHuman">): boolean =>
  isHuman && today.approvers.has(id);
