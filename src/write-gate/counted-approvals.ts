// Which approvals of a patch set count today, and whether they are enough: judged by the rule that opened the gate, with the facts of now.
import type { Sql } from "../db/database.ts";
import { isEnough, type Owners, voicesOf } from "../delivery/needs.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import { type ApprovalRow, standingApprovals } from "./approval-rows.ts";
import { type LookPort, lookAtApprovals } from "./last-look.ts";
import { orRefuse, refuse, WriteStop } from "./outcome.ts";
import type { OwnedByToday, RulesOfToday } from "./rules-of-today.ts";
import type { WriteCase, WriteTarget } from "./write-case.ts";

type Counted = Readonly<{ approval: ApprovalRow; voice: "approver" | "owner" }>;

const entitled = async (
  approvals: readonly ApprovalRow[],
  owned: readonly OwnedByToday[],
  rules: RulesOfToday,
): Promise<Readonly<{ yes: readonly Counted[]; no: readonly string[] }>> => {
  const yes = new Map<number, Counted>();
  const no: string[] = [];
  for (const approval of approvals) {
    const voice = await rules.voiceOf(approval.person, owned);
    if (voice === null) no.push(`approval of \`${approval.person.login}\`: may not approve any more`);
    else yes.set(approval.person.id, { approval, voice });
  }
  return { yes: [...yes.values()], no };
};

const ownersBy = (owned: readonly OwnedByToday[], yes: readonly Counted[]): Owners => ({
  paths: owned.map(({ people, ...each }) => ({
    ...each,
    approvedBy: yes.map(({ approval }) => approval.person.id).filter((id) => people.includes(id)),
  })),
  pathsOnly: yes.filter(({ voice }) => voice === "owner").map(({ approval }) => approval.person.id),
});

/** Whose approval is missing, as parts of a note. */
const missing = (owners: Owners, voices: readonly number[], rules: RulesOfToday): readonly string[] => {
  const { quorum, notAlone } = rules;
  const alone = voices.length > 0 && voices.every((id) => notAlone.some((person) => person.id === id));
  const others = notAlone.map(({ login }) => `\`${login}\``).join(" and ");
  const unowned = owners.paths.filter(({ approvedBy }) => approvedBy.length === 0);
  return [
    `${voices.length} of ${quorum} approvals count`,
    ...(alone ? [`somebody else than ${others} must approve too`] : []),
    ...unowned.map(({ path, count, named }) => {
      const more = count > 1 ? ` and ${count - 1} more` : "";
      return `no owner of \`${path}\`${more} approved: ${named.map((name) => `\`${name}\``).join(", ")}`;
    }),
  ];
};

/** Throws WriteStop `approval_void` when the approvals that count today are not enough by today's rules. */
export const approvalsThatCount = async (
  { sql, readingOf }: Readonly<{ sql: Sql; readingOf: LookPort }>,
  wanted: WriteCase,
  target: WriteTarget,
  rules: RulesOfToday,
  content: PatchSetContent,
): Promise<readonly [ApprovalRow, ...ApprovalRow[]]> => {
  const { patchSet } = target;
  const { repoId } = target.place;
  const { digest } = patchSet;
  const standing = await standingApprovals(sql, wanted.delivery.id, patchSet.id, digest);
  const look = await orRefuse(
    "thread_unreadable",
    repoId,
    lookAtApprovals(standing, { sql, readingOf, wanted, target, rules }),
  );
  const owned = await orRefuse("rules_unusable", repoId, rules.ownersOf(content));
  if (!owned.ok) throw refuse("rules_unusable", repoId, owned.error);
  const { yes, no } = await orRefuse("rules_unusable", repoId, entitled(look.counted, owned.value, rules));

  const owners = ownersBy(owned.value, yes);
  const subject = { digest, approvals: yes.map(({ approval }) => approval.person.id), owners };
  const enough = isEnough(
    subject,
    rules.quorum,
    rules.notAlone.map(({ id }) => id),
  );
  const [first, ...others] = yes.map(({ approval }) => approval);
  if (first === undefined || !enough) {
    const note = [...missing(owners, voicesOf(subject), rules), ...look.voided, ...no].join("; ");
    throw new WriteStop({ kind: "approval_void", repoId, note });
  }
  return [first, ...others];
};
