// Watches the answers of one run: what shows that a text gave the model orders ends it, what may be a mistake is told once. Pure.
import type { z } from "zod";
import type { Message, ToolCall } from "../engine.ts";
import { blocksIn, likelySource } from "./blocks.ts";
import { echoesCanary } from "./canary.ts";
import { type Overreach, overreachesIn, overreachWords } from "./overreach.ts";

/** What no answer of a run may hold, and what all of them may name. */
export type Guard = Readonly<{ canary: string; repositories: readonly string[] }>;

/** `source` names the text that is most likely behind it, where one could be found. */
export type Injected = Readonly<{ kind: "injected"; what: string; source: string | null }>;

export type Verdict = Injected | Readonly<{ kind: "told"; why: string }> | Readonly<{ kind: "clean" }>;

type Said = Readonly<{ text: string; toolCalls: readonly ToolCall[] }>;

const keyOf = ({ kind, words }: Overreach): string => `${kind}:${words.toLowerCase()}`;

/** Only what a text asked for that speaks to a machine: words alone are no sign of anything, issues are full of them. */
const askedFor = (found: readonly Overreach[], shown: readonly Message[]) => {
  if (found.length === 0) return [];
  const blocks = blocksIn(shown);
  return found.flatMap((one) => {
    const source = likelySource(blocks, one.words);
    return source === null ? [] : [{ one, source }];
  });
};

/** One for each run; `shown` is all that the model had before it when it answered. */
export const watchFor = (guard: Guard | null) => {
  const toldOf = new Set<string>();
  return (said: Said, schema: z.ZodType, shown: readonly Message[]): Verdict => {
    if (guard === null) return { kind: "clean" };
    const { text, toolCalls } = said;
    const all = [text, ...toolCalls.flatMap(({ name, arguments: given }) => [`${name} ${given}`, given])];
    if (all.some((each) => echoesCanary(each, guard.canary))) {
      const what = "The answer repeats a word of our instructions that no answer may hold.";
      return { kind: "injected", what, source: likelySource(blocksIn(shown), null) };
    }
    const found = askedFor(
      [
        ...overreachesIn(text, schema, guard.repositories),
        ...toolCalls.flatMap(({ arguments: given }) => overreachesIn(given, null, guard.repositories)),
      ],
      shown,
    );
    const again = found.find(({ one }) => toldOf.has(keyOf(one)));
    if (again !== undefined) {
      const what = `The answer ${overreachWords(again.one)}, also after the model was told not to.`;
      return { kind: "injected", what, source: again.source };
    }
    for (const { one } of found) toldOf.add(keyOf(one));
    if (found.length === 0) return { kind: "clean" };
    const why = found.map(({ one }) => `Your answer ${overreachWords(one)}. Leave it out, or quote it in a code span.`);
    return { kind: "told", why: why.join("\n") };
  };
};
