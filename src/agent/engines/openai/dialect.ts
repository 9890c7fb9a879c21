// What an endpoint takes: it is asked for the most that there is, and for less where it says that it does not know it. Pure.
import type { Spoken } from "../../engine.ts";

/** `OPENAI_API`: which of the two interfaces; `auto` tries Responses, and Chat Completions where there is none. */
export type ApiChoice = "auto" | "responses" | "chat";

export type Dialect = Readonly<{
  api: "responses" | "chat";
  format: Spoken["format"];
  tools: boolean;
  effort: boolean;
  /** How Chat Completions name the most tokens of an answer; older endpoints know only the second. */
  limit: "max_completion_tokens" | "max_tokens";
}>;

/** Why nothing was answered: the status, and what the endpoint said of it, in small letters. */
export type Rejection = Readonly<{ status: number; said: string }>;

export const richest = (choice: ApiChoice): Dialect => ({
  api: choice === "chat" ? "chat" : "responses",
  format: "json_schema",
  tools: true,
  effort: true,
  limit: "max_completion_tokens",
});

/** As many as there can be from the richest to the poorest: each changes one thing. */
export const MOST_TRIES = 7;

const NOT_THERE = [404, 405, 501];
const NOT_TAKEN = [400, 415, 422, 501];

const withoutApi = (dialect: Dialect): Dialect => ({ ...dialect, api: "chat" });

const less = (format: Spoken["format"]): Spoken["format"] | null => {
  switch (format) {
    case "json_schema":
      return "json_object";
    case "json_object":
      return "text";
    case "text":
      return null;
  }
};

/** A model that nobody has is not an interface that is missing. */
const isAboutModel = (said: string): boolean => /model_not_found|\bmodel\b.{0,120}(?:not exist|not found)/s.test(said);

const saysApiIsMissing = ({ status, said }: Rejection): boolean =>
  NOT_THERE.includes(status)
    ? !isAboutModel(said)
    : NOT_TAKEN.includes(status) && /unknown.{0,20}(?:url|endpoint|route)|responses api/.test(said);

/**
 * What to ask for instead, or null where the rejection is about something else. `asked` is what this call needs of what can
 * be left out.
 */
export const narrower = (
  dialect: Dialect,
  choice: ApiChoice,
  rejection: Rejection,
  asked: Readonly<{ tools: boolean; effort: boolean }>,
): Dialect | null => {
  const { status, said } = rejection;
  if (dialect.api === "responses" && choice === "auto" && saysApiIsMissing(rejection)) return withoutApi(dialect);
  if (!NOT_TAKEN.includes(status)) return null;
  if (dialect.api === "chat" && dialect.limit === "max_completion_tokens" && said.includes("max_completion_tokens")) {
    return { ...dialect, limit: "max_tokens" };
  }
  if (asked.effort && dialect.effort && /reasoning|effort/.test(said)) return { ...dialect, effort: false };
  if (asked.tools && dialect.tools && /\b(?:tools?|tool_choice|functions?|function_call)\b/.test(said)) {
    return { ...dialect, tools: false };
  }
  if (/response_format|text\.format|json_schema|json_object|json mode|structured|schema|grammar/.test(said)) {
    const format = less(dialect.format);
    return format === null ? null : { ...dialect, format };
  }
  return null;
};

/** What an endpoint has turned out to take is believed for so long: a gateway that was changed needs no restart of ours. */
const BELIEVED_MS = 60 * 60 * 1_000;

export type DialectMemory = Readonly<{
  of: (model: string) => Dialect;
  keep: (model: string, dialect: Dialect) => void;
}>;

/** By model; which interface there is, is the endpoint's matter. Whoever asks when it is forgotten tries the richest again. */
export const dialectMemory = (choice: ApiChoice, now: () => number): DialectMemory => {
  const models = new Map<string, Readonly<{ dialect: Dialect; until: number }>>();
  let api: Readonly<{ name: Dialect["api"]; until: number }> | null = null;
  const isLess = (dialect: Dialect): boolean => JSON.stringify(dialect) !== JSON.stringify(richest(choice));
  return {
    of: (model) => {
      const known = models.get(model);
      const dialect = known !== undefined && now() < known.until ? known.dialect : richest(choice);
      return api !== null && now() < api.until
        ? { ...dialect, api: api.name }
        : { ...dialect, api: richest(choice).api };
    },
    keep: (model, dialect) => {
      // Of something less, the time runs from when it was found out, and not from each use.
      const before = models.get(model);
      const stands = before !== undefined && now() < before.until && isLess(before.dialect);
      models.set(model, { dialect, until: stands ? before.until : now() + BELIEVED_MS });
      if (api === null || now() >= api.until || api.name !== dialect.api)
        api = { name: dialect.api, until: now() + BELIEVED_MS };
    },
  };
};
