// The state of one local GitHub, and how things in it are found. Holds records and decides nothing.
import { randomBytes } from "node:crypto";
import type { HookLog } from "./hook-log.ts";
import type { Account, App, Comment, Installation, Organization, Repo, Role, Token, WorldEvent } from "./records.ts";

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export class World {
  readonly url: string;
  readonly hooks: HookLog;
  readonly #clock: () => Date;
  readonly #onEvent: (event: WorldEvent) => void;
  readonly accounts = new Map<number, Account>();
  readonly organizations = new Map<number, Organization>();
  readonly repos = new Map<number, Repo>();
  /** Former full names in lower case, which lead on to the repository as GitHub's redirects do. */
  readonly formerNames = new Map<string, number>();
  readonly apps = new Map<number, App>();
  readonly installations = new Map<number, Installation>();
  readonly tokens: Token[] = [];
  readonly #archives = new Map<string, string>();
  #lastId = 1_000_000;

  constructor(options: { url: string; clock: () => Date; onEvent: (event: WorldEvent) => void; hooks: HookLog }) {
    this.url = options.url;
    this.hooks = options.hooks;
    this.#clock = options.clock;
    this.#onEvent = options.onEvent;
  }

  /** GitHub's clock has whole seconds. */
  now(): Date {
    const at = this.#clock().getTime();
    return new Date(at - (at % 1000));
  }

  /** Rising, and one series for all kinds, so that the id of one thing is never that of another. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** A token for one archive, as the addresses of private ones bear it. */
  openArchive(repo: number, commit: string): string {
    const token = `A${this.nextId()}${randomBytes(12).toString("hex")}`;
    this.#archives.set(token, `${repo} ${commit}`);
    return token;
  }

  mayOpenArchive(token: string, repo: number, commit: string): boolean {
    return this.#archives.get(token) === `${repo} ${commit}`;
  }

  emit(event: WorldEvent): void {
    this.#onEvent(event);
  }

  addAccount(login: string, type: Account["type"], id = this.nextId()): Account {
    if (this.account(login) !== null) throw new Error(`there is already an account ${login}`);
    const account: Account = { id, login, type };
    this.accounts.set(id, account);
    return account;
  }

  account(login: string): Account | null {
    return [...this.accounts.values()].find((account) => same(account.login, login)) ?? null;
  }

  organization(login: string): Organization | null {
    return [...this.organizations.values()].find((org) => same(org.account.login, login)) ?? null;
  }

  repo(owner: string, name: string): Repo | null {
    const live = [...this.repos.values()].filter((repo) => !repo.deleted);
    return live.find((repo) => same(repo.owner.login, owner) && same(repo.name, name)) ?? null;
  }

  comment(repo: Repo, id: number): Comment | null {
    for (const issue of repo.issues.values()) {
      const found = issue.comments.find((comment) => comment.id === id);
      if (found !== undefined) return found;
    }
    return null;
  }

  app(slug: string): App | null {
    return [...this.apps.values()].find((app) => app.slug === slug) ?? null;
  }

  covers(installation: Installation, repo: Repo): boolean {
    const { repositories, account, deleted } = installation;
    return !deleted && repo.owner.id === account.id && (repositories === null || repositories.has(repo.id));
  }

  roleOf(repo: Repo, account: Account): Role {
    if (repo.owner.id === account.id) return "admin";
    if (this.organizations.get(repo.owner.id)?.members.get(account.id) === "admin") return "admin";
    return repo.roles.get(account.id) ?? (repo.visibility === "public" ? "read" : "none");
  }
}
