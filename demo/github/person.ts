// A human at the keyboard: what people do on the web page and with git push, allowed or refused by their role.

import * as accounts from "./acts/accounts.ts";
import { requestAction, rerequestRun } from "./acts/checks.ts";
import { createComment, deleteComment, editComment, react } from "./acts/comments.ts";
import * as deployments from "./acts/deployments.ts";
import * as issues from "./acts/issues.ts";
import * as merging from "./acts/merging.ts";
import * as pulls from "./acts/pulls.ts";
import { createRef, deleteRef, moveRef, signatureOf } from "./acts/refs.ts";
import { ApiError } from "./api-error.ts";
import { mergeBase } from "./git-history.ts";
import type { FileEntry } from "./git-objects.ts";
import type {
  Account,
  Actor,
  App,
  CheckRun,
  Comment,
  DeploymentStatus,
  Issue,
  ReactionContent,
  Repo,
  Role,
} from "./records.ts";
import { atLeast, fullName } from "./records.ts";
import type { World } from "./world.ts";

/** New text by path; null removes the file. */
export type Changes = Readonly<
  Record<string, string | Readonly<{ content: string; mode: "100644" | "100755" | "120000" }> | null>
>;

export class Person {
  readonly #world: World;
  readonly #actor: Actor;
  readonly #repo: Repo;

  constructor(world: World, account: Account, repo: Repo, via: App | null) {
    this.#world = world;
    this.#actor = { account, via };
    this.#repo = repo;
  }

  get id(): number {
    return this.#actor.account.id;
  }

