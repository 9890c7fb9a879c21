// A fetch that talks to the address that it was given and to no other, and reads no more than an answer can be long.

/** The longest answer is some 16,000 tokens; whoever sends this much sends no answer. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/** Codes of an address that nobody answers at: no byte of the request has left. */
const NEVER_OPENED = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

export const wasNeverOpened = (thrown: unknown): boolean => {
  if (!(thrown instanceof Error)) return false;
  if ("code" in thrown && NEVER_OPENED.some((code) => code === thrown.code)) return true;
  if (thrown instanceof AggregateError) return thrown.errors.length > 0 && thrown.errors.every(wasNeverOpened);
  return wasNeverOpened(thrown.cause);
};

/** Marks what stands for an answer that was lost on its way. */
export const LOST = "x-countersign-lost";
/** The status of an answer that nobody sent. */
export const NO_ANSWER = 599;

/**
 * What a gateway says when whoever stands behind it brought no answer in time, or a broken one (RFC 9110, 15.5.9, 15.6.3 and 15.6.5; 520 and 524
 * are Cloudflare's). Any other status is the word of somebody who did not answer, and charges nothing.
 */
const LOST_BEHIND: readonly number[] = [408, 502, 504, 520, 524];

const lost = (status: number): Response =>
  new Response(null, { status, headers: { "x-should-retry": "false", [LOST]: "yes" } });

/**
 * The question left, and no answer came: it may have been heard, and paid for. The client would ask again within the call, which is
 * counted once, and asks nothing again where an answer says so; a call that reached nobody it may repeat.
 */
const unlessLost = async (asked: Promise<Response>, signal: AbortSignal | null | undefined): Promise<Response> => {
  try {
    const answer = await asked;
    if (!LOST_BEHIND.includes(answer.status)) return answer;
    await answer.body?.cancel();
    return lost(answer.status);
  } catch (thrown) {
    if (signal?.aborted || wasNeverOpened(thrown)) throw thrown;
    return lost(NO_ANSWER);
  }
};

const counted = (body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> => {
  let size = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        size += chunk.byteLength;
        if (size > MAX_ANSWER_BYTES) controller.error(new AnswerTooLarge(`more than ${MAX_ANSWER_BYTES} bytes`));
        else controller.enqueue(chunk);
      },
    }),
  );
};

/** A redirect is an answer like any other: following it would take the prompt, and perhaps the key, to somebody else. */
export const oneHost: typeof fetch = async (input, init) => {
  const answer = await unlessLost(fetch(input, { ...init, redirect: "manual" }), init?.signal);
  const { status, statusText, headers } = answer;
  return answer.body === null ? answer : new Response(counted(answer.body), { status, statusText, headers });
};
