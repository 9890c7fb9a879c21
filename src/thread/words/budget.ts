// Budgets in words: which limit stopped a call, what is left of it, and what people can do about it.
import { CONFIG_PATH } from "../../config/schema.ts";
import type { Scope, Shortage, Unit } from "../../delivery/shortage.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { command } from "./commands.ts";
import { dollars, showsCost } from "./cost.ts";
import { moment, number, sentences, span } from "./phrase.ts";

type Counted = Exclude<Unit, "price">;

export const LIMIT_OF: Readonly<Record<Counted, string>> = {
  tokens: "tokens",
  money: "money",
  time: "model time",
};

/** In a code span: two dollar signs on one line would begin a formula. */
const money = (micros: number): string => codeSpan(dollars(micros));

export const amountWords = (unit: Counted, amount: number): string => {
  switch (unit) {
    case "tokens":
      return `${number(amount)} tokens`;
    case "money":
      return money(amount);
    case "time":
      return `${span(amount)} of model time`;
  }
};

const KEYS: Readonly<Record<Exclude<Scope, "day">, Readonly<Record<Counted, string>>>> = {
  run: { tokens: "budget.run.tokens", money: "budget.run.dollars", time: "budget.run.minutes" },
  delivery: { tokens: "agent.max_tokens", money: "budget.delivery.dollars", time: "budget.delivery.minutes" },
};

const WHOSE: Readonly<Record<Exclude<Scope, "day">, string>> = { run: "One run of a role", delivery: "This delivery" };

const bare = (unit: Counted, amount: number): string => {
  if (amount === 0) return "nothing";
  if (unit === "tokens") return number(amount);
  return unit === "money" ? money(amount) : span(amount);
};

/** Rule 6: on a public repository amounts of money are shown only where the configuration says so. */
const countedWords = (view: DeliveryView, short: Shortage, scope: Exclude<Scope, "day">, unit: Counted): string => {
  const key = codeSpan(KEYS[scope][unit]);
  if (unit === "money" && !showsCost(view)) {
    return `${WHOSE[scope]} may cost no more than ${key} allows, and the next call might pass that.`;
  }
  const { limit, used, needed } = short;
  const left = Math.max(0, limit - used);
  return sentences(
    `${WHOSE[scope]} may use ${amountWords(unit, limit)} (${key}): ${bare(unit, used)} used, ${bare(unit, left)} left.`,
    needed === 0 ? null : `The next call may need up to ${amountWords(unit, needed)}.`,
  );
};

/** What is missing, in round numbers, with some room for the calls after it. */
const suggestion = ({ unit, limit, used, needed }: Shortage): string => {
  const missing = Math.max(0, used + needed - limit);
  if (unit === "money") return `+$${Math.max(1, Math.ceil((2 * missing) / 1_000_000))}`;
  if (unit === "time") return "+30min";
  return `+${Math.max(10, Math.ceil((2 * missing) / 10_000) * 10)}k`;
};

const inConfig = (view: DeliveryView, key: string): string =>
  `Raise ${codeSpan(key)} in ${codeSpan(CONFIG_PATH)} on the default branch, then ${command(view.settings.prefix, "retry")}.`;

/** Whether it goes on by itself, as long as it still may. */
export const comesBack = ({ facts, state }: DeliveryView): boolean =>
  facts.shortage?.until != null && state.restartsLeft > 0;

/** For an approver; of a day's limit nothing but when it is over. */
const wayOut = (view: DeliveryView, short: Shortage): string => {
  const { scope, unit } = short;
  const retry = command(view.settings.prefix, "retry");
  if (scope === "day") {
    return comesBack(view) && short.until !== null
      ? `It goes on by itself after ${moment(short.until)}. Nothing to do.`
      : `It was taken up again by itself as often as it may be; ${retry} takes it up once more.`;
  }
  if (unit === "price") return `With a price, or with another model in ${codeSpan("agent.models")}, ${retry} goes on.`;
  if (scope === "run") return inConfig(view, KEYS.run[unit]);
  return `${command(view.settings.prefix, `budget ${suggestion(short)}`)} by an approver allows more, and it goes on.`;
};

/** Rule 6 again: which model it is. */
const unknownPrice = (view: DeliveryView, { model, scope }: Shortage): string => {
  const limit = scope === "day" ? "by the operator" : codeSpan(KEYS[scope].money);
  const named = showsCost(view) ? codeSpan(model) : "the model";
  return `Money is limited (${limit}), and nobody said what ${named} costs, so it was not asked. The operator can name its price in ${codeSpan("MODEL_PRICES")}.`;
};

/** Other deliveries' use of a day is not shown: more people may read here than there. */
const limitWords = (view: DeliveryView, short: Shortage): string => {
  if (short.unit === "price") return unknownPrice(view, short);
  if (short.scope !== "day") return countedWords(view, short, short.scope, short.unit);
  return `The operator's limit of ${LIMIT_OF[short.unit]} for one day, for all deliveries of this installation together, leaves no room for the next call.`;
};

export const shortageWords = (view: DeliveryView, short: Shortage): string =>
  sentences(limitWords(view, short), wayOut(view, short));

/** For the status comment, where the limits only warn. */
export const overBudget = (view: DeliveryView): string | null => {
  const { over } = view.budget;
  return over === null
    ? null
    : `**Over budget**, which only warns here (${codeSpan("budget.mode: warn")}). ${limitWords(view, over)}`;
};

/** "Spent 31,204 tokens of 200,000 in 3 min of model time." Null before the first call. */
export const spentWords = (view: DeliveryView): string | null => {
  const { spent, limits } = view.budget;
  if (view.runs.length === 0 && spent.tokens === 0) return null;
  const cost =
    limits.micros === null || !showsCost(view) ? "" : ` and ${money(spent.micros)} of ${money(limits.micros)}`;
  const time = limits.ms === null ? span(spent.ms) : `${span(spent.ms)} of ${span(limits.ms)}`;
  const tokens = limits.tokens === null ? "" : ` of ${number(limits.tokens)}`;
  return sentences(
    `Spent ${number(spent.tokens)} tokens${tokens}${cost} in ${time} of model time.`,
    spent.lost === 0
      ? null
      : `${number(spent.estimated)} of them are estimated: ${spent.lost === 1 ? "one call" : `${number(spent.lost)} calls`} got no answer that says what it used, and may have been paid for.`,
  );
};
