// A GitHub on this machine, for the demo, the stories and the benchmarks: the same calls, refusals, events and git names
// over HTTP, everything recorded, and faults on demand. The app under test must not be able to tell.
import type { Server } from "node:http";
import { issueToken } from "./access.ts";
import * as accounts from "./acts/accounts.ts";
import { createStatus } from "./acts/checks.ts";
import { Faults } from "./faults.ts";
import { RepositoryView } from "./look.ts";
import { Person } from "./person.ts";
import type { App, Installation, Permissions, Repo, Token } from "./records.ts";
import { isContentWrite, type LoggedRequest } from "./requests.ts";
import { ROUTES } from "./routes/all.ts";
import { plant, plantRepository, type Seed, type SeedRepository } from "./seed.ts";
import { listen } from "./server.ts";
import { Webhooks } from "./webhooks.ts";
import { World } from "./world.ts";

/** A webhook ends after ten seconds at the latest, and each end is a change. */
const LONGEST_WAIT_MS = 15_000;

export type LocalGitHubOptions = Readonly<{ seed: Seed; clock?: () => Date }>;

export class LocalGitHub {
  readonly url: string;
  readonly requests: LoggedRequest[];
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly #world: World;
  readonly #server: Server;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #listeners: Set<() => void>;

  constructor(parts: {
    url: string;
    requests: LoggedRequest[];
    webhooks: Webhooks;
    faults: Faults;
    world: World;
    server: Server;
    keys: ReadonlyMap<string, string>;
    listeners: Set<() => void>;
  }) {
    this.url = parts.url;
    this.requests = parts.requests;
    this.webhooks = parts.webhooks;
    this.faults = parts.faults;
    this.#world = parts.world;
    this.#server = parts.server;
    this.#keys = parts.keys;
    this.#listeners = parts.listeners;
  }

