// The end of a stream, and a little of its beginning: what of a log is worth having, whatever its length.

type Bounds = Readonly<{
  headBytes: number;
  tailBytes: number;
  /** Of a stream that goes on longer nobody waits for the end. */
  mostBytes: number;
}>;

/** `leftOut`: bytes between the two; null where the end was not waited for, and then `tail` is not the end either. */
type Ends = Readonly<{ head: Uint8Array; tail: Uint8Array; leftOut: number | null }>;

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
};

/** Holds no more of it than the two bounds, and one chunk. A short stream is all head. */
export async function endsOf(stream: AsyncIterable<Uint8Array>, bounds: Bounds): Promise<Ends> {
  let head: Uint8Array = new Uint8Array();
  let tail: Uint8Array[] = [];
  let kept = 0;
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    const room = bounds.headBytes - head.byteLength;
    if (room > 0) head = joined([head, chunk.subarray(0, room)]);
    if (chunk.byteLength > room) {
      const rest = chunk.subarray(Math.max(0, room));
      tail.push(rest);
      kept += rest.byteLength;
    }
    if (kept > 2 * bounds.tailBytes) {
      tail = [joined(tail).subarray(-bounds.tailBytes)];
      kept = bounds.tailBytes;
    }
    if (size > bounds.mostBytes) return { head, tail: new Uint8Array(), leftOut: null };
  }
  const end = bounds.tailBytes === 0 ? new Uint8Array() : joined(tail).subarray(-bounds.tailBytes);
  return { head, tail: end, leftOut: size - head.byteLength - end.byteLength };
}
