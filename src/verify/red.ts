// Which checks are red, on which commits, and under which name that is known. Pure.
import type { Counted } from "../delivery/gates/newest-checks.ts";
import type { Digest, RepoId, Sha } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { Seen } from "./look.ts";
import type { OpenedPull } from "./opened.ts";

export type Red = Readonly<{ pull: OpenedPull; head: Sha; failed: readonly Counted[] }>;

export const redOf = (seen: readonly Seen[]): readonly Red[] =>
  seen.flatMap(({ pull, checked, judged }) =>
    judged.verdict === "red"
      ? [{ pull, head: checked, failed: judged.evidence.counted.filter(({ meaning }) => meaning === "failed") }]
      : [],
  );

/** The same checks of the same commits are the same red, whichever run of them it is. */
export const redDigest = (red: readonly Red[]): Digest =>
  digestOf(
    red
      .map(({ pull, head, failed }): readonly [RepoId, Sha, readonly string[]] => [
        pull.repoId,
        head,
        failed.map(({ source, name }) => `${source} ${name}`).sort(),
      ])
      .sort(([a], [b]) => a - b),
  );
