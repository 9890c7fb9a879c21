// GitHub speaks: verify the signature of the raw bytes, store once with the job, answer. Nothing else happens in the request.
import type { IncomingMessage, ServerResponse } from "node:http";
import { pino } from "pino";
import { Probot } from "probot";
import { z } from "zod";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { plainMessage, violationOf } from "../db/errors.ts";
import { WebhookGuid } from "../ids.ts";
import type { Clock } from "../instant.ts";
import type { Log } from "../ops/log.ts";
import { type Room, readBody } from "./body.ts";
import { type Stored, storeWebhook } from "./store.ts";

/** Probot's path, and the root, which Probot's set-up page registers as the address. */
export const WEBHOOK_PATHS: readonly string[] = ["/api/github/webhooks", "/"];

/** GitHub delivers no payload over 25 MB. */
const MAX_BYTES = 25 * 1024 * 1024;
/** Four of the largest at once; real payloads are some 10 KB. */
const MAX_BYTES_AT_ONCE = 4 * MAX_BYTES;
/** GitHub waits 10 s for an answer and records any 2xx as success: what is not committed by then must be a failure. */
const READ_MILLISECONDS = 5_000;
const STORE_MILLISECONDS = 4_000;

export type Outcome = Stored | "refused" | "failed";
/** What an operator counts. Before the signature was verified nothing of the request is told: anybody could have made it up. */
export type OnReceived = (
  received: Readonly<{ event: string | null; action: string | null; outcome: Outcome }>,
) => void;

export type ListenerDeps = Readonly<{
  /** One, or two while the secret is being replaced. */
  secrets: readonly string[];
  db: Database;
  clock: Clock;
  onReceived: OnReceived;
  crash: CrashPoint;
  log: Pick<Log, "warn" | "error">;
  bounds?: Partial<
    Readonly<{ maxBytes: number; maxBytesAtOnce: number; readMilliseconds: number; storeMilliseconds: number }>
  >;
}>;

/** Answers requests for `WEBHOOK_PATHS`, and resolves with false for any other, untouched. Never rejects. */
export type WebhookListener = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const Headers = z.object({
  "x-github-event": z.string().regex(/^[a-z][a-z_]{0,63}$/),
  "x-github-delivery": WebhookGuid,
  "x-hub-signature-256": z.string().regex(/^sha256=[0-9a-f]{64}$/),
  "content-type": z.string().regex(/^application\/json\b/i),
});
const Action = z.object({ action: z.string().max(64) });
const BadRequest = z.object({ errors: z.array(z.object({ status: z.literal(400) })).min(1) });
/** Bytes that are not UTF-8 are refused: verified text and signed bytes are then the same. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const decode = (bytes: Buffer): string | null => {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
};

/** `outcome` is null where the webhook itself was counted when it was stored. */
type Answer = Readonly<{ status: number; says: string; outcome: "refused" | "failed" | null; event: string | null }>;
const refused = (status: number, says: string): Answer => ({ status, says, outcome: "refused", event: null });

