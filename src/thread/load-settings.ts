// What configuration says about the thread, from the newest ConstraintSnapshot.
import { z } from "zod";
import { GATES } from "../config/gate-approvers.ts";
import { CONFIG_PATH, DEFAULT_CONFIG } from "../config/schema.ts";
import { UserId } from "../ids.ts";
import type { NamedApprovers, ThreadSettings } from "./delivery-view.ts";

const Approvers = z.object({
  users: z.array(z.union([z.string(), UserId])),
  teams: z.array(z.object({ organization: z.string().nullable(), slug: z.string() })),
});

const InForce = z.object({ people: z.array(z.object({ id: UserId, login: z.string() })).default([]) });

const Snapshot = z.object({
  config: z.object({
    approvers: Approvers.nullable(),
    gate_approvers: z
      .object({ plan: Approvers.nullable(), review: Approvers.nullable(), deploy: Approvers.nullable() })
      .default({ plan: null, review: null, deploy: null }),
    approvals: z.object({
      plan: z.number(),
      review: z.number(),
      deploy: z.number().default(1),
      requester: z.enum(["counts", "not_alone"]).default("counts"),
    }),
    exit_phase: z.string().default("verify"),
    observe: z.object({ window: z.number() }).default(DEFAULT_CONFIG.observe),
    commands: z.object({ prefix: z.string().nullable() }),
    thread: z.object({ show_cost: z.boolean() }),
    labels: z.object({ state: z.boolean(), plan: z.string(), review: z.string(), needs_human: z.string() }),
    checks: z.object({ proposals: z.boolean() }),
  }),
  approvers: InForce.prefault({}),
  gateApprovers: z.record(z.string(), InForce).default({}),
  from: z.object({ path: z.string(), blob: z.string().nullable() }),
});

/** An id as the login that it had when the snapshot was taken. */
const nameOf = (user: string | UserId, people: readonly Readonly<{ id: UserId; login: string }>[]): string =>
  typeof user === "string" ? user : (people.find(({ id }) => id === user)?.login ?? `id ${user}`);

/** `owner`: of the repository, to which a team without organization belongs. Throws ZodError on another shape. */
export const settingsOf = (snapshot: unknown, owner: string): ThreadSettings => {
  const { config, from, ...inForce } = Snapshot.parse(
    snapshot ?? { config: DEFAULT_CONFIG, from: { path: CONFIG_PATH, blob: null } },
  );
  const { approvers, approvals, commands, thread, labels, checks } = config;
  const people = [inForce.approvers, ...Object.values(inForce.gateApprovers)].flatMap((each) => each.people);
  const named = (list: z.infer<typeof Approvers>): NamedApprovers => ({
    users: list.users.map((user) => nameOf(user, people)),
    teams: list.teams.map(({ organization, slug }) => `${organization ?? owner}/${slug}`),
  });
  const own = GATES.flatMap((gate) => {
    const list = config.gate_approvers[gate];
    return list === null ? [] : [[gate, named(list)] as const];
  });
  return {
    approvers: approvers === null ? null : named(approvers),
    gateApprovers: Object.fromEntries(own),
    requester: approvals.requester,
    quorum: { plan: approvals.plan, review: approvals.review, deploy: approvals.deploy },
    windowSeconds: config.exit_phase === "deploy" ? 0 : config.observe.window,
    prefix: commands.prefix,
    showCost: thread.show_cost,
    labels: labels.state ? { plan: labels.plan, review: labels.review, needsHuman: labels.needs_human } : null,
    checkProposals: checks.proposals,
    configured: from.blob !== null,
  };
};
