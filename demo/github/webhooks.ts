// Webhooks out: composed when something happens, signed, posted one after the other per app, recorded, never sent again.
import { createHmac, randomUUID } from "node:crypto";
import type { Attempt, HookLog, Webhook } from "./hook-log.ts";
import type { App, Installation, WorldEvent } from "./records.ts";
import { installationLite, organizationShape, userShape } from "./render/people.ts";
import { repositoryShape } from "./render/repository.ts";
import type { World } from "./world.ts";

/** GitHub gives a receiver ten seconds. */
const PATIENCE_MS = 10_000;

export type WebhookMatcher = Readonly<{ event?: string; action?: string; app?: string }>;

const meets = (when: WebhookMatcher, hook: Webhook): boolean =>
  (when.event === undefined || when.event === hook.event) &&
  (when.action === undefined || when.action === hook.action) &&
  (when.app === undefined || when.app === hook.app);

// The permission without which GitHub does not send an event to an app.
const PERMISSION_FOR: Readonly<Record<string, string>> = {
  issues: "issues",
  issue_comment: "issues",
  pull_request: "pull_requests",
  pull_request_review: "pull_requests",
  check_run: "checks",
  check_suite: "checks",
  status: "statuses",
  push: "contents",
  merge_group: "merge_queues",
  create: "contents",
  delete: "contents",
};

const wants = (installation: Installation, event: WorldEvent): boolean => {
  const { app, permissions } = installation;
  const permission = PERMISSION_FOR[event.name] ?? "metadata";
  const subscribed = app.events.includes("*") || app.events.includes(event.name);
  return subscribed && (permission === "metadata" || permissions[permission] !== undefined);
};

export class Webhooks implements HookLog {
  readonly log: Webhook[] = [];
  readonly #world: () => World;
  readonly #changed: () => void;
  readonly #queues = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #duplicates: { when: WebhookMatcher; left: number }[] = [];
  readonly #drops: { when: WebhookMatcher; left: number }[] = [];
  readonly #losses: { when: WebhookMatcher; left: number }[] = [];
  #held: Webhook[] | null = null;
  #inFlight = 0;
  #attempts = 0;

  constructor(world: () => World, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
  }

  /** True while something is being delivered; what is held does not count. */
  get busy(): boolean {
    return this.#inFlight > 0;
  }

  /** Holds everything back until `resume`. */
  pause(): void {
    this.#held ??= [];
  }

