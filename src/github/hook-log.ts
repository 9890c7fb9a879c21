// GitHub's own record of the webhooks that it sent us, and how to have one sent again. As the App itself: no installation's token.
import { z } from "zod";
import { InstallationId, RepoId, WebhookGuid } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { orNull, parsed } from "./answer.ts";
import { signAppJwt } from "./app-jwt.ts";
import { openClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { PAGE_SIZE } from "./limits.ts";
import type { Listed } from "./reading.ts";

/** One attempt to hand over one webhook; a webhook that is sent again has another attempt under the same GUID. */
export type HookAttempt = Readonly<{
  id: number;
  guid: WebhookGuid;
  at: Instant;
  /** Whether we answered that we have it. */
  taken: boolean;
  event: string;
  action: string | null;
  installationId: InstallationId | null;
  repoId: RepoId | null;
}>;

export interface HookLog {
  /** Attempts since then, newest first. `complete` is false where there were more pages than we read. Throws GitHubError. */
  readonly attemptsSince: (since: Instant) => Promise<Listed<HookAttempt>>;
  /** False where GitHub has the attempt no more: it keeps them for three days. Throws GitHubError. */
  readonly sendAgain: (attemptId: number) => Promise<boolean>;
}

/** Ours: 20,000 attempts, more than three days of a busy organization's. */
const MOST_PAGES = 200;

const Attempt = z
  .object({
    id: z.number().int().positive(),
    guid: WebhookGuid,
    delivered_at: z.iso.datetime({ offset: true }),
    status_code: z.number().int(),
    event: z.string(),
    action: z.string().nullable(),
    installation_id: InstallationId.nullish(),
    repository_id: RepoId.nullish(),
  })
  .transform(
    (one): HookAttempt => ({
      id: one.id,
      guid: one.guid,
      at: instant(one.delivered_at),
      taken: one.status_code >= 200 && one.status_code < 300,
      event: one.event,
      action: one.action,
      installationId: one.installation_id ?? null,
      repoId: one.repository_id ?? null,
    }),
  );

/** Pages go by a cursor that only the link tells. */
const cursorOf = (link: string | undefined): string | null => {
  const next = /<([^>]*)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return next === undefined || !URL.canParse(next) ? null : new URL(next).searchParams.get("cursor");
};

/** A JWT is good for ten minutes, so each look signs its own. */
export const openHookLog = async (connection: Connection, signal?: AbortSignal): Promise<HookLog> => {
  const { rest } = openClient(connection, {
    auth: await signAppJwt(connection),
    paceId: "app",
    redirects: "follow",
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    attemptsSince: async (since) => {
      const items: HookAttempt[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { data, headers }: Awaited<ReturnType<typeof rest.apps.listWebhookDeliveries>> =
          await rest.apps.listWebhookDeliveries({ per_page: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) });
        const read = parsed(z.array(Attempt), data);
        items.push(...read.filter(({ at }) => at >= since));
        cursor = cursorOf(headers.link);
        if (cursor === null || read.some(({ at }) => at < since)) return { items, complete: true };
      }
      return { items, complete: false };
    },
    sendAgain: async (attemptId) =>
      (await orNull(rest.apps.redeliverWebhookDelivery({ delivery_id: attemptId }))) !== null,
  };
};
