// Files that change what git does with a repository, and what its hooks run.
import { skeleton } from "../path-forms.ts";
import { listed } from "../path-list.ts";
import type { Rule } from "../rule.ts";

export const GIT_FILES = [
  "**/{,.}gitattributes",
  "**/.gitmodules",
  "**/{,.}gitconfig",
  "**/.git-blame-ignore-revs",
  "**/.mailmap",
  "**/.lfsconfig",
  "**/.husky/**",
  "**/.huskyrc*",
  "**/.githooks/**",
  "**/githooks/**",
  "**/.git-hooks/**",
  "**/{,.}lefthook{,-local}.{yml,yaml,toml,json}",
  "**/.lefthook/**",
  "**/.overcommit.yml",
  "**/.pre-commit-{config,hooks}.{yml,yaml}",
  "**/.lintstagedrc*",
  "**/{,.}simple-git-hooks*",
  "**/hooks/{applypatch-msg,commit-msg,post-applypatch,post-checkout,post-commit,post-merge,post-receive,post-rewrite,post-update}",
  "**/hooks/{pre-applypatch,pre-auto-gc,pre-commit,pre-merge-commit,pre-push,pre-rebase,pre-receive,prepare-commit-msg,update}",
  "**/hooks/{fsmonitor-watchman,proc-receive,push-to-checkout,reference-transaction,sendemail-validate}",
  "**/.gitreview",
  "**/.{hg,svn,bzr,jj,sl}/**",
  "**/.hgrc",
  "**/.hgsub{,state}",
] as const;

const orders = listed(GIT_FILES, "Git or its hooks take orders from this file.");

const INSIDE = /^(.*\/)(?:head|config|commondir|packed-refs|objects\/.*|refs\/.*|hooks\/.*|worktrees\/.*)$/s;
/** The folder that a file would be part of the insides of, if that folder were a repository; null when it could not. */
const aroundOf = (path: string): string | null => INSIDE.exec(skeleton(path))?.[1] ?? null;

/**
 * A folder with the insides of a repository is one to git, by whatever name: whoever enters it obeys its configuration,
 * which names programs to run. It takes a HEAD, and objects and refs or a file that says where they are.
 */
const nested: Rule = ({ files, base }) => {
  const parts = new Map<string, Set<string>>();
  const note = (path: string) => {
    const around = aroundOf(path);
    if (around === null) return;
    const part = skeleton(path).slice(around.length).split("/", 1)[0] ?? "";
    parts.set(around, (parts.get(around) ?? new Set()).add(part));
  };
  for (const path of base?.modes.keys() ?? []) note(path);
  for (const { kind, path } of files) if (kind !== "delete") note(path);
  const isRepository = (around: string): boolean => {
    const there = parts.get(around) ?? new Set();
    return there.has("head") && (there.has("commondir") || there.has("refs") || there.has("objects"));
  };
  return files.flatMap((file) => {
    const around = file.kind === "delete" ? null : aroundOf(file.path);
    if (around === null || !isRepository(around)) return [];
    return [{ path: file.path, line: null, message: "The folder around this file would be a repository to git." }];
  });
};

export const gitConfig: Rule = async (proposal, settings) => [
  ...(await orders(proposal, settings)),
  ...(await nested(proposal, settings)),
];
