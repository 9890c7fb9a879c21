// The untrusted texts that a run was shown, read back from its messages; and which of them speak to a machine rather than to people. Pure.
import type { Message } from "../engine.ts";
import type { Data } from "../untrusted.ts";

const FIRST = /<data id="([0-9a-f]{24})" source="/;

/**
 * The id of a message's fences is that of its first one: our own words come before all others', and what others wrote cannot
 * know it. So nobody can claim to be somebody else here.
 */
const blocksOf = ({ content }: Message): readonly Data[] => {
  const id = FIRST.exec(content)?.[1];
  if (id === undefined) return [];
  const fence = new RegExp(`<data id="${id}" source="([^"\\n]*)">\\n([\\s\\S]*?)\\n</data id="${id}">`, "g");
  return [...content.matchAll(fence)].map(([, source = "", text = ""]) => ({ source, text }));
};

/** What others wrote, and not what the model did. */
export const blocksIn = (messages: readonly Message[]): readonly Data[] =>
  messages.filter(({ role }) => role === "user" || role === "tool").flatMap(blocksOf);

/** Ways to speak to a model. None of them proves anything: they only tell which text is the most likely one. */
const ADDRESSING: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:instructions?|rules?|prompts?|above|previous|prior|before)\b/is,
  /\b(?:system|hidden|secret|your) (?:prompt|message|instructions?)\b/i,
  /\byou are (?:now\b|an? (?:ai|assistant|language model|llm|agent|bot))/i,
  /\b(?:reveal|repeat|print|output|reply|answer|quote|include|copy)\b.{0,80}\b(?:prompt|instructions?|canary|word that|belongs to)\b/is,
  /\b(?:ai|assistant|language model|llm)s?\b.{0,40}\b(?:must|should|shall|have to|has to)\b/is,
  /\b(?:write|add|put|post|say|print|output|end|begin|include)\b.{0,80}(?:^|\s|`)\/(?:approve|reject|cancel|plan|retry|revise)\b/ims,
];
/** Of a long text, so much is looked at. */
const MOST_LOOKED_AT = 200_000;

const score = ({ text }: Data): number => {
  const start = text.slice(0, MOST_LOOKED_AT);
  return ADDRESSING.filter((pattern) => pattern.test(start)).length;
};

/** The source of the text that speaks most to a machine; null where none does. `holding` are words that must stand in it. */
export const likelySource = (blocks: readonly Data[], holding: string | null): string | null => {
  const wanted = holding?.toLowerCase() ?? "";
  const speaking = blocks
    .filter(({ text }) => text.toLowerCase().includes(wanted))
    .map((block) => ({ source: block.source, score: score(block) }))
    .filter((block) => block.score > 0)
    .toSorted((a, b) => b.score - a.score);
  return speaking[0]?.source ?? null;
};
