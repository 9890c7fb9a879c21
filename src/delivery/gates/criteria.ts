// Which evidence stands for each acceptance criterion, by what the plan says of how it is checked. A model's word is none. Pure.
import { z } from "zod";
import { RepoId } from "../../ids.ts";
import type { Meaning } from "./newest-checks.ts";

/** What a criterion is bound to. Who accepted one is kept elsewhere: people may do that later. */
export const Proof = z.discriminatedUnion("kind", [
  /** A check or job that the plan names, green. */
  z.object({ kind: z.literal("check"), repoId: RepoId, name: z.string(), url: z.string().nullable() }),
  /** A test that the plan names, found in what a green check reported. */
  z.object({
    kind: z.literal("test"),
    repoId: RepoId,
    test: z.string(),
    name: z.string(),
    url: z.string().nullable(),
  }),
  /** The plan says that checks or tests tell, and all that count are green. `file`: of the tests, where it names one. */
  z.object({
    kind: z.literal("checks"),
    checks: z.array(z.object({ repoId: RepoId, name: z.string(), url: z.string().nullable() })).min(1),
    file: z.string().nullable(),
  }),
  /** A file that the plan names, as it stands in what was approved: the first line that changes. */
  z.object({ kind: z.literal("file"), repoId: RepoId, path: z.string(), line: z.number().int().positive() }),
]);
export type Proof = z.infer<typeof Proof>;

/** Why there is none: a check by that name did not pass, no check passed at all, or only a person can tell. */
export const Lacking = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("check"), name: z.string() }),
  z.object({ kind: z.literal("checks") }),
  z.object({ kind: z.literal("person") }),
]);
export type Lacking = z.infer<typeof Lacking>;

export const Bound = z.object({ id: z.string(), proof: Proof.nullable(), lacks: Lacking.nullable() });
export type Bound = z.infer<typeof Bound>;

export type KnownCheck = Readonly<{
  repoId: RepoId;
  name: string;
  meaning: Meaning;
  url: string | null;
  /** Whether the gate counts it, as one that is required or because none is. */
  counts: boolean;
  /** A commit status: anybody who may write reports those, under any name. */
  status: boolean;
  /** What it reported in words. */
  report: string;
}>;

export type ChangedFile = Readonly<{ repoId: RepoId; path: string; line: number }>;

export type CriteriaInput = Readonly<{
  criteria: readonly Readonly<{ id: string; check: string }>[];
  checks: readonly KnownCheck[];
  files: readonly ChangedFile[];
}>;

const QUOTED = /[`"']([^`"'\n]{2,200})[`"']/g;
const NAMED_CHECK =
  /(?:\b(?:check|job|workflow)\s+[`"']([^`"'\n]{1,200})[`"'])|(?:[`"']([^`"'\n]{1,200})[`"']\s+(?:check|job|workflow)\b)/gi;
const BY_EYE =
  /\b(?:by hand|manual(?:ly)?|look(?:ing)?|by eye|visual(?:ly)?|by a person|screenshots?|by reading|inspect\w*)\b/i;
const BY_CHECKS =
  /\b(?:tests?|specs?|suites?|ci|checks?|builds?|compiles?|lint(?:er|ing)?|type-?checks?|types|coverage|pipelines?|workflows?|jobs?)\b/i;
/** A word that reads like a path of a file. */
const PATH = /[\w@.-]+(?:\/[\w@.-]+)*\.[A-Za-z][\w]{0,9}/g;
/** Shorter words stand in every report. */
const SHORTEST_TEST = 8;

const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map((found) => found.slice(1).find((group) => group !== undefined) ?? found[0]);

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

const isGreen = ({ meaning }: KnownCheck): boolean => meaning === "passed";

/** One binding a criterion, in the order of the plan. */
export const bindCriteria = ({ criteria, checks, files }: CriteriaInput): readonly Bound[] =>
  criteria.map(({ id, check }) => {
    const found = evidenceFor(check, checks, files);
    return "lacks" in found ? { id, proof: null, lacks: found.lacks } : { id, proof: found.proof, lacks: null };
  });

type Found = Readonly<{ proof: Proof }> | Readonly<{ lacks: Lacking }>;

/** The narrowest evidence that the words ask for; what they name must be there, and nothing wider stands in for it. */
const evidenceFor = (words: string, checks: readonly KnownCheck[], files: readonly ChangedFile[]): Found =>
  byNamedCheck(words, checks) ??
  byNamedTest(words, checks) ??
  (BY_EYE.test(words) ? (byFile(words, files) ?? { lacks: { kind: "person" } }) : null) ??
  byAllChecks(words, checks) ??
  byFile(words, files) ?? { lacks: { kind: "person" } };

/** Each name that stands there as a check must be green wherever it ran. */
const byNamedCheck = (words: string, checks: readonly KnownCheck[]): Found | null => {
  const trusted = checks.filter(({ counts, status }) => counts || !status);
  const quoted = matches(words, QUOTED).filter((name) => trusted.some((check) => same(check.name, name)));
  const names = [...new Set([...matches(words, NAMED_CHECK), ...quoted])];
  const [first] = names;
  if (first === undefined) return null;
  const meant = (name: string): readonly KnownCheck[] => trusted.filter((check) => same(check.name, name));
  const amiss = names.find((name) => meant(name).length === 0 || !meant(name).every(isGreen));
  if (amiss !== undefined) return { lacks: { kind: "check", name: amiss } };
  const [check] = meant(first);
  if (check === undefined) return null;
  return { proof: { kind: "check", repoId: check.repoId, name: check.name, url: check.url } };
};

/** Only a report of a green check that counts: anybody may report words under another name. */
const byNamedTest = (words: string, checks: readonly KnownCheck[]): Found | null => {
  for (const test of matches(words, QUOTED)) {
    if (test.length < SHORTEST_TEST) continue;
    const check = checks.find((each) => each.counts && isGreen(each) && each.report.includes(test));
    if (check === undefined) continue;
    return { proof: { kind: "test", repoId: check.repoId, test, name: check.name, url: check.url } };
  }
  return null;
};

const isTestFile = (path: string): boolean => /(?:^|[/._-])(?:tests?|specs?|__tests__)(?:[/._-]|$)/i.test(path);

const byAllChecks = (words: string, checks: readonly KnownCheck[]): Found | null => {
  const named = matches(words, PATH).find(isTestFile) ?? null;
  if (named === null && !BY_CHECKS.test(words)) return null;
  const counted = checks.filter(({ counts }) => counts);
  const green = counted.filter(isGreen);
  const isRed = counted.some(({ meaning }) => meaning !== "passed" && meaning !== "no_opinion");
  if (green.length === 0 || isRed) return { lacks: { kind: "checks" } };
  return {
    proof: { kind: "checks", checks: green.map(({ repoId, name, url }) => ({ repoId, name, url })), file: named },
  };
};

const byFile = (words: string, files: readonly ChangedFile[]): Found | null => {
  const paths = matches(words, PATH);
  const file = files.find(({ path }) => paths.includes(path));
  return file === undefined ? null : { proof: { kind: "file", ...file } };
};
