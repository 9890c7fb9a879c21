// Asks for the content of a world's first target, as the WriteGate would, with whatever was changed in the question.
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { ApprovedPort } from "../../src/provenance/approved.ts";
import { approvedContent } from "../../src/write-gate/approved-content.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import { loadCase, type WriteTarget } from "../../src/write-gate/write-case.ts";
import { theOnly, type World } from "./approved-delivery.ts";

/** Nothing is to be read for it. */
export const unread: ApprovedPort = {
  folder: () => Promise.reject(new Error("no tree was asked for")),
  commit: () => Promise.reject(new Error("no commit was asked for")),
  mergeBase: () => Promise.reject(new Error("no common history was asked for")),
};

export type Asked = Readonly<{ world: World; delivery: Delivery; target: WriteTarget; port?: ApprovedPort }>;

export const caseOf = async (
  world: World,
): Promise<Readonly<{ world: World; delivery: Delivery; target: WriteTarget }>> => {
  const wanted = await loadCase(world.db.sql, world.id, world.attempt);
  if (typeof wanted === "string") throw new Error(wanted);
  return { world, delivery: wanted.delivery, target: wanted.targets[0] ?? theOnly([]) };
};

/** The end, or the branch of the content that may be written. */
export const endOf = async ({ world, delivery: asked, target, port = unread }: Asked) => {
  try {
    return (await approvedContent(world.db.sql, asked, target, async () => port)).branch;
  } catch (error) {
    if (error instanceof WriteStop) return error.end;
    throw error;
  }
};
export const refusedOf = ({ target }: Asked, code: string, note: string) => ({
  kind: "refused",
  code,
  repoId: target.place.repoId,
  note,
});
