// Which files a briefing showed whole, as they are when its reader begins: such a file may be written anew. Pure.
import type { ContextPacket } from "../context/packet.ts";

/** Of a file that tasks before changed, the present text counts, or the base with the diff of it. */
export const shownWhole = ({ repositories, task }: ContextPacket): ReadonlySet<string> =>
  new Set([
    ...repositories.flatMap(({ files }) => files.filter(({ whole }) => whole).map(({ path }) => path)),
    ...(task?.files ?? []).filter(({ form }) => form === "whole").map(({ path }) => path),
  ]);
