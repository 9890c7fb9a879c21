// Reads a request's body as raw bytes, within bounds: whoever sends it has not shown a signature yet.
import type { IncomingMessage } from "node:http";

export type Body =
  | Readonly<{ kind: "whole"; bytes: Buffer }>
  /** Larger than one webhook can be. */
  | Readonly<{ kind: "too_large" }>
  /** Too much is being received at this moment; the same request may succeed later. */
  | Readonly<{ kind: "crowded" }>
  /** The sender stopped, broke off or was too slow. */
  | Readonly<{ kind: "incomplete" }>;

/** Bytes that unverified requests hold in memory, over one listener. */
export type Room = { taken: number; readonly limit: number };

export type BodyBounds = Readonly<{ maxBytes: number; room: Room; maxMilliseconds: number }>;

/** Resolves in every case. Only a whole body still takes its room: the caller gives that back with the bytes. */
export function readBody(request: IncomingMessage, bounds: BodyBounds): Promise<Body> {
  const { maxBytes, room } = bounds;
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve({ kind: "too_large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (body: Body): void => {
      clearTimeout(timer);
      if (body.kind !== "whole") room.taken -= size;
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      // An error that comes after the answer has nobody left to tell.
      request.on("error", () => {});
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      room.taken += chunk.length;
      if (size > maxBytes) end({ kind: "too_large" });
      else if (room.taken > room.limit) end({ kind: "crowded" });
      else chunks.push(chunk);
    };
    const onEnd = (): void => end({ kind: "whole", bytes: Buffer.concat(chunks, size) });
    const onClose = (): void => end({ kind: "incomplete" });
    const timer = setTimeout(onClose, bounds.maxMilliseconds);
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}
