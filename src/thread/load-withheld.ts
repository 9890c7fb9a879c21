// What no model was shown of the texts that a delivery was briefed with: over all its packets, each thing once.
import { eq } from "drizzle-orm";
import { type ContextPacket, ContextPacket as Packet } from "../context/packet.ts";
import type { Withheld } from "../context/withheld.ts";
import type { Sql } from "../db/database.ts";
import { contextPackets } from "../db/schema.ts";
import type { DeliveryId } from "../ids.ts";
import type { WithheldView } from "./delivery-view.ts";

const textsOf = ({ issue, feedback, repositories }: ContextPacket): readonly (readonly [name: string, Withheld])[] => [
  ["issue", issue.withheld],
  ...feedback.map(({ scope, by, words, withheld }) => [`${scope} ${by} ${words}`, withheld] as const),
  ...repositories.flatMap(({ files }) => files.map(({ blob, withheld }) => [blob, withheld] as const)),
];

export async function loadWithheld(sql: Sql, id: DeliveryId): Promise<WithheldView> {
  const rows = await sql
    .select({ content: contextPackets.content })
    .from(contextPackets)
    .where(eq(contextPackets.deliveryId, id));
  const texts = new Map(rows.flatMap(({ content }) => textsOf(Packet.parse(content))));
  const all = [...texts.values()];
  const sum = (count: (one: Withheld) => number): number => all.reduce((total, one) => total + count(one), 0);
  return {
    secrets: sum(({ secrets }) => secrets.length),
    hiddenParts: sum(({ hiddenParts }) => hiddenParts),
    hiddenCharacters: sum(({ hiddenCharacters }) => hiddenCharacters),
  };
}
