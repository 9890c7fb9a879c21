// Carries out what a model wishes to see, within the bounds of its run. Every call is answered, and counts, whatever becomes of it.

import type { Look } from "../../context/look.ts";
import { withoutSecrets } from "../../context/secret-lines.ts";
import { GitHubError } from "../../github/errors.ts";
import { err, type Result, unreachable } from "../../result.ts";
import type { ToolCall } from "../engine.ts";
import type { LookBounds } from "../step.ts";
import { written } from "../untrusted.ts";
import { type Wish, wishOf } from "./tools.ts";

/** One call with its answer, as the model was told it. */
export type Looked = Readonly<{ call: ToolCall; answer: string; found: boolean }>;

/** What is left of a run's bounds. */
export type Room = Readonly<{ calls: number; bytes: number }>;

export const roomOf = (bounds: LookBounds): Room => bounds;

/** Where it stands, for the fence around it: the model's own words are cleaned by whoever writes the fence. */
const sourceOf = (wish: Wish): string => {
  switch (wish.kind) {
    case "list":
      return `folder ${wish.folder === "" ? "/" : wish.folder} of ${wish.repository}`;
    case "read":
      return `file ${wish.path} of ${wish.repository}`;
    case "search":
      return `lines of ${wish.repository} that were searched for`;
    default:
      return unreachable(wish);
  }
};

const asked = (look: Look, wish: Wish): Promise<Result<string, string>> => {
  switch (wish.kind) {
    case "list":
      return look.list(wish.repository, wish.folder);
    case "read":
      return look.read(wish.repository, wish.path, wish.from, wish.to);
    case "search":
      return look.search(wish.repository, wish.text);
    default:
      return unreachable(wish);
  }
};

/** A call of GitHub that fails costs one look, and not what was spent on the run so far. */
const carriedOut = (look: Look, wish: Wish): Promise<Result<string, string>> =>
  asked(look, wish).catch((thrown: unknown) => {
    if (thrown instanceof GitHubError) return err("It cannot be read at the moment.");
    throw thrown;
  });

export const NOTHING_SHOWN = "Nothing to show. ";
const NO_ROOM = "No more looks are left in this run. Answer with what you have.";
export const TOO_LONG =
  "That is longer than what is left for looks in this run. Ask for less of it, or answer with what you have.";

const lookOnce = async (look: Look, call: ToolCall, room: Room): Promise<Looked> => {
  if (room.calls < 1 || room.bytes < 1) return { call, answer: NO_ROOM, found: false };
  const read = wishOf(call);
  if ("error" in read) return { call, answer: read.error, found: false };
  const found = await carriedOut(look, read.wish);
  // The error may quote names of a repository.
  const text = found.ok ? found.value : `${NOTHING_SHOWN}${found.error}`;
  const answer = written([{ source: sourceOf(read.wish), text: (await withoutSecrets(text)).text }]);
  if (Buffer.byteLength(answer) > room.bytes) return { call, answer: TOO_LONG, found: false };
  return { call, answer, found: found.ok };
};

/** One after the other, in the order in which they were asked for. */
export async function lookFurther(
  look: Look,
  calls: readonly ToolCall[],
  before: Room,
): Promise<Readonly<{ looked: readonly Looked[]; room: Room }>> {
  const looked: Looked[] = [];
  let room = before;
  for (const call of calls) {
    const one = await lookOnce(look, call, room);
    room = { calls: Math.max(0, room.calls - 1), bytes: Math.max(0, room.bytes - Buffer.byteLength(one.answer)) };
    looked.push(one);
  }
  return { looked, room };
}
