// Which approvals count today, and whether they are enough: judged by the rule that opened the gate, with the facts of now.
import type { Sql } from "../db/database.ts";
import { isEnough, type Owners, voicesOf } from "../delivery/needs.ts";
import { type ApprovalRow, standingApprovals } from "./approval-rows.ts";
import { type LookPort, lookAtApprovals } from "./last-look.ts";
import { orRefuse, refuse, WriteStop } from "./outcome.ts";
import type { Approved } from "./rests-on.ts";
import type { CaseBase } from "./write-case.ts";
import type { JudgedGate, OwnedNow, WriteRules } from "./write-rules.ts";

type Counted = Readonly<{ approval: ApprovalRow; voice: "approver" | "owner" }>;

type Judging = Readonly<{ gate: JudgedGate; owned: readonly OwnedNow[]; rules: WriteRules }>;

const entitled = async (
  approvals: readonly ApprovalRow[],
  { gate, owned, rules }: Judging,
): Promise<Readonly<{ yes: readonly Counted[]; no: readonly string[] }>> => {
  const yes = new Map<number, Counted>();
  const no: string[] = [];
  for (const approval of approvals) {
    const voice = await rules.voiceOf(approval.person, gate, owned);
    if (voice === null) no.push(`approval of \`${approval.person.login}\`: may not approve any more`);
    else yes.set(approval.person.id, { approval, voice });
  }
  return { yes: [...yes.values()], no };
};

const ownersBy = (owned: readonly OwnedNow[], yes: readonly Counted[]): Owners => ({
  paths: owned.map(({ people, ...each }) => ({
    ...each,
    approvedBy: yes.map(({ approval }) => approval.person.id).filter((id) => people.includes(id)),
  })),
  pathsOnly: yes.filter(({ voice }) => voice === "owner").map(({ approval }) => approval.person.id),
});

/** Who made it, and how many pushes of it nobody saw. */
type Made = Readonly<{ made: readonly number[]; unseen: number }>;

/** Whose approval is missing, as parts of a note. */
const missing = (owners: Owners, voices: readonly number[], { made, unseen }: Made, judging: Judging): string[] => {
  const { gate, rules } = judging;
  const { quorum, notAlone } = rules;
  const alone = notAlone.length > 0 && voices.length > 0;
  const isAlone = alone && voices.every((id) => made.includes(id) || notAlone.some((person) => person.id === id));
  const others = notAlone.map(({ login }) => `\`${login}\``).join(" and ");
  const unowned = owners.paths.filter(({ approvedBy }) => approvedBy.length === 0);
  return [
    `${voices.length} of ${quorum[gate]} approvals count`,
    ...(isAlone
      ? [`somebody else than ${others}${made.length > 0 ? " and whoever made it" : ""} must approve too`]
      : []),
    ...(notAlone.length > 0 && unseen > 0
      ? [`who pushed it is not known, so ${unseen + 1} people beside ${others} must approve it`]
      : []),
    ...unowned.map(({ path, count, named }) => {
      const more = count > 1 ? ` and ${count - 1} more` : "";
      return `no owner of \`${path}\`${more} approved: ${named.map((name) => `\`${name}\``).join(", ")}`;
    }),
  ];
};

/** Throws WriteStop `approval_void` when the approvals that count today are not enough by today's rules. */
export const approvalsThatCount = async (
  { sql, readingOf }: Readonly<{ sql: Sql; readingOf: LookPort }>,
  wanted: CaseBase,
  approved: Approved,
  { rules, owned }: Omit<Judging, "gate">,
): Promise<readonly [ApprovalRow, ...ApprovalRow[]]> => {
  const { kind, repoId, subject: shown } = approved;
  const gate = kind === "plan" ? "plan" : kind === "ship" ? "deploy" : "review";
  const judging = { gate, owned, rules } as const;
  const standing = await standingApprovals(sql, wanted.delivery.id, { ...approved, digest: shown.digest });
  const look = await orRefuse(
    "thread_unreadable",
    repoId,
    lookAtApprovals(standing, { sql, readingOf, wanted, approved, rules }),
  );
  const { yes, no } = await orRefuse("rules_unusable", repoId, entitled(look.counted, judging));

  const owners = ownersBy(owned, yes);
  const { digest, madeBy = [], pushedUnseen = [] } = shown;
  const subject = { digest, madeBy, pushedUnseen, approvals: yes.map(({ approval }) => approval.person.id), owners };
  const enough = isEnough(
    subject,
    rules.quorum[gate],
    rules.notAlone.map(({ id }) => id),
  );
  const [first, ...others] = yes.map(({ approval }) => approval);
  if (first === undefined || !enough || !shown.approved) {
    const why = [
      ...missing(owners, voicesOf(subject), { made: madeBy, unseen: pushedUnseen.length }, judging),
      ...look.voided,
      ...no,
    ].join("; ");
    if (kind === "ship") throw refuse("not_approved", repoId, why);
    throw new WriteStop({ kind: "approval_void", of: kind, repoId, note: why });
  }
  return [first, ...others];
};