  /** Sends what was held back, in the order of the events or in reverse. */
  resume(order: "as_it_happened" | "reversed" = "as_it_happened"): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const hook of order === "reversed" ? held.reverse() : held) this.#send(hook, hook.guid);
  }

  /** Loses the next matching webhooks: they are recorded as sent and never arrive, as when the answer timed out. */
  drop(when: WebhookMatcher, times = 1): void {
    this.#drops.push({ when, left: times });
  }

  /** Never sends the next matching webhooks, and keeps no record of them, as with a payload that is too large. */
  lose(when: WebhookMatcher, times = 1): void {
    this.#losses.push({ when, left: times });
  }

  /** Sends the next matching webhooks twice, under one GUID. */
  duplicate(when: WebhookMatcher, times = 1): void {
    this.#duplicates.push({ when, left: times });
  }

  /** Sends a recorded webhook again: a redelivery keeps its GUID, a replay of the signed body has another. */
  replay(hook: Webhook, under: "same" | "new"): void {
    this.#send(hook, under === "same" ? hook.guid : randomUUID());
  }

  find(when: WebhookMatcher): Webhook[] {
    return this.log.filter((hook) => meets(when, hook));
  }

  stop(): void {
    this.#stop.abort();
  }

  tell(event: WorldEvent): void {
    const world = this.#world();
    for (const installation of world.installations.values()) {
      const { app } = installation;
      if (event.only !== undefined && event.only !== app) continue;
      if (event.repo !== null && !world.covers(installation, event.repo)) continue;
      // Installation events come to every app; while suspended an app hears of nothing else.
      const own = event.name === "installation" || event.name === "installation_repositories";
      if (!own && (installation.suspendedAt !== null || !wants(installation, event))) continue;
      this.#record(world, app, installation, event);
      if (own) break;
    }
  }

  #record(world: World, app: App, installation: Installation, event: WorldEvent): void {
    const { repo } = event;
    const organization = repo === null ? null : world.organizations.get(repo.owner.id);
    const payload = {
      ...(event.action === null ? {} : { action: event.action }),
      ...event.payload,
      ...(repo === null ? {} : { repository: repositoryShape(world, repo) }),
      ...(organization == null ? {} : { organization: organizationShape(world, organization.account) }),
      sender: userShape(world, event.sender),
      ...("installation" in event.payload ? {} : { installation: installationLite(installation) }),
    };
    const hook: Webhook = {
      seq: this.log.length + 1,
      guid: randomUUID(),
      app: app.slug,
      event: event.name,
      action: event.action,
      body: JSON.stringify(payload),
      at: world.now(),
      attempts: [],
      state: "waiting",
    };
    if (take(this.#losses, hook)) return;
    this.log.push(hook);
    if (take(this.#drops, hook)) this.#drop(hook, "timed out");
    else if (this.#held !== null) {
      hook.state = "held";
      this.#held.push(hook);
    } else {
      this.#send(hook, hook.guid);
      if (take(this.#duplicates, hook)) this.#send(hook, hook.guid);
    }
  }

  #send(hook: Webhook, guid: string): void {
    hook.state = "sent";
    this.#inFlight += 1;
    const before = this.#queues.get(hook.app) ?? Promise.resolve();
    const after = before
      .then(() => this.#post(hook, guid))
      .then((attempt) => {
        if (attempt !== null) hook.attempts.push(attempt);
        this.#inFlight -= 1;
        this.#changed();
      });
    this.#queues.set(hook.app, after);
  }

  async #post(hook: Webhook, guid: string): Promise<Attempt | null> {
    const app = this.#world().app(hook.app);
    if (app === null || app.webhookUrl === null || this.#stop.signal.aborted) {
      this.#drop(hook, "failed to connect");
      return null;
    }
    const [id, at] = [this.#nextAttempt(), this.#world().now()];
    const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), this.#stop.signal]);
    try {
      const answer = await fetch(app.webhookUrl, {
        method: "POST",
        headers: headersOf(app, hook, guid),
        body: hook.body,
        signal,
      });
      await answer.arrayBuffer();
      return { id, at, guid, status: answer.status, error: null };
    } catch (error) {
      return { id, at, guid, status: null, error: error instanceof Error ? error.message : String(error) };
    }
  }

  #drop(hook: Webhook, error: string): void {
    hook.state = "dropped";
    const at = this.#world().now();
    hook.attempts.push({ id: this.#nextAttempt(), at, guid: hook.guid, status: null, error });
  }

  /** GitHub numbers attempts, not webhooks. */
  #nextAttempt(): number {
    this.#attempts += 1;
    return this.#attempts;
  }
}

const take = (planned: { when: WebhookMatcher; left: number }[], hook: Webhook): boolean => {
  const found = planned.find((one) => one.left > 0 && meets(one.when, hook));
  if (found !== undefined) found.left -= 1;
  return found !== undefined;
};

export const signatureFor = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const headersOf = (app: App, hook: Webhook, guid: string): Record<string, string> => ({
  accept: "*/*",
  "content-type": "application/json",
  "user-agent": "GitHub-Hookshot/0000000",
  "x-github-delivery": guid,
  "x-github-event": hook.event,
  "x-github-hook-id": String(app.hookId),
  "x-github-hook-installation-target-id": String(app.id),
  "x-github-hook-installation-target-type": "integration",
  "x-hub-signature-256": signatureFor(app.webhookSecret, hook.body),
});
