// The jobs of this world: they plan, propose, show and watch, and tell the machine what came of it.
import type { Work } from "../../../src/delivery/effect.ts";
import type { MachineEvent } from "../../../src/delivery/event.ts";
import { type PlacedSubject, subjectsIn } from "../../../src/delivery/subjects.ts";
import { isShowing } from "../../../src/delivery/work.ts";
import { CommentId, type Digest, PatchSetId } from "../../../src/ids.ts";
import { tell } from "./books.ts";
import { ownedPaths, reportTampering } from "./hearing.ts";
import { at, bytesOf, type Content, digestOfContent, type Job, nextId, type Town } from "./town.ts";
import { prepareWrite } from "./write-gate.ts";

const store = (town: Town, content: Content): Digest => {
  const digest = digestOfContent(content);
  town.contents.set(digest, content);
  return digest;
};

const makePlan = (town: Town, attempt: number, n: number): void => {
  const text = `plan ${n % 3}`;
  const digest = store(town, { repoId: null, planDigest: null, parent: 0, text, isOwned: false });
  tell(town, { type: "plan_made", attempt, version: attempt, digest });
};

/** `n` decides what the model writes; small numbers, so that what was there before comes back. */
const propose = (town: Town, attempt: number, n: number): void => {
  const lacking = town.d.targets.filter(({ patchSet }) => patchSet === null);
  const wanted = lacking.length > 0 ? lacking : town.d.targets;
  const planDigest = town.d.plan?.digest ?? null;
  const patchSets = wanted.map(({ repoId, patchSet }, index) => {
    const parent = town.repositories.get(repoId)?.head ?? 0;
    const content = { repoId, planDigest, parent, text: `patch ${n % 3}`, isOwned: (n + index) % 4 === 3 };
    const digest = store(town, content);
    const id = PatchSetId.parse(nextId(town));
    town.contents.set(id, content);
    const owned = ownedPaths(town, digest);
    return {
      repoId,
      id,
      version: (patchSet?.version ?? 0) + 1,
      digest,
      ...(owned.length > 0
        ? { owned: [...owned].map((each) => ({ ...each, named: [...each.named], unknown: [] })) }
        : {}),
      ...(n % 5 === 4 ? { quote: true as const } : {}),
    };
  });
  tell(town, { type: "patches_made", attempt, patchSets });
};

const assess = (town: Town, attempt: number): void => {
  const digest = store(town, { repoId: null, planDigest: null, parent: attempt, text: "merge", isOwned: false });
  tell(town, { type: "ready_to_ship", attempt, version: attempt, digest });
};

const checks = (attempt: number, n: number): MachineEvent => {
  if (n % 3 === 0) return { type: "checks_red", attempt, note: "red" };
  return n % 3 === 1
    ? { type: "fix_proposed", attempt, note: "a fix" }
    : { type: "checks_green", attempt, note: "green" };
};

type Simple = Exclude<Work, "plan" | "propose" | "write" | "assess">;

const results: Readonly<Record<Simple, (attempt: number, n: number) => MachineEvent>> = {
  triage: (attempt) => ({ type: "triaged", attempt, passed: true, decision: "GO" }),
  revert: (attempt) => ({ type: "revert_conflicts", attempt, note: "changed since" }),
  watch: checks,
  ship: (attempt) => ({ type: "shipped", attempt, note: "merged" }),
  observe: (attempt) => ({ type: "window_clean", attempt, note: "clean" }),
  close: (attempt) => ({ type: "close_published", attempt }),
};

/** Runs one job; what an old attempt brings is the machine's to drop. */
export const run = (town: Town, { work, attempt }: Job, n: number): void => {
  switch (work) {
    case "plan":
      makePlan(town, attempt, n);
      break;
    case "propose":
      propose(town, attempt, n);
      break;
    case "write":
      prepareWrite(town, attempt);
      break;
    case "assess":
      assess(town, attempt);
      break;
    default:
      tell(town, results[work](attempt, n));
  }
};

const GATES = { plan: "plan", patchset: "review", ship: "deploy", head: null } as const;

/** Puts up what is not shown, in a new comment or by mending the one that is there, and tells when that was. */
const show = (town: Town, { repoId, ref, subject: { digest } }: PlacedSubject) => {
  const content = town.contents.get(ref.kind === "patchset" ? ref.patchSetId : digest);
  if (content === undefined) throw new Error("something is to be shown that nobody made");
  const known = town.panels.get(digest);
  // Mending it would wipe out what an approver may have read.
  if (known?.isOurs === false) reportTampering(town, digest);
  const panel = known ?? { id: nextId(town), digest, shows: "", isOurs: true };
  panel.shows = bytesOf(content);
  panel.isOurs = true;
  town.panels.set(digest, panel);
  // Behind a comment that was only mended, a command in the same second does not count.
  const shownAt = known === undefined ? town.now : town.now + 1;
  return { repoId, digest, shown: { at: at(shownAt), commentId: CommentId.parse(panel.id) } };
};

/** The publisher: null where no gate is to be opened. The event is told later, or never. */
export const publish = (town: Town): MachineEvent | null => {
  if (!isShowing(town.d)) return null;
  const open = subjectsIn(town.d).filter(
    ({ ref, subject }) => GATES[ref.kind] === town.d.phase && subject.shown === null,
  );
  const [gate] = open.map(({ ref }) => GATES[ref.kind]);
  if (gate === undefined || gate === null) return null;
  const { attempt } = town.d;
  return { type: "gate_published", attempt, gate, subjects: open.map((each) => show(town, each)) };
};
