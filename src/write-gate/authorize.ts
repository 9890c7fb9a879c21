// Gives out the permit without which nothing can be written, after everything that must be true was found true again.
import type { Sql } from "../db/database.ts";
import type { Reading } from "../github/reading.ts";
import type { DeliveryId, RepoId } from "../ids.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import { loadPatchSet } from "../patches/store.ts";
import type { ApprovedPort } from "../provenance/approved.ts";
import { givenAt } from "./approval-origin.ts";
import { approvedContent } from "./approved-content.ts";
import { approvalsThatCount } from "./counted-approvals.ts";
import { lookAtShown } from "./last-look.ts";
import { type LookingForNo, lookForNo } from "./look-for-no.ts";
import { orRefuse, refuse, WriteStop } from "./outcome.ts";
import type { DeploymentFacts, MergeFacts, PatchSetFacts, PermitFacts, ShipFacts } from "./permit-facts.ts";
import type { ReadingOf } from "./readings.ts";
import { headAs, patchSetAs, planAs, shipAs } from "./rests-on.ts";
import type { ShipCase } from "./ship-case.ts";
import type { WriteCase, WriteTarget } from "./write-case.ts";
import { writeIdOf } from "./write-id.ts";
import type { ReadWriteRules, WriteRules } from "./write-rules.ts";

const onlyHere = Symbol("authorize");

const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

class Permit<F extends PermitFacts> {
  readonly #real = true;
  readonly facts: F;

  constructor(key: symbol, facts: F) {
    if (key !== onlyHere) throw new Error("only authorize() makes a permit");
    this.facts = frozen(facts);
    Object.freeze(this);
  }

  static isReal(value: object): boolean {
    return #real in value && value.#real;
  }
}

/** The class is not exported, so that nobody else can construct one; a cast or a copy is found out by `redeem`. */
export type WritePermit<F extends PermitFacts = PatchSetFacts> = Permit<F>;

/** What a permit is used for, told by the row of the write. */
export type Use = Readonly<{ id: string; subjectKind: string; subjectId: number; digest: string; repoId: number }>;

/** Throws when the permit is forged, or names anything else than what it is used for. */
export const redeem = <F extends PermitFacts>(permit: WritePermit<F>, use: Use): F => {
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

export type AuthorizePorts = Readonly<{
  sql: Sql;
  readingOf: ReadingOf<Pick<Reading, "comment" | "comments" | "reviews"> & ApprovedPort>;
  rules: ReadWriteRules;
}>;

const rulesOf = async (
  ports: AuthorizePorts,
  deliveryId: DeliveryId,
  place: WriteTarget["place"],
): Promise<WriteRules> => {
  const { repoId, installationId } = place;
  const rules = await orRefuse("rules_unusable", repoId, ports.rules({ deliveryId, repoId, installationId }));
  if (!rules.ok) throw refuse("rules_unusable", repoId, rules.error);
  return rules.value;
};

const placeIn = (
  { places }: Pick<ShipCase, "places">,
  repoId: WriteTarget["place"]["repoId"],
): WriteTarget["place"] => {
  const place = places.get(repoId);
  if (place === undefined) throw refuse("other_target", repoId, "the repository takes no part in the delivery");
  return place;
};

/** Each repository's rules are read once for a look. */
const noMore = (ports: AuthorizePorts, wanted: WriteCase | ShipCase): Omit<LookingForNo, "since"> => {
  const known = new Map<RepoId, Promise<WriteRules>>();
  const read = (repoId: RepoId): Promise<WriteRules> => {
    const rules = known.get(repoId) ?? rulesOf(ports, wanted.delivery.id, placeIn(wanted, repoId));
    known.set(repoId, rules);
    return rules;
  };
  return { sql: ports.sql, wanted, readingOf: ports.readingOf, rulesOf: read };
};

const checkPolicy = async (content: PatchSetContent, rules: WriteRules): Promise<void> => {
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
  const content = await approvedContent(ports.sql, delivery, target, ports.readingOf);

  const rules = await rulesOf(ports, delivery.id, place);
  await orRefuse(
    "thread_unreadable",
    issue.repoId,
    lookAtShown(ports.sql, wanted, { repoId: place.repoId, kind: "patchset", subject: patchSet }, ports.readingOf),
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
  await orRefuse("thread_unreadable", issue.repoId, lookForNo({ ...noMore(ports, wanted), since }));
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

/** What stands in the pull request by our hand must still be let through by today's policy. */
const checkMergedPolicy = async (
  { sql }: AuthorizePorts,
  { delivery }: ShipCase,
  repoId: RepoId,
  rules: WriteRules,
): Promise<void> => {
  const patchSet = delivery.targets.find((target) => target.repoId === repoId)?.patchSet ?? null;
  if (patchSet === null) return;
  const stored = await loadPatchSet(sql, patchSet.id);
  if (!stored.ok) throw refuse("patch_set_unreadable", repoId, stored.error.note);
  await orRefuse("rules_unusable", repoId, checkPolicy(stored.value.content, rules));
};

/**
 * A permit for each merge and each deployment of the approved ship. The approvals are judged for each repository of it: whoever
 * approved must be allowed to write there.
 */
export const authorizeShip = async (
  ports: AuthorizePorts,
  wanted: ShipCase,
): Promise<readonly WritePermit<ShipFacts>[]> => {
  const { delivery, attempt, traceId, issue, ship } = wanted;
  const approved = shipAs(wanted);
  const { subject } = approved;
  const shown = { repoId: issue.repoId, kind: "ship", subject } as const;
  await orRefuse("thread_unreadable", issue.repoId, lookAtShown(ports.sql, wanted, shown, ports.readingOf));
  const permits: Permit<ShipFacts>[] = [];
  for (const part of ship.parts) {
    const { repoId } = part.content;
    const place = placeIn(wanted, repoId);
    const rules = await rulesOf(ports, delivery.id, place);
    const counted = await approvalsThatCount(ports, wanted, { ...approved, repoId }, { rules, owned: [] });
    const since = counted.map((one) => givenAt(one, subject.shown?.at ?? null)).reduce((a, b) => (a < b ? a : b));
    if (part.kind === "merge") await checkMergedPolicy(ports, wanted, repoId, rules);
    await orRefuse("thread_unreadable", issue.repoId, lookForNo({ ...noMore(ports, wanted), since }));
    const common = {
      writeId: writeIdOf(part.kind, part.id, part.digest),
      deliveryId: delivery.id,
      attempt,
      traceId,
      subjectId: part.id,
      digest: part.digest,
      ship: { id: ship.id, digest: ship.digest },
      repoId,
      installationId: place.installationId,
      approvals: counted.map(({ id, person }) => ({ id, by: person })),
      restsOn: [],
    };
    permits.push(
      part.kind === "merge"
        ? new Permit<MergeFacts>(onlyHere, { ...common, subjectKind: part.kind, content: part.content })
        : new Permit<DeploymentFacts>(onlyHere, { ...common, subjectKind: part.kind, content: part.content }),
    );
  }
  return permits;
};
