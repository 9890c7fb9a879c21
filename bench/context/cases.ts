// A case is a commit that was made once: its message stands for the issue, its parent for the repository, what it changed for the truth.
import { isLockFile, isTest } from "../../src/context/retrieval/kinds.ts";
import { git } from "./git.ts";

/** Lines as they are numbered before the commit; where lines were only added, the one above them. */
export type Changed = Readonly<{ path: string; lines: readonly number[] }>;
export type Case = Readonly<{
  repository: string;
  commit: string;
  parent: string;
  message: string;
  /** What is to be found. */
  truth: readonly Changed[];
  /** Tests and lock files, which are told apart: they follow from the rest. */
  apart: readonly Changed[];
}>;

/** Larger commits are not one change. */
const MOST_FILES = 15;

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

const countOf = (count: string | undefined): number => (count === undefined ? 1 : Number(count));

/** Of a diff without context. Lines of a hunk are counted, because one that was removed may look like a header. */
export const changesIn = (diff: string): readonly Changed[] => {
  const changes: { path: string; lines: number[] }[] = [];
  let current: { path: string; lines: number[] } | null = null;
  let left = 0;
  for (const line of diff.split("\n")) {
    if (left > 0 && /^[-+]/.test(line)) {
      left -= 1;
      continue;
    }
    const hunk = HUNK.exec(line);
    if (hunk !== null) {
      const [, from, removed, added] = hunk;
      left = countOf(removed) + countOf(added);
      const first = Math.max(1, Number(from));
      const lines = Math.max(1, countOf(removed));
      for (let number = first; number < first + lines; number += 1) current?.lines.push(number);
    } else if (line.startsWith("diff --git ")) current = null;
    else if (line.startsWith("--- a/")) {
      current = { path: line.slice(6).replace(/\t$/, ""), lines: [] };
      changes.push(current);
    }
  }
  return changes.filter(({ lines }) => lines.length > 0);
};

const isApart = ({ path }: Changed): boolean => isTest(path) || isLockFile(path);

/** The newest commits that changed something to be found; merges are left out. */
export function casesOf(repository: string, most: number): readonly Case[] {
  const log = git(repository, ["log", "--no-merges", "--format=%x01%H %P%x02%B", "HEAD"]).toString("utf8");
  const cases: Case[] = [];
  for (const entry of log.split("\x01")) {
    if (cases.length >= most) break;
    const [head = "", message = ""] = entry.split("\x02");
    const [commit = "", parent = ""] = head.split(" ");
    if (parent === "") continue;
    const options = ["-U0", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv"];
    const diff = git(repository, ["-c", "core.quotepath=off", "diff", ...options, parent, commit]).toString("utf8");
    const changed = changesIn(diff);
    const truth = changed.filter((change) => !isApart(change));
    if (truth.length === 0 || (diff.match(/^diff --git /gm)?.length ?? 0) > MOST_FILES) continue;
    cases.push({ repository, commit, parent, message: message.trim(), truth, apart: changed.filter(isApart) });
  }
  return cases;
}
