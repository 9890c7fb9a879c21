// What every mapping from a payload to a domain event begins with.
import type { z } from "zod";
import type { InstallationId } from "../ids.ts";
import type { DomainEvent, IgnoredReason, Place } from "./domain-event.ts";
import type { Payload } from "./payloads.ts";

/** Who we are, by number: names can be taken. */
export type Self = Readonly<{ appId: number; botId: number }>;

export type StoredWebhook = Readonly<{ event: string; action: string | null; payload: unknown }>;

export const ignored = (reason: IgnoredReason): DomainEvent => ({ kind: "ignored", reason });

export type Mapper = (webhook: StoredWebhook, self: Self) => DomainEvent;

/** An action that we do not act on is left alone before its payload is looked at: it may have any form. */
export const mapper =
  <S extends z.ZodType>(
    schema: S,
    actions: readonly string[] | "any",
    map: (payload: z.output<S>, self: Self) => DomainEvent,
  ): Mapper =>
  ({ action, payload }, self) => {
    if (actions !== "any" && (action === null || !actions.includes(action))) return ignored("not_of_interest");
    const parsed = schema.safeParse(payload);
    return parsed.success ? map(parsed.data, self) : ignored("unreadable");
  };

export const placeOf = (
  payload: Readonly<{ installation: { id: InstallationId }; repository: Payload["Repository"] }>,
): Place => ({
  installationId: payload.installation.id,
  repoId: payload.repository.id,
  ownerId: payload.repository.owner.id,
  owner: payload.repository.owner.login,
  name: payload.repository.name,
  defaultBranch: payload.repository.default_branch,
});
