// A real permit of a world's first target, and the row that its write would get.

import { authorize, type WritePermit } from "../../src/write-gate/authorize.ts";
import { readingsOf } from "../../src/write-gate/readings.ts";
import type { Receipts } from "../../src/write-gate/receipts.ts";
import { loadCase } from "../../src/write-gate/write-case.ts";
import { theOnly, type World } from "./approved-delivery.ts";

export const permitOf = async (world: World): Promise<Readonly<{ permit: WritePermit; row: Receipts }>> => {
  const { sql } = world.db;
  const wanted = await loadCase(sql, world.id, world.attempt);
  if (typeof wanted === "string") throw new Error(wanted);
  const target = wanted.targets[0] ?? theOnly([]);
  const { github, rules } = world.deps(() => {});
  const readingOf = readingsOf(github, wanted, undefined);
  const permit = await authorize({ sql, readingOf, rules }, wanted, target);
  const { writeId: id, subjectKind, subjectId, digest, repoId } = permit.facts;
  const none = { treeSha: null, commitSha: null, branchAt: null, pullNumber: null, deploymentId: null };
  return { permit, row: { id, subjectKind, subjectId, digest, repoId, ...none } };
};