/** Throws at once when there is no secret, or an empty one: then any signature would do. */
export function webhookListener(deps: ListenerDeps): WebhookListener {
  const { secrets, bounds = {} } = deps;
  if (secrets.length === 0 || secrets.some((secret) => secret.trim() === "")) {
    throw new Error("the webhook secret is empty");
  }
  const room: Room = { taken: 0, limit: bounds.maxBytesAtOnce ?? MAX_BYTES_AT_ONCE };
  const maxBytes = bounds.maxBytes ?? MAX_BYTES;
  const maxMilliseconds = bounds.readMilliseconds ?? READ_MILLISECONDS;
  const receivers = secrets.map((secret) => receiver(deps, secret));

  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== "POST") return refused(405, "only POST");
    const headers = Headers.safeParse(request.headers);
    if (!headers.success) {
      const wrong = [...new Set(headers.error.issues.map(({ path }) => String(path[0])))];
      return refused(wrong.includes("content-type") ? 415 : 400, `missing or unusable: ${wrong.join(", ")}`);
    }
    const body = await readBody(request, { maxBytes, room, maxMilliseconds });
    switch (body.kind) {
      case "too_large":
        return refused(413, "larger than a webhook can be");
      case "crowded":
        return refused(503, "busy, try again");
      case "incomplete":
        return refused(408, "the body did not arrive");
      case "whole":
        try {
          return await verifyAndReceive(headers.data, decode(body.bytes));
        } finally {
          room.taken -= body.bytes.length;
        }
    }
  };

  const verifyAndReceive = async (headers: z.infer<typeof Headers>, payload: string | null): Promise<Answer> => {
    const { "x-github-event": name, "x-github-delivery": id, "x-hub-signature-256": signature } = headers;
    if (payload === null || payload === "") return refused(400, "the body is not text in UTF-8");
    for (const { webhooks } of await Promise.all(receivers)) {
      if (!(await webhooks.verify(payload, signature))) continue;
      if (!payload.trimStart().startsWith("{")) return refused(400, "the body is not a JSON object");
      try {
        await webhooks.verifyAndReceive({ id, name, payload, signature });
        return { status: 202, says: "received", outcome: null, event: name };
      } catch (error) {
        if (BadRequest.safeParse(error).success) return refused(400, "the body is not a JSON object");
        return { status: 503, says: "could not be stored", outcome: "failed", event: name };
      }
    }
    return refused(401, "the signature does not match");
  };

  return async (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (!WEBHOOK_PATHS.includes(path) || (path === "/" && request.method !== "POST")) return false;
    const answer = await answerTo(request).catch((error: unknown): Answer => {
      deps.log.error({ reason: reasonOf(error) }, "webhook request failed");
      return { status: 500, says: "internal error", outcome: "failed", event: null };
    });
    if (answer.outcome === "refused") deps.log.warn({ status: answer.status, reason: answer.says }, "webhook refused");
    if (answer.outcome !== null) deps.onReceived({ event: answer.event, action: null, outcome: answer.outcome });
    // A body that was not read to its end would be taken for the next request.
    const close = request.complete ? {} : { connection: "close" };
    if (!response.destroyed) {
      response.writeHead(answer.status, { "content-type": "text/plain", ...close }).end(`${answer.says}\n`);
    }
    return true;
  };
}

/**
 * Probot verifies and dispatches. Its HTTP middleware is not used: that answers 202 by itself after 9 s, and what fails
 * later is lost. It gets a token that is none, since a receiver speaks to nobody, and a silent log, since it logs payloads.
 */
async function receiver(deps: ListenerDeps, secret: string): Promise<Probot> {
  const probot = new Probot({ githubToken: "none", secret, log: pino({ level: "silent" }) });
  probot.onAny(async ({ id, name, payload }) => {
    const action = Action.safeParse(payload).data?.action ?? null;
    const received = { guid: WebhookGuid.parse(id), event: name, action, payload };
    const limit = deps.bounds?.storeMilliseconds ?? STORE_MILLISECONDS;
    const outcome = await inTime(storeWebhook(deps, received), limit).catch((error: unknown) => {
      deps.log.error({ guid: id, event: name, action, reason: reasonOf(error) }, "webhook could not be stored");
      throw new Error("not stored");
    });
    deps.onReceived({ event: name, action, outcome });
  });
  return probot.ready();
}

/** A commit that comes too late does no harm: the same webhook sent again is a duplicate. */
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the database did not answer in time")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The innermost cause in one line: drivers and Probot hang queries and payloads on their errors, which no log may hold. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // A server that refuses a statement quotes what is in it.
  if (violationOf(error) !== null) return plainMessage(error);
  return error.cause === undefined ? `${error.name}: ${error.message.slice(0, 200)}` : reasonOf(error.cause);
}
