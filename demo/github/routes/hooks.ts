// Routes of the app's own webhook log: what was sent to it, and to have it sent again.
import { notFound } from "../api-error.ts";
import type { Attempt, Webhook } from "../hook-log.ts";
import type { App } from "../records.ts";
import { type Answer, type AppCall, appRoute, numberParam, type Route } from "../route.ts";
import type { World } from "../world.ts";

/** GitHub keeps them for three days. */
const KEPT_MS = 3 * 86_400_000;
const LARGEST_PAGE = 100;

type Entry = Readonly<{ hook: Webhook; attempt: Attempt; again: boolean }>;

/** Newest first. */
const entriesOf = (world: World, app: App): Entry[] =>
  world.hooks.log
    .filter((hook) => hook.app === app.slug)
    .flatMap((hook) => hook.attempts.map((attempt, at) => ({ hook, attempt, again: at > 0 })))
    .filter(({ attempt }) => world.now().getTime() - attempt.at.getTime() < KEPT_MS)
    .sort((a, b) => b.attempt.id - a.attempt.id);

const statusOf = ({ status, error }: Attempt): string => {
  if (status === null) return error ?? "failed to connect";
  return status < 300 ? "OK" : `Invalid HTTP Response: ${status}`;
};

const idIn = (payload: unknown, key: string): number | null => {
  const part: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, key) : null;
  const id: unknown = typeof part === "object" && part !== null ? Reflect.get(part, "id") : null;
  return typeof id === "number" ? id : null;
};

const shape = ({ hook, attempt, again }: Entry) => {
  const payload: unknown = JSON.parse(hook.body);
  return {
    id: attempt.id,
    guid: attempt.guid,
    delivered_at: attempt.at.toISOString(),
    redelivery: again,
    duration: 0.1,
    status: statusOf(attempt),
    status_code: attempt.status ?? 0,
    event: hook.event,
    action: hook.action,
    installation_id: idIn(payload, "installation"),
    repository_id: idIn(payload, "repository"),
    throttled_at: null,
  };
};

/** Pages by cursor, as GitHub does here and almost nowhere else. */
const page = (call: AppCall): Answer => {
  const size = Math.min(LARGEST_PAGE, Math.max(1, Number(call.query.get("per_page") ?? 30) || 30));
  const cursor = /^v1_(\d+)$/.exec(call.query.get("cursor") ?? "")?.[1];
  const entries = entriesOf(call.world, call.app).filter(
    ({ attempt }) => cursor === undefined || attempt.id <= Number(cursor),
  );
  const next = entries[size];
  const query = new URLSearchParams({ per_page: String(size), cursor: `v1_${next?.attempt.id ?? 0}` });
  const link = `<${call.world.url}/app/hook/deliveries?${query}>; rel="next"`;
  return { status: 200, body: entries.slice(0, size).map(shape), headers: next === undefined ? {} : { link } };
};

export const hookRoutes: readonly Route[] = [
  appRoute("GET /app/hook/deliveries", page),
  appRoute("POST /app/hook/deliveries/:id/attempts", (call) => {
    const found = entriesOf(call.world, call.app).find(({ attempt }) => attempt.id === numberParam(call, "id"));
    if (found === undefined) throw notFound();
    call.world.hooks.replay(found.hook, "same");
    return { status: 202, body: {} };
  }),
];
