// Whether edits of a run fit, judged by the code of today from what is stored of it.
import { and, eq } from "drizzle-orm";
import { type Edit, EditsDocument } from "../../artifacts/edits.ts";
import type { PlanDocument } from "../../artifacts/plan.ts";
import { artifacts } from "../../db/schema.ts";
import type { TreeEntry } from "../../github/reading.ts";
import { Sha } from "../../ids.ts";
import { digestOf } from "../../ledger/canonical.ts";
import { ok, type Result } from "../../result.ts";
import { checkEdits } from "../check-edits.ts";
import { shownWhole } from "../shown-whole.ts";
import { sameName } from "../tasks/order.ts";
import type { ReplayDeps, StoredRun } from "./stored-run.ts";

/** The error says why the code of today cannot tell. */
export type Check = (output: unknown) => Promise<Result<Result<null, string>, string>>;

class NotKept extends Error {
  override readonly name = "NotKept";
}

const nowhere = {
  blob: async (): Promise<never> => {
    throw new NotKept("a file that the store does not have");
  },
};

/** A file whose content is not known here; asking the store for it finds nothing. */
const UNKNOWN = Sha.parse("0".repeat(40));

/** As far as the packet has it: the modes are not in it, and do not decide whether edits fit. */
const entriesOf = (packet: NonNullable<StoredRun["packet"]>): readonly TreeEntry[] =>
  packet.repositories.flatMap(({ paths, files }) => {
    const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
    return [...new Set([...paths, ...blobs.keys()])].map((path) => ({
      path,
      mode: "100644",
      type: "blob" as const,
      sha: blobs.get(path) ?? UNKNOWN,
      size: null,
    }));
  });

/** What the tasks before had come to; null where not all of it is stored. */
const editsBefore = async (deps: ReplayDeps, { packet, deliveryId }: StoredRun): Promise<readonly Edit[] | null> => {
  const wanted = packet?.task?.after ?? [];
  if (wanted.length === 0) return [];
  const rows = await deps.db.sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, deliveryId), eq(artifacts.kind, "edits")));
  const known = new Map(rows.map(({ content }) => [digestOf(content), content]));
  if (!wanted.every((digest) => known.has(digest))) return null;
  return wanted.flatMap((digest) => EditsDocument.parse(known.get(digest)).edits);
};

export const editsCheck =
  (deps: ReplayDeps, run: StoredRun, plan: PlanDocument): Check =>
  async (output) => {
    const { packet } = run;
    const document = EditsDocument.parse(output);
    const [repository] = packet?.repositories ?? [];
    if (packet === null || repository === undefined) return { ok: false, error: "its context packet is not there" };
    const before = await editsBefore(deps, run);
    if (before === null) return { ok: false, error: "the edits of the tasks before it are no longer stored" };
    const here = plan.tasks.filter((task) => sameName(task.repository, repository.name));
    const base = {
      repoId: repository.repoId,
      entries: entriesOf(packet),
      tasks: here.filter(({ id }) => packet.task === undefined || id === packet.task.id),
      before,
      forbidden: () => false,
      onTop: packet.standing !== undefined,
      shownWhole: shownWhole(packet),
    };
    try {
      const checked = await checkEdits(deps, nowhere, base, document, new AbortController().signal);
      return ok(checked.ok ? ok(null) : checked);
    } catch (thrown) {
      if (thrown instanceof NotKept) return { ok: false, error: thrown.message };
      throw thrown;
    }
  };
