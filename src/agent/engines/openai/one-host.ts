// A fetch that talks to the address that it was given and to no other, and reads no more than an answer can be long.

/** The longest answer is some 16,000 tokens; whoever sends this much sends no answer. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

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
  const answer = await fetch(input, { ...init, redirect: "manual" });
  const { status, statusText, headers } = answer;
  return answer.body === null ? answer : new Response(counted(answer.body), { status, statusText, headers });
};