  /** The same person in another repository. */
  in(repository: string): Person {
    const [owner = "", name = ""] = repository.split("/");
    const repo = this.#world.repo(owner, name);
    if (repo === null) throw new Error(`there is no repository ${repository}`);
    return new Person(this.#world, this.#actor.account, repo, this.#actor.via);
  }

  /** The same person acting through an app that was given their token. */
  through(slug: string): Person {
    const app = this.#world.app(slug);
    if (app === null) throw new Error(`there is no app ${slug}`);
    return new Person(this.#world, this.#actor.account, this.#repo, app);
  }

  /** An issue form puts its labels on in the reporter's name, whatever the reporter's role. */
  openIssue(draft: { title: string; body?: string; labels?: readonly string[]; byForm?: boolean }): {
    number: number;
    id: number;
  } {
    this.#must("read");
    const labels = draft.labels ?? [];
    if (labels.length > 0 && draft.byForm !== true) this.#must("triage");
    const { number, id } = issues.openIssue(this.#world, this.#repo, this.#actor, {
      title: draft.title,
      body: draft.body ?? null,
      labels,
    });
    return { number, id };
  }

  editIssue(number: number, change: { title?: string; body?: string }): void {
    const issue = this.#ownOr("triage", number);
    issues.editIssue(this.#world, this.#repo, issue, this.#actor, change);
  }

  label(number: number, name: string): void {
    this.#must("triage");
    issues.addLabel(this.#world, this.#repo, this.#issue(number), this.#actor, name);
  }

  unlabel(number: number, name: string): void {
    this.#must("triage");
    issues.removeLabel(this.#world, this.#repo, this.#issue(number), this.#actor, name);
  }

  closeIssue(number: number, reason: "completed" | "not_planned" = "completed"): void {
    issues.closeIssue(this.#world, this.#repo, this.#ownOr("triage", number), this.#actor, reason);
  }

  reopenIssue(number: number): void {
    issues.reopenIssue(this.#world, this.#repo, this.#ownOr("triage", number), this.#actor);
  }

  deleteIssue(number: number): void {
    this.#must("admin");
    issues.deleteIssue(this.#world, this.#repo, this.#issue(number), this.#actor);
  }

  /** Returns the number in the other repository. */
  transferIssue(number: number, to: string): number {
    this.#must("write");
    const other = this.in(to).#repo;
    return issues.transferIssue(this.#world, this.#repo, other, this.#issue(number), this.#actor).number;
  }

  comment(number: number, body: string): { id: number } {
    this.#must("read");
    return { id: createComment(this.#world, this.#repo, this.#issue(number), this.#actor, body).id };
  }

  editComment(id: number, body: string): void {
    editComment(this.#world, this.#repo, this.#commentOf(id), this.#actor, body);
  }

  /** Hides a comment, as a maintainer does with spam or with what is outdated. */
  hideComment(id: number, why: "abuse" | "off-topic" | "outdated" | "resolved" | "spam"): void {
    this.#must("write");
    this.#comment(id).minimized = why;
  }

  deleteComment(id: number): void {
    deleteComment(this.#world, this.#repo, this.#commentOf(id), this.#actor);
  }

  react(commentId: number, content: ReactionContent): void {
    this.#must("read");
    react(this.#world, this.#comment(commentId), this.#actor, content);
  }

  /** Commits on a branch and pushes it; a new branch starts at `from`, or at the default branch. Returns the commit. */
  push(branch: string, changes: Changes, options: { message?: string; from?: string; force?: boolean } = {}): string {
    this.#must("write");
    const repo = this.#repo;
    const ref = `refs/heads/${branch}`;
    const tip = repo.refs.get(ref);
    const start = options.from ?? (tip === undefined ? repo.defaultBranch : branch);
    const parent = repo.refs.get(`refs/heads/${start}`) ?? start;
    const before = repo.git.commit(parent);
    if (before === null) throw new Error(`there is no commit ${start}`);
    const files = repo.git.files(before.tree);
    for (const [path, change] of Object.entries(changes)) this.#change(files, path, change);
    const author = signatureOf(this.#actor.account, this.#world.now());
    const message = options.message ?? `Change ${Object.keys(changes).join(", ")}`;
    const tree = repo.git.putFiles(files);
    const sha = repo.git.putCommit({
      tree,
      parents: [parent],
      author,
      committer: author,
      message: `${message}\n`,
      signed: false,
    });
    if (tip === undefined) createRef(this.#world, repo, this.#actor, ref, sha, null);
    else moveRef(this.#world, repo, this.#actor, ref, sha, { force: options.force ?? false, permissions: null });
    return sha;
  }

  /** Points a branch somewhere else, as `git push --force` does. */
  forcePush(branch: string, sha: string): void {
    this.#must("write");
    moveRef(this.#world, this.#repo, this.#actor, `refs/heads/${branch}`, sha, { force: true, permissions: null });
  }

  deleteBranch(branch: string): void {
    this.#must("write");
    deleteRef(this.#world, this.#repo, this.#actor, `refs/heads/${branch}`);
  }

  openPull(draft: { title: string; body?: string; head: string; base?: string; draft?: boolean }): { number: number } {
    this.#must("write");
    const { title, body, head, base, draft: asDraft } = draft;
    const wanted = { title, head, body: body ?? null, base: base ?? this.#repo.defaultBranch, draft: asDraft ?? false };
    return { number: pulls.openPull(this.#world, this.#repo, this.#actor, wanted).number };
  }

  retarget(number: number, base: string): void {
    pulls.retarget(this.#world, this.#repo, this.#ownOr("write", number), this.#actor, base);
  }

  mergePull(number: number, method: merging.MergeMethod = "merge"): string {
    this.#must("write");
    const how = { method, sha: null, title: null, message: null };
    return merging.mergePull(this.#world, this.#repo, this.#issue(number), this.#actor, how);
  }

  /** As a provider does it: a deployment of a commit; answers its id. */
  deploy(ref: string, environment: string): number {
    const draft = { ref, environment, task: "deploy", autoMerge: false, requiredContexts: [], payload: {} } as const;
    return deployments.createDeployment(this.#world, this.#repo, this.#actor, { ...draft, description: null }).id;
  }

  /** How far a deployment has come. */
  deploymentStatus(id: number, state: DeploymentStatus["state"], environmentUrl: string | null = null): void {
    const deployment = this.#repo.deployments.find((one) => one.id === id);
    if (deployment === undefined) throw new Error(`there is no deployment ${id}`);
    const draft = { state, environmentUrl, logUrl: null, description: null, autoInactive: true };
    deployments.createDeploymentStatus(this.#world, this.#repo, this.#actor, deployment, draft);
  }

  /** Puts a pull request into the merge queue; returns the commit that the queue made. */
  enqueuePull(number: number): string {
    this.#must("write");
    return merging.enqueuePull(this.#world, this.#repo, this.#issue(number), this.#actor);
  }

  /** Lets the merge queue finish with a pull request. */
  landQueued(number: number): string {
    return merging.landQueued(this.#world, this.#repo, this.#issue(number), this.#actor);
  }

  /** Merges one branch into another, as *Update branch* does; `settled` is the text of files that were in conflict. */
  mergeInto(branch: string, from: string, settled?: Changes): string {
    this.#must("write");
    const repo = this.#repo;
    return merging.mergeInto(
      this.#world,
      repo,
      this.#actor,
      branch,
      from,
      settled === undefined ? null : this.#settle(branch, from, settled),
    );
  }

  /** On the page of the pull request: *Convert to draft*, or *Ready for review*. */
  setDraft(number: number, draft: boolean): void {
    this.#ownOr("write", number);
    pulls.setDraft(this.#world, this.#repo, this.#issue(number), this.#actor, draft);
  }

  /** Comments on lines are of the head; answers the review's id. */
  review(
    number: number,
    state: pulls.ReviewDraft["state"],
    body = "",
    more: Partial<Pick<pulls.ReviewDraft, "comments" | "sha">> = {},
  ): number {
    this.#must("read");
    const draft = { state, body, comments: [], ...more };
    return pulls.submitReview(this.#world, this.#repo, this.#issue(number), this.#actor, draft).id;
  }

  editReview(number: number, id: number, body: string): void {
    pulls.editReview(this.#world, this.#repo, this.#issue(number), this.#actor, id, body);
  }

  dismissReview(number: number, id: number): void {
    this.#must("write");
    pulls.dismissReview(this.#world, this.#repo, this.#issue(number), this.#actor, id);
  }

  clickCheckAction(checkRunId: number, identifier: string): void {
    this.#must("write");
    requestAction(this.#world, this.#repo, this.#actor, this.#run(checkRunId), identifier);
  }

  rerunCheck(checkRunId: number): void {
    this.#must("write");
    rerequestRun(this.#world, this.#repo, this.#actor, this.#run(checkRunId));
  }

  setRole(login: string, role: Role): void {
    this.#must("admin");
    const account = this.#account(login);
    if (role === "none") this.#repo.roles.delete(account.id);
    else this.#repo.roles.set(account.id, role);
  }

  addToTeam(slug: string, login: string): void {
    this.#team(slug).add(this.#account(login).id);
  }

  removeFromTeam(slug: string, login: string): void {
    this.#team(slug).delete(this.#account(login).id);
  }

  renameRepository(name: string): void {
    this.#must("admin");
    accounts.renameRepository(this.#world, this.#repo, this.#actor, name);
  }

  archiveRepository(archived: boolean): void {
    this.#must("admin");
    accounts.setArchived(this.#world, this.#repo, this.#actor, archived);
  }

  setVisibility(visibility: "public" | "private"): void {
    this.#must("admin");
    accounts.setVisibility(this.#world, this.#repo, this.#actor, visibility);
  }

  deleteRepository(): void {
    this.#must("admin");
    accounts.deleteRepository(this.#world, this.#repo, this.#actor);
  }

  /** The branch's files, with those that only the other branch changed taken from there, and these as they are given. */
  #settle(branch: string, from: string, settled: Changes): string {
    const repo = this.#repo;
    const tips = [branch, from].map((name) => repo.refs.get(`refs/heads/${name}`) ?? name);
    const [ours, theirs, base] = [tips[0], tips[1], mergeBase(repo.git, tips[0] ?? "", tips[1] ?? "")].map((sha) =>
      repo.git.files(repo.git.commit(sha ?? "")?.tree ?? ""),
    );
    const files = new Map(ours);
    for (const [path, entry] of theirs ?? []) {
      if (base?.get(path)?.sha === ours?.get(path)?.sha) files.set(path, entry);
    }
    for (const path of base?.keys() ?? []) if (!theirs?.has(path)) files.delete(path);
    for (const [path, change] of Object.entries(settled)) this.#change(files, path, change);
    return repo.git.putFiles(files);
  }

  #must(role: Role): void {
    const has = this.#world.roleOf(this.#repo, this.#actor.account);
    if (atLeast(has, role)) return;
    throw new ApiError(
      403,
      `${this.#actor.account.login} is ${has} on ${fullName(this.#repo)}, and this needs ${role}`,
    );
  }

  #issue(number: number): Issue {
    return issues.issueAt(this.#repo, number);
  }

  #ownOr(role: Role, number: number): Issue {
    const issue = this.#issue(number);
    if (issue.author.id !== this.#actor.account.id) this.#must(role);
    return issue;
  }

  #comment(id: number): Comment {
    const found = this.#world.comment(this.#repo, id);
    if (found === null) throw new Error(`there is no comment ${id} in ${fullName(this.#repo)}`);
    return found;
  }

  /** People with write access may edit and delete anyone's comments, apps' included. */
  #commentOf(id: number): Comment {
    const comment = this.#comment(id);
    if (comment.author.id !== this.#actor.account.id) this.#must("write");
    return comment;
  }

  #run(id: number): CheckRun {
    const found = this.#repo.runs.find((run) => run.id === id);
    if (found === undefined) throw new Error(`there is no check run ${id} in ${fullName(this.#repo)}`);
    return found;
  }

  #account(login: string): Account {
    const found = this.#world.account(login);
    if (found === null) throw new Error(`there is no account ${login}`);
    return found;
  }

  #team(slug: string): Set<number> {
    const team = this.#world.organizations.get(this.#repo.owner.id)?.teams.get(slug);
    if (team === undefined) throw new Error(`there is no team ${slug}`);
    return team.members;
  }

  #change(files: Map<string, FileEntry>, path: string, change: Changes[string] | undefined): void {
    if (change == null) files.delete(path);
    else {
      const { content, mode } =
        typeof change === "string" ? { content: change, mode: files.get(path)?.mode ?? "100644" } : change;
      files.set(path, { mode, sha: this.#repo.git.putBlob(Buffer.from(content)) });
    }
  }
}
