// What an adversary, a careless maintainer or a bad day does to this world.
import { examples } from "../../../src/delivery/examples/events.ts";
import { subjectsIn } from "../../../src/delivery/subjects.ts";
import { UserId } from "../../../src/ids.ts";
import { tell } from "./books.ts";
import { reportTampering } from "./hearing.ts";
import { pick } from "./speech.ts";
import { bytesOf, type Town } from "./town.ts";
import { repositoryAt } from "./write-gate.ts";

/** Somebody edits a comment of ours: to say something else, or what another version said. GitHub tells us when it likes. */
export const tamper = (town: Town, n: number): void => {
  const panel = pick([...town.panels.values()].slice(-2), n);
  if (panel === undefined) return;
  const other = pick([...town.contents.values()], n);
  panel.shows = n % 2 === 0 || other === undefined ? "harmless" : bytesOf(other);
  panel.isOurs = false;
  const { digest } = panel;
  town.onTheWay.push({ isSlow: n % 3 > 0, arrive: () => reportTampering(town, digest) });
};

/** Somebody with the database alters a row that was approved, or is about to be shown. */
export const spoilRow = (town: Town, n: number): void => {
  const hit = pick(town.d.targets, n)?.patchSet;
  const content = hit && town.contents.get(hit.id);
  if (hit && content) town.contents.set(hit.id, { ...content, text: "something else" });
};

export const changeRole = ({ today }: Town, n: number): void => {
  const id = UserId.parse(1 + (n % 3));
  if (!today.approvers.delete(id)) today.approvers.add(id);
};

export const shutOut = ({ today, repositories }: Town, n: number): void => {
  const key = `${pick([...repositories.keys()], n)}:${1 + (n % 4)}`;
  if (!today.shutOut.delete(key)) today.shutOut.add(key);
};

export const changeRules = ({ today }: Town, n: number): void => {
  if (n % 5 === 0) today.quorum = 3 - today.quorum;
  if (n % 5 === 1) today.codeRequired = !today.codeRequired;
  if (n % 5 === 2) today.notAlone = !today.notAlone;
  if (n % 5 === 3) today.ownersCount = !today.ownersCount;
  if (n % 5 === 4) today.ttl = today.ttl === undefined ? 100 : undefined;
};

/** A base is rewritten, or a branch of our name is taken; and back. */
export const disturb = (town: Town, n: number): void => {
  const repoId = pick(town.d.targets, n)?.repoId;
  if (repoId === undefined) return;
  const repository = repositoryAt(town, repoId);
  if (n % 2 === 0) repository.isRewritten = !repository.isRewritten;
  else repository.isTaken = !repository.isTaken;
  if (repository.isRewritten)
    town.onTheWay.push({
      isSlow: n % 4 > 0,
      arrive: () => tell(town, { type: "base_rewritten", repoId, note: "by force" }),
    });
};

/** A result of ours is told once more. */
export const replayResult = (town: Town, n: number): void => {
  const event = pick(town.told, n)?.recorded.event;
  if (event !== undefined && "attempt" in event) tell(town, event);
};

const HAPPENS =
  /^(deadline|hold_|effect_|resource_|injection_found|plan_incomplete|policy_|qa_failed|no_checks|base_moved|head_|pull_|gate_expired|readiness_lost|regressed|exit_shortened|issue_edited|trigger_repeated|write_refused|approval_void)/;

/** Anything that the world or our own work can bring, whether it fits or not. */
export const happen = (town: Town, n: number): void => {
  const example = pick(
    examples(town.d).filter(({ label }) => HAPPENS.test(label)),
    n,
  );
  if (example !== undefined) tell(town, example.recorded.event);
};

/** Time enough that approvals grow old; the sweep finds what was shown too long ago. */
export const sweep = (town: Town): void => {
  const { ttl } = town.today;
  if (ttl === undefined) return;
  const isOpen = subjectsIn(town.d).some(({ subject }) => subject.shown !== null);
  if (isOpen) tell(town, { type: "gate_expired", ttl });
};
