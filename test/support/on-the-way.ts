// Leads a delivery to where a story begins: the plan's gate, the patches' gate, the pull request.
import type { RepositoryView } from "../../demo/github/look.ts";
import { quiet, rowOf } from "./reading-back.ts";
import { PEOPLE, type World } from "./world.ts";

export const PLAN = /^\*\*Plan ready/;
export const PATCHES = /^\*\*Patches ready/;

export type AtGate = Readonly<{ issue: number; code: string }>;

export async function toPlan(world: World, issue = world.begin()): Promise<AtGate> {
  const code = await world.gate(issue, PLAN);
  await quiet(world);
  return { issue, code };
}

export async function toPatches(world: World, from?: AtGate): Promise<AtGate> {
  const { issue, code: plan } = from ?? (await toPlan(world));
  await world.say(issue, PEOPLE.approver, `/approve ${plan}`);
  const code = await world.gate(issue, PATCHES, plan);
  await quiet(world);
  return { issue, code };
}

type Pull = ReturnType<RepositoryView["pulls"]>[number];

/** The pull request of an issue's newest delivery; its checks are being watched. */
export async function toPull(world: World, from?: AtGate): Promise<Readonly<{ issue: number; pull: Pull }>> {
  const { issue, code } = from ?? (await toPatches(world));
  const { id } = await rowOf(world, issue);
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  const pull = await world.until(() => pullOf(world, id), "the pull request");
  await world.until(() => /its checks are watched/.test(world.status(issue)), "the watch");
  await quiet(world);
  return { issue, pull };
}

export const pullOf = ({ shop }: World, deliveryId: number): Pull | undefined =>
  shop.pulls().find(({ head }) => head.ref === `countersign/d-${deliveryId}`);

/** GitHub tells times in whole seconds: within one second, a label that is put on again is the same one told twice. */
export const nextSecond = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 1_050 - (Date.now() % 1_000)));
