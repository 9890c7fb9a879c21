// The word before commands as the delivery last knew it: enough to leave alone, without asking GitHub, what is for other bots.
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { newestSnapshot } from "../delivery/store.ts";
import type { DeliveryId } from "../ids.ts";

const Snapshot = z.object({ config: z.object({ commands: z.object({ prefix: z.string().nullable() }) }) });

export const knownPrefix = async (sql: Sql, id: DeliveryId): Promise<string | null> =>
  Snapshot.safeParse(await newestSnapshot(sql, id)).data?.config.commands.prefix ?? null;