  /** A human driver, in the first repository of the seed; `in(…)` and `through(…)` lead elsewhere. */
  as(login: string): Person {
    const account = this.#world.account(login);
    if (account === null) throw new Error(`there is no account ${login}`);
    const first = this.#world.repos.values().next().value;
    if (first === undefined) throw new Error("there is no repository");
    return new Person(this.#world, account, first, null);
  }

  repo(name: string): RepositoryView {
    return new RepositoryView(this.#world, this.#repo(name));
  }

  /** What an operator has to know of an app to run it; the first of the seed unless named. */
  app(slug?: string): Readonly<{
    id: number;
    slug: string;
    botLogin: string;
    botId: number;
    privateKey: string;
    webhookSecret: string;
    installationId: number;
  }> {
    const app = this.#app(slug);
    return {
      id: app.id,
      slug: app.slug,
      botLogin: app.bot.login,
      botId: app.bot.id,
      privateKey: this.#keys.get(app.slug) ?? "",
      webhookSecret: app.webhookSecret,
      installationId: this.#installation(app).id,
    };
  }

  /** What the runner of a job keeps of it; the number of the job is that of its check run. */
  keepLog(repository: string, job: number, text: string): void {
    this.#repo(repository).logs.set(job, text);
  }

  /** Actions waits for a maintainer before it runs this workflow; answers how one lets it. */
  holdWorkflow(repository: string, name: string, sha: string): () => void {
    const repo = this.#repo(repository);
    const run = { id: this.#world.nextId(), name, sha, at: this.#world.now() };
    repo.heldWorkflows.push(run);
    const tell = (action: string, status: string, conclusion: string | null): void => {
      const payload = { workflow_run: { id: run.id, name, head_sha: sha, status, conclusion } };
      this.#world.emit({ name: "workflow_run", action, repo, sender: repo.owner, payload });
    };
    tell("completed", "completed", "action_required");
    return () => {
      repo.heldWorkflows.splice(repo.heldWorkflows.indexOf(run), 1);
      tell("requested", "queued", null);
    };
  }

  setWebhookUrl(url: string | null, slug?: string): void {
    this.#app(slug).webhookUrl = url;
  }

  /** A token given without a JWT, as Actions gives one to each job. */
  tokenFor(slug: string, permissions: Permissions): string {
    return issueToken(this.#world, this.#installation(this.#app(slug)), { permissions }).value;
  }

  /** Every token that was ever issued. */
  get tokens(): readonly Token[] {
    return this.#world.tokens;
  }

  expireTokens(): void {
    for (const token of this.#world.tokens)
      token.expiresAt = new Date(Math.min(token.expiresAt.getTime(), this.#world.now().getTime()));
  }

  /** Requests of an app (of any, unless named) that were meant to change contents, refs or pull requests. */
  contentWrites(slug?: string): LoggedRequest[] {
    return this.requests.filter((request) => isContentWrite(request) && (slug === undefined || request.app === slug));
  }

  /** Requests for which there is no route here: the app uses something that this GitHub does not know. */
  unknownRequests(): LoggedRequest[] {
    return this.requests.filter((request) => !request.known);
  }

  addUser(login: string, type: "User" | "Bot" = "User"): { id: number } {
    return { id: this.#world.addAccount(login, type).id };
  }

  renameUser(from: string, to: string): void {
    const account = this.#world.account(from);
    if (account === null || this.#world.account(to) !== null) throw new Error(`cannot rename ${from} to ${to}`);
    account.login = to;
  }

  async addRepository(seed: SeedRepository): Promise<RepositoryView> {
    return new RepositoryView(this.#world, await plantRepository(this.#world, seed));
  }

  /** What an owner does with the app's installation; each sends its webhook. */
  installation(slug?: string) {
    const world = this.#world;
    const installation = this.#installation(this.#app(slug));
    const sender = installation.account;
    return {
      id: installation.id,
      announce: () => accounts.announceInstallation(world, installation, sender),
      suspend: () => accounts.suspend(world, installation, sender),
      unsuspend: () => accounts.unsuspend(world, installation, sender),
      uninstall: () => accounts.uninstall(world, installation, sender),
      acceptPermissions: (permissions: Permissions) =>
        accounts.acceptPermissions(world, installation, sender, permissions),
      choose: (names: readonly string[] | null) =>
        accounts.chooseRepositories(
          world,
          installation,
          sender,
          names === null ? null : names.map((name) => this.#repo(name)),
        ),
    };
  }

  /** Sets a commit status in the name of any account, as CI services outside of Actions do. */
  setStatus(
    repository: string,
    login: string,
    status: { sha: string; context: string; state: "error" | "failure" | "pending" | "success" },
  ): void {
    const account = this.#world.account(login);
    if (account === null) throw new Error(`there is no account ${login}`);
    createStatus(
      this.#world,
      this.#repo(repository),
      { account, via: null },
      { ...status, description: null, targetUrl: null },
    );
  }

  /** Calls `listener` after each request and webhook; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when no webhook is being delivered or waits to be. */
  async idle(): Promise<void> {
    while (this.webhooks.busy) await this.#changeWithin(LONGEST_WAIT_MS);
  }

  /** Looks again after each request and webhook until there is a value. Rejects after `within` milliseconds. */
  async until<T>(look: () => T | null | undefined | false, what: string, within = 20_000): Promise<T> {
    const deadline = Date.now() + within;
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined && found !== false) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`waited ${within} ms in vain for ${what}`);
      await this.#changeWithin(left);
    }
  }

  async close(): Promise<void> {
    this.webhooks.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Resolves at the next change, or after `ms`. */
  async #changeWithin(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(done, ms);
      const stop = this.onChange(done);
    });
  }

  #repo(name: string): Repo {
    const [owner = "", rest = ""] = name.split("/");
    const repo = this.#world.repo(owner, rest);
    if (repo === null) throw new Error(`there is no repository ${name}`);
    return repo;
  }

  #app(slug?: string): App {
    const app = slug === undefined ? this.#world.apps.values().next().value : this.#world.app(slug);
    if (app == null) throw new Error(`there is no app ${slug ?? ""}`);
    return app;
  }

  #installation(app: App): Installation {
    const found = [...this.#world.installations.values()].find((one) => one.app === app);
    if (found === undefined) throw new Error(`${app.slug} is installed nowhere`);
    return found;
  }
}

export const startLocalGitHub = async (options: LocalGitHubOptions): Promise<LocalGitHub> => {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const requests: LoggedRequest[] = [];
  const faults = new Faults();
  let world: World | null = null;
  const theWorld = (): World => {
    if (world === null) throw new Error("the local GitHub has not started yet");
    return world;
  };
  const webhooks = new Webhooks(theWorld, changed);
  const { server, url } = await listen({ world: theWorld, routes: ROUTES, faults, requests, changed });
  const clock = options.clock ?? (() => new Date());
  let planted = false;
  world = new World({
    url,
    clock,
    hooks: webhooks,
    onEvent: (event) => {
      if (planted) webhooks.tell(event);
      changed();
    },
  });
  const keys = await plant(world, options.seed);
  planted = true;
  return new LocalGitHub({ url, requests, webhooks, faults, world, server, keys, listeners });
};
