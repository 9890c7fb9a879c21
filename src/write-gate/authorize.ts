// Gives out the permit without which nothing can be written, after everything that must be true was found true again.
import type { Sql } from "../db/database.ts";
import type {
  ApprovalId,
  DeliveryId,
  Digest,
  InstallationId,
  PatchSetId,
  RepoId,
  Sha,
  TraceId,
  WriteId,
} from "../ids.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import { givenAt } from "./approval-origin.ts";
import { approvedContent } from "./approved-content.ts";
import type { Signatory } from "./commit-message.ts";
import { approvalsThatCount } from "./counted-approvals.ts";
import { type LookPort, lookAtShown, lookForNo } from "./last-look.ts";
import { orRefuse, refuse, WriteStop } from "./outcome.ts";
import { headAs, patchSetAs, planAs } from "./rests-on.ts";
import type { ReadRules, RulesOfToday } from "./rules-of-today.ts";
import type { WriteCase, WriteTarget } from "./write-case.ts";
import { writeIdOf } from "./write-id.ts";

export type PermitFacts = Readonly<{
  writeId: WriteId;
  deliveryId: DeliveryId;
  attempt: number;
  traceId: TraceId;
  subjectKind: "patchset";
  subjectId: PatchSetId;
  digest: Digest;
  repoId: RepoId;
  installationId: InstallationId;
  /** The client writes this and nothing else. */
  content: PatchSetContent;
  /** The head that an earlier patch set left on the branch; null when the branch is still to be made. */
  onTopOf: Sha | null;
  approvals: readonly Readonly<{ id: ApprovalId; by: Signatory }>[];
  /** Of the plan, and of the head that it goes onto: they must stand as long, and sign nothing. */
  restsOn: readonly ApprovalId[];
}>;

const onlyHere = Symbol("authorize");

const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

class Permit {
  readonly #real = true;
  readonly facts: PermitFacts;

  constructor(key: symbol, facts: PermitFacts) {
    if (key !== onlyHere) throw new Error("only authorize() makes a permit");
    this.facts = frozen(facts);
    Object.freeze(this);
  }

  static isReal(value: object): boolean {
    return #real in value && value.#real;
  }
}

/** The class is not exported, so that nobody else can construct one; a cast or a copy is found out by `redeem`. */
export type WritePermit = Permit;

/** What a permit is used for, told by the row of the write. */
export type Use = Readonly<{ id: string; subjectKind: string; subjectId: number; digest: string; repoId: number }>;

/** Throws when the permit is forged, or names anything else than what it is used for. */
export const redeem = (permit: WritePermit, use: Use): PermitFacts => {
  if (!Permit.isReal(permit)) throw new Error("this is no permit");
  const { facts } = permit;
  const same =
    facts.writeId === use.id &&
    facts.subjectKind === use.subjectKind &&
    facts.subjectId === use.subjectId &&
    facts.digest === use.digest &&
    facts.repoId === use.repoId;
  if (!same) throw new Error(`a permit for write ${facts.writeId} was used for write ${use.id}`);
  return facts;
};

export type AuthorizePorts = Readonly<{ sql: Sql; readingOf: LookPort; rules: ReadRules }>;

const rulesOf = async (
  ports: AuthorizePorts,
  deliveryId: DeliveryId,
  place: WriteTarget["place"],
): Promise<RulesOfToday> => {
  const { repoId, installationId } = place;
  const rules = await orRefuse("rules_unusable", repoId, ports.rules({ deliveryId, repoId, installationId }));
  if (!rules.ok) throw refuse("rules_unusable", repoId, rules.error);
  return rules.value;
};

const checkPolicy = async (content: PatchSetContent, rules: RulesOfToday): Promise<void> => {
  const blocks = (await rules.violations(content)).filter(({ severity }) => severity === "block");
  if (blocks.length === 0) return;
  const note = blocks
    .map(
      ({ rule, path, line, message }) =>
        `${rule}${path === null ? "" : ` ${path}`}${line === null ? "" : `:${line}`}: ${message}`,
    )
    .join("; ");
  throw new WriteStop({ kind: "policy_now_blocks", repoId: content.repoId, note });
};

/**
 * The only maker of permits. Recomputes the digest from the rows, reads the approvals, their comments and what was said
 * since (M5), and judges authority and policy by today's rules. Throws WriteStop with the end that the write comes to,
 * GitHubError where GitHub does not answer.
 */
export const authorize = async (
  ports: AuthorizePorts,
  wanted: WriteCase,
  target: WriteTarget,
): Promise<WritePermit> => {
  const { delivery, attempt, traceId, issue } = wanted;
  const { place, patchSet, heads } = target;
  const content = await approvedContent(ports.sql, delivery, target);

  const rules = await rulesOf(ports, delivery.id, place);
  await orRefuse(
    "thread_unreadable",
    issue.repoId,
    lookAtShown(ports.sql, wanted, { repoId: place.repoId, patchSet }, ports.readingOf),
  );
  const primary = wanted.places.get(issue.repoId) ?? place;
  const rulesOfIssue = primary === place ? rules : await rulesOf(ports, delivery.id, primary);
  const plan = planAs(wanted);
  const head = headAs(target, content.parentSha);
  const owned = await orRefuse("rules_unusable", place.repoId, rules.ownersOf(content));
  if (!owned.ok) throw refuse("rules_unusable", place.repoId, owned.error);
  const counted = await approvalsThatCount(ports, wanted, patchSetAs(target), { rules, owned: owned.value });
  const restsOn = [
    ...(plan === null ? [] : await approvalsThatCount(ports, wanted, plan, { rules: rulesOfIssue, owned: [] })),
    ...(head === null ? [] : await approvalsThatCount(ports, wanted, head, { rules, owned: [] })),
  ];
  const shownAt = patchSet.shown?.at ?? null;
  const since = counted.map((approval) => givenAt(approval, shownAt)).reduce((a, b) => (a < b ? a : b));
  await orRefuse("thread_unreadable", issue.repoId, lookForNo(ports.sql, wanted, since, ports.readingOf, rulesOfIssue));
  await orRefuse("rules_unusable", place.repoId, checkPolicy(content, rules));

  return new Permit(onlyHere, {
    writeId: writeIdOf("patchset", patchSet.id, patchSet.digest),
    deliveryId: delivery.id,
    attempt,
    traceId,
    subjectKind: "patchset",
    subjectId: patchSet.id,
    digest: patchSet.digest,
    repoId: place.repoId,
    installationId: place.installationId,
    content,
    onTopOf: heads === null ? null : content.parentSha,
    approvals: counted.map(({ id, person }) => ({ id, by: person })),
    restsOn: restsOn.map(({ id }) => id),
  });
};
