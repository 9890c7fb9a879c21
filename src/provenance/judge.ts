// Whether what a pull request changes is exactly what people approved: every path, with the same content and mode before and after. Pure.
import { z } from "zod";
import { Digest, Sha } from "../ids.ts";
import { type Changes, Entry, sameEntry } from "./changes.ts";

/** What an approval covers: a patch set, or a head with a human's commits that was countersigned. */
export const ApprovedBy = z
  .object({ kind: z.enum(["patchset", "head"]), digest: Digest, head: Sha.nullable() })
  .readonly();
export type ApprovedBy = z.infer<typeof ApprovedBy>;

/** The newest last: what differs from all of them is told by how it differs from the newest. */
export type Approved = Readonly<{ by: ApprovedBy; changes: Changes }>;

export const Difference = z
  .object({
    path: z.string(),
    what: z.enum([
      /** Changed by a commit that nobody approved. */
      "not_approved",
      /** Approved, and not done. */
      "missing",
      /** Approved with another content or another mode. */
      "content",
      "mode",
      /** As approved, but the base has another content there now, which this would undo. */
      "base_changed",
    ]),
    approved: Entry.nullable(),
    found: Entry.nullable(),
  })
  .readonly();
export type Difference = z.infer<typeof Difference>;

export type Judgement =
  | Readonly<{ kind: "approved"; by: ApprovedBy }>
  | Readonly<{ kind: "unapproved"; differences: readonly Difference[] }>;

/** Empty where the changes found are the approved ones. In the order of paths. */
export const differences = (approved: Changes, found: Changes): readonly Difference[] => {
  const all: Difference[] = [];
  for (const path of [...new Set([...approved.keys(), ...found.keys()])].sort()) {
    const [wanted, is] = [approved.get(path), found.get(path)];
    const said = { path, approved: wanted?.after ?? null, found: is?.after ?? null };
    if (wanted === undefined) all.push({ ...said, what: "not_approved" });
    else if (is === undefined) all.push({ ...said, what: "missing" });
    else if (!sameEntry(wanted.after, is.after)) {
      const modeAlone = wanted.after !== null && is.after !== null && wanted.after.sha === is.after.sha;
      all.push({ ...said, what: modeAlone ? "mode" : "content" });
    } else if (!sameEntry(wanted.before, is.before)) all.push({ ...said, what: "base_changed" });
  }
  return all;
};

/** Nothing approved approves nothing. */
export const judge = (approved: readonly Approved[], found: Changes): Judgement => {
  const match = approved.findLast(({ changes }) => differences(changes, found).length === 0);
  if (match !== undefined) return { kind: "approved", by: match.by };
  return { kind: "unapproved", differences: differences(approved.at(-1)?.changes ?? new Map(), found) };
};
