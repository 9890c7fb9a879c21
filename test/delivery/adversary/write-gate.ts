// The WriteGate of this world: looks at everything anew, stops before the first call, and writes what the rows hold.

import type { Approvable } from "../../../src/delivery/event.ts";
import { subjectsIn } from "../../../src/delivery/subjects.ts";
import { isUnwritten, workOf } from "../../../src/delivery/work.ts";
import { type Digest, PullNumber, type RepoId, Sha } from "../../../src/ids.ts";
import { tell } from "./books.ts";
import { mayStill, ownedPaths, tampered } from "./hearing.ts";
import {
  type ApprovalRow,
  bytesOf,
  digestOfContent,
  isApprover,
  mayWriteTo,
  OWNER,
  type Permit,
  REQUESTER,
  type Repository,
  type Said,
  type Town,
} from "./town.ts";

class Stop extends Error {
  readonly end: () => void;

  constructor(end: () => void) {
    super("stop");
    this.end = end;
  }
}

const isWanted = (town: Town, attempt: number): boolean => town.d.attempt === attempt && workOf(town.d) === "write";

export const repositoryAt = (town: Town, repoId: RepoId): Repository => {
  const repository = town.repositories.get(repoId);
  if (repository === undefined) throw new Error(`no repository ${repoId}`);
  return repository;
};

/** The people of these approvals are enough by today's rules. */
const areEnough = (town: Town, digest: Digest, rows: readonly ApprovalRow[]): boolean => {
  const people = [...new Set(rows.map(({ person }) => person))];
  const voices = people.filter((person) => town.today.approvers.has(person));
  const isAlone = town.today.notAlone && voices.every((person) => person === REQUESTER.id);
  const isOwned = ownedPaths(town, digest).length === 0 || people.includes(OWNER.id);
  if (town.sabotage === "quorum") return people.length > 0;
  return voices.length >= town.today.quorum && !isAlone && isOwned;
};

const counts = (town: Town, repoId: RepoId | null, row: ApprovalRow): boolean => {
  const { said, person, digest } = row;
  const { ttl } = town.today;
  if (row.voided) return false;
  if (town.sabotage !== "edited" && said.kind === "comment" && said.state !== "as posted") return false;
  if (town.sabotage !== "age" && ttl !== undefined && said.at + ttl <= town.now) return false;
  if (town.sabotage === "authority") return true;
  return mayStill(town, person, digest) && (repoId === null || mayWriteTo(town, repoId, person));
};

const STOPPING: readonly Said["verb"][] = ["cancel", "reject", "hold", "revise"];

const unheardNo = (town: Town): boolean =>
  town.said.some(
    (said) =>
      !said.isHeard &&
      said.kind === "comment" &&
      said.state === "as posted" &&
      STOPPING.includes(said.verb) &&
      isApprover(town, said.by),
  );

const authorise = (town: Town, attempt: number): readonly Permit[] => {
  const refuse = (note: string) => new Stop(() => tell(town, { type: "write_refused", attempt, note }));
  return town.d.targets.filter(isUnwritten).flatMap(({ repoId, patchSet, written }): Permit[] => {
    if (patchSet === null) return [];
    const { digest, id } = patchSet;
    const isVoid = (note: string, of: Approvable = "patchset") =>
      new Stop(() => tell(town, { type: "approval_void", attempt, repoId, of, note }));
    const content = town.contents.get(id);
    if (content === undefined) throw refuse("not found");
    if (town.sabotage !== "digest" && digestOfContent(content) !== digest) throw refuse("digest differs");
    const { plan } = town.d;
    if (plan?.approved !== true || plan.digest !== content.planDigest) throw refuse("plan changed");
    if (town.sabotage !== "tampered" && tampered(town).includes(digest)) throw isVoid("its comment was changed");
    const rows = town.rows.filter((row) => row.digest === digest && counts(town, repoId, row));
    if (!areEnough(town, digest, rows)) throw isVoid("too few approvals count");
    const ofPlan = town.rows.filter((row) => row.digest === plan.digest && counts(town, null, row));
    if (!areEnough(town, plan.digest, ofPlan)) throw isVoid("too few approvals of the plan count", "plan");
    if (unheardNo(town)) throw refuse("overruled");
    const repository = repositoryAt(town, repoId);
    if (repository.isRewritten) throw new Stop(() => tell(town, { type: "base_rewritten", repoId, note: "rewritten" }));
    if (written === null && repository.isTaken) throw refuse("branch taken");
    return [{ repoId, digest, content, rows }];
  });
};

/** The job starts: all targets are looked at before anything is written anywhere. */
export const prepareWrite = (town: Town, attempt: number): void => {
  town.permits = [];
  if (!isWanted(town, attempt)) return;
  try {
    const permits = authorise(town, attempt);
    for (const permit of permits) town.listener.authorised(town, permit);
    town.permits = permits;
    town.underway.attempt = attempt;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    error.end();
  }
};

const isStillWanted = (town: Town, { repoId, digest, rows }: Permit): boolean => {
  if (!isWanted(town, town.underway.attempt)) return false;
  const subject = subjectsIn(town.d).find(({ ref, repoId: of }) => ref.kind === "patchset" && of === repoId)?.subject;
  return subject?.digest === digest && subject.approved && rows.every(({ voided }) => !voided);
};

const sha = (n: number): Sha => Sha.parse(n.toString(16).padStart(40, "0"));

/** The next of its calls; when the last is done the machine is told. */
export const goOnWriting = (town: Town): void => {
  const [permit, ...others] = town.permits;
  if (permit === undefined) return;
  const { attempt } = town.underway;
  if (!isStillWanted(town, permit)) {
    town.permits = [];
    return;
  }
  const bytes = bytesOf(permit.content);
  const repository = repositoryAt(town, permit.repoId);
  repository.head += 1;
  town.listener.written(town, permit, town.sabotage === "content" ? `${bytes} and more` : bytes);
  town.permits = others;
  tell(town, {
    type: "written",
    attempt,
    repos: [
      {
        repoId: permit.repoId,
        head: sha(permit.repoId * 1000 + repository.head),
        tree: sha(permit.repoId * 1000 + repository.head),
        pullRequest: PullNumber.parse(1),
      },
    ],
  });
};
