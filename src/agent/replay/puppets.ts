// A run's engine and looks, played back from its transcript: they say again what was said then, and reach nothing.
import type { Look } from "../../context/look.ts";
import { digestOf } from "../../ledger/canonical.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Engine, Message } from "../engine.ts";
import { blocksIn } from "../injection/blocks.ts";
import { NOTHING_SHOWN, TOO_LONG } from "../look/further.ts";
import { type Exchange, requestsOf } from "../transcript.ts";

export type Puppets = Readonly<{
  engine: Engine;
  look: Look;
  /** The exchange that is being replayed; null before the first, and when there are no more. */
  current: () => Exchange | null;
  /** Sentences on what went another way than then. */
  differences: () => readonly string[];
}>;

/** Longer than the bounds of any run: what did not fit then does not fit now. */
const TOO_MUCH = "x".repeat(1_100_000);

/** What a look brought, out of its fence; null where none was made, because the call was none. */
const broughtBy = ({ answer, found }: Exchange["looked"][number]): Result<string, string> | null => {
  if (answer === TOO_LONG) return ok(TOO_MUCH);
  const [block] = blocksIn([{ role: "tool", callId: "", content: answer }]);
  if (block === undefined || !answer.startsWith("<data ")) return null;
  return found ? ok(block.text) : err(block.text.slice(NOTHING_SHOWN.length));
};

/** The database keeps the keys of an object in an order of its own. */
const sameMessages = (a: readonly Message[], b: readonly Message[] | undefined): boolean =>
  digestOf(a) === digestOf(b ?? []);

export function puppetsOf(name: string, transcript: readonly Exchange[]): Puppets {
  const requests = requestsOf(transcript);
  const differences: string[] = [];
  let at = -1;
  let looks: (Result<string, string> | null)[] = [];
  const next = async (): Promise<Result<string, string>> => {
    const look = looks.shift();
    return look ?? err("The transcript has no such look.");
  };
  return {
    current: () => transcript[at] ?? null,
    differences: () => differences,
    look: { list: next, read: next, search: next },
    engine: {
      name,
      complete: async ({ messages }) => {
        at += 1;
        const exchange = transcript[at];
        if (exchange === undefined) {
          differences.push(`call ${at + 1}: asked again, though the run ended here`);
          return err({
            code: "rejected",
            message: "the transcript has no more answers",
            usage: { inputTokens: 0, outputTokens: 0 },
            retryAfter: null,
          });
        }
        if (!sameMessages(messages, requests[at])) differences.push(`call ${at + 1}: another request than then`);
        const { answer, toolCalls, error, usage, model, spoken } = exchange;
        if (answer === null || error !== null) {
          const failed = error ?? { code: "alien" as const, message: exchange.failure ?? "", retryAfter: null };
          return err({ ...failed, usage });
        }
        looks = exchange.looked.map(broughtBy).filter((look) => look !== null);
        const how = spoken ?? { api: "unknown", format: "json_schema", tools: false, effort: false };
        return ok({ text: answer, toolCalls, model: model ?? "unknown", usage, spoken: how });
      },
    },
  };
}
