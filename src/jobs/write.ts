// Lets the WriteGate write what was approved, and tells the machine how that ended.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import type { DeliveryId, RepoId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { unreachable } from "../result.ts";
import type { WriteGate, WriteOutcome } from "../write-gate/index.ts";
import type { Handler } from "./handler.ts";

export type WriteJobDeps = Readonly<{ gate: WriteGate; db: Database; clock: Clock; crash: CrashPoint }>;

/** With the queue's pauses about a quarter of a minute: a webhook that GitHub sent is here by then. */
export const TRIES_FOR_A_WEBHOOK = 4;

/** The machine takes no longer notes. */
const NOTE_LENGTH = 2_000;
/** A refusal's code stands before it. */
const CODE_LENGTH = 50;

type Told = Readonly<{ event: MachineEvent; key: string }>;

const aboutFinished = ({ finished }: WriteOutcome, attempt: number): readonly Told[] =>
  finished.length === 0
    ? []
    : [
        {
          event: { type: "written", attempt, repos: [...finished] },
          key: `written:${finished.map(({ repoId }) => repoId).join("+")}`,
        },
      ];

const listed = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(", "));

/** Of several repositories people are told where it stopped, and what stands in each: the others are theirs to keep in mind. */
const withStanding = (note: string, repoId: RepoId, standing: WriteOutcome["standing"]): string => {
  if (standing.length < 2) return note.slice(0, NOTE_LENGTH);
  const place = standing.find((one) => one.repoId === repoId)?.name;
  const opened = standing.flatMap(({ name, pullRequest }) => (pullRequest === null ? [] : [`${name}#${pullRequest}`]));
  const left = standing.filter(({ pullRequest }) => pullRequest === null);
  const notOpened = left.map(({ name, pushed }) => (pushed ? `${name} (its branch is pushed)` : name));
  const what = `Opened: ${listed(opened, "none")}. Not opened: ${listed(notOpened, "none")}.`;
  const where = place === undefined ? "" : `in ${place}: `;
  return `${where}${note.slice(0, Math.max(0, NOTE_LENGTH - CODE_LENGTH - what.length - where.length)).replace(/[.\s]+$/, "")}. ${what}`;
};

const aboutEnd = ({ end, standing }: WriteOutcome, attempt: number): MachineEvent | null => {
  if (end.kind === "written" || end.kind === "not_wanted") return null;
  const { repoId } = end;
  const note = withStanding(end.note, repoId, standing);
  switch (end.kind) {
    case "refused":
      return { type: "write_refused", attempt, note: `${end.code}: ${note}`.slice(0, NOTE_LENGTH) };
    case "overruled":
      return { type: "write_refused", attempt, note };
    case "approval_void":
      return { type: "approval_void", attempt, repoId, of: end.of, note };
    case "base_rewritten":
      return { type: "base_rewritten", repoId, note };
    case "policy_now_blocks":
      return { type: "policy_now_blocks", attempt, note };
    default:
      return unreachable(end);
  }
};

const tell = (deps: WriteJobDeps, deliveryId: DeliveryId, attempt: number, told: readonly Told[]): Promise<void> =>
  deps.db.transaction(async (tx) => {
    for (const { event, key } of told) {
      await report(tx, deliveryId, {
        event,
        actor: { kind: "system", id: "write-gate" },
        at: instant(deps.clock()),
        dedupeKey: `work:write:${attempt}:${key}`,
      });
    }
    // What was pushed before a cancel stopped the rest moves nothing, and has to be named all the same.
    await tx.enqueue("publish", { deliveryId });
  });

export const writeJob =
  (deps: WriteJobDeps): Handler<"write"> =>
  async ({ deliveryId, attempt }, { tries, signal }) => {
    const outcome = await deps.gate.write(deliveryId, attempt, signal);
    const { end } = outcome;
    if (end.kind === "overruled" && tries < TRIES_FOR_A_WEBHOOK) {
      throw new Error(`waiting for the webhook of a command: ${end.note}`);
    }
    const event = aboutEnd(outcome, attempt);
    const told = [...aboutFinished(outcome, attempt), ...(event === null ? [] : [{ event, key: event.type }])];
    const canceled = end.kind === "not_wanted" && end.why === "canceled";
    if (told.length === 0 && !canceled) return;
    await deps.crash("write.before.report");
    await tell(deps, deliveryId, attempt, told);
    await deps.crash("write.after.report");
  };
