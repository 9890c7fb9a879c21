// Looking at a repository as a person with every right would: threads, pull requests, checks and files, as plain values.
import { resolve } from "./acts/refs.ts";
import type { Issue, Repo } from "./records.ts";
import { runShape } from "./render/check.ts";
import { commitShape } from "./render/commit.ts";
import { deploymentShape } from "./render/deployment.ts";
import { commentShape, issueShape } from "./render/issue.ts";
import { pullDetailShape } from "./render/pull.ts";
import type { World } from "./world.ts";

export class RepositoryView {
  readonly #world: World;
  readonly #repo: Repo;

  constructor(world: World, repo: Repo) {
    this.#world = world;
    this.#repo = repo;
  }

  get id(): number {
    return this.#repo.id;
  }

  get defaultBranch(): string {
    return this.#repo.defaultBranch;
  }

  issue(number: number) {
    return issueShape(this.#world, this.#repo, this.#issue(number));
  }

  issues() {
    return [...this.#repo.issues.values()].map((issue) => issueShape(this.#world, this.#repo, issue));
  }

  /** Comments with what REST does not show: whether they are folded, and every text they ever had. */
  comments(number: number) {
    return this.#issue(number).comments.map((comment) => ({
      ...commentShape(this.#world, comment),
      minimized: comment.minimized,
      versions: comment.versions.map((version) => ({ ...version })),
      reactedBy: comment.reactions.map((reaction) => ({ content: reaction.content, login: reaction.by.login })),
    }));
  }

  reactions(number: number) {
    return this.#issue(number).reactions.map((reaction) => ({ content: reaction.content, login: reaction.by.login }));
  }

  pulls() {
    return [...this.#repo.issues.values()].flatMap((issue) =>
      issue.pull === null ? [] : [pullDetailShape(this.#world, this.#repo, issue, issue.pull)],
    );
  }

  /** All check runs in order of creation, on one commit or on any, with their buttons. */
  checkRuns(ref?: string) {
    const sha = ref === undefined ? null : resolve(this.#repo, ref);
    return this.#repo.runs
      .filter((run) => ref === undefined || run.suite.sha === sha)
      .map((run) => ({ ...runShape(this.#world, this.#repo, run), actions: run.actions }));
  }

  /** In order of creation, each with its newest state. */
  deployments() {
    return this.#repo.deployments.map((one) => ({
      ...deploymentShape(this.#world, this.#repo, one),
      state: one.statuses.at(-1)?.state ?? null,
    }));
  }

  /** Full ref names with their commits. */
  refs(): ReadonlyMap<string, string> {
    return new Map(this.#repo.refs);
  }

  head(ref = this.#repo.defaultBranch): string | null {
    return resolve(this.#repo, ref);
  }

  commit(ref: string) {
    const sha = resolve(this.#repo, ref);
    const commit = sha === null ? null : this.#repo.git.commit(sha);
    return sha === null || commit === null ? null : commitShape(this.#world, this.#repo, sha, commit);
  }

  /** Paths with mode and blob at a ref. */
  files(ref = this.#repo.defaultBranch): ReadonlyMap<string, Readonly<{ mode: string; sha: string }>> {
    const commit = this.#repo.git.commit(resolve(this.#repo, ref) ?? "");
    return commit === null ? new Map() : this.#repo.git.files(commit.tree);
  }

  text(path: string, ref = this.#repo.defaultBranch): string | null {
    const entry = this.files(ref).get(path);
    return entry === undefined ? null : (this.#repo.git.blob(entry.sha)?.toString("utf8") ?? null);
  }

  /** The raw object as git stores it, without its header. */
  object(sha: string): { type: string; body: Buffer } | null {
    const [type, body] = [this.#repo.git.typeOf(sha), this.#repo.git.raw(sha)];
    return type === null || body === null ? null : { type, body };
  }

  #issue(number: number): Issue {
    const issue = this.#repo.issues.get(number);
    if (issue === undefined) throw new Error(`there is no issue ${number}`);
    return issue;
  }
}
