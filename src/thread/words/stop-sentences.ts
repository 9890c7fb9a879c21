// What the words for a stop are put together from: what the event said, what was kept, and lists of what was found.
import { codeIn } from "../../delivery/subjects.ts";
import { isUnwritten } from "../../delivery/work.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { shortageWords } from "./budget.ts";
import { command } from "./commands.ts";
import { linesWithin } from "./lists.ts";
import { count, moment, person, sentences } from "./phrase.ts";
import { violationsWithin } from "./violations.ts";

const ended = (text: string): string => (text === "" || /[.!?…:]$/.test(text) ? text : `${text}.`);

/** What the event behind the reason said. */
export const said = (view: DeliveryView): string => (view.facts.note === null ? "" : ended(inline(view.facts.note)));

/** The same as a sentence of its own. A repository or a path is written as it is. */
export const note = (view: DeliveryView): string =>
  said(view).replace(/^[a-z](?!\S*\/)/, (first) => first.toUpperCase());

/** The WriteGate puts its own name of a refusal first, which is for the ledger. */
export const refusal = ({ facts, ...view }: DeliveryView): string => {
  const words = facts.note?.replace(/^[a-z]+(?:_[a-z]+)*: /, "") ?? null;
  return note({ ...view, facts: { ...facts, note: words === null ? null : withoutStanding(words) } });
};

/** Of several repositories the note ends with what stood in each when it was made; the thread says what stands now. */
const withoutStanding = (words: string): string => {
  const at = words.lastIndexOf(" Opened: ");
  return at >= 0 && words.includes(" Not opened: ", at) ? words.slice(0, at) : words;
};

/** What a failure did not take along. */
export const kept = ({ state }: DeliveryView): string => {
  if (state.phase === "implement") return state.plan === null ? "" : "The approved plan is kept.";
  return state.phase === "verify" && state.targets.some(isUnwritten) ? "The approved patches are kept." : "";
};

export const rejection = (view: DeliveryView): string => {
  const last = view.decisions.findLast(({ command: name }) => name === "reject");
  const by = last === undefined ? "" : `by ${person(last.login)}, ${moment(last.at)}`;
  if (by === "") return said(view);
  return view.facts.note === null ? ended(by) : `${by}: ${said(view)}`;
};

export const countersigning = (view: DeliveryView): string =>
  sentences(
    ...view.state.targets.flatMap(({ strayHead }) =>
      strayHead === null
        ? []
        : [
            `${command(view.settings.prefix, `approve ${codeIn(view.state, strayHead.digest)}`)} on the pull request countersigns ${codeSpan(strayHead.head.slice(0, 7))}.`,
          ],
    ),
    "Or take the commit out again.",
  );

/** One delivery asks for all that wait; when it is answered, all go on. */
export const endpointAway = (view: DeliveryView): string => {
  const { askedAgain } = view.facts;
  if (view.state.restartsLeft === 0) {
    return sentences(
      "The model endpoint does not answer, and this was taken up again by itself as often as it may be.",
      note(view),
    );
  }
  return sentences(
    "The model endpoint does not answer, so it is left alone for a while.",
    note(view),
    askedAgain === undefined
      ? "It is asked again by itself."
      : `It is asked again by itself after ${moment(askedAgain)}.`,
    "When it answers, this goes on. Nothing to do.",
  );
};

/** What was refused by an older version of the app says it in its note alone. */
export const outOfBudget = (view: DeliveryView): string => {
  const { shortage } = view.facts;
  return sentences(
    shortage === undefined
      ? sentences(note(view), `${command(view.settings.prefix, "budget +50k")} by an approver allows more.`)
      : shortageWords(view, shortage),
    kept(view),
  );
};

/** Nobody has to act: it is told where the delivery stands, in no comment of its own. */
export const pausedWords = ({ tries, last }: NonNullable<DeliveryView["facts"]["paused"]>): string =>
  `**Paused.** The model endpoint does not answer (${count(tries, "try", "tries")}, the last ${moment(last)}). It is tried again by itself. Nothing to do.`;

/** Half of a comment. */
const LONGEST_DETAIL = 32_000;

const list = (lines: readonly string[]): string =>
  linesWithin(
    lines.map((line) => `- ${inline(line)}`),
    LONGEST_DETAIL,
  );

export const reasons = (view: DeliveryView): string | null => (view.triage === null ? null : list(view.triage.reasons));

export const questions = (view: DeliveryView): string | null => {
  const asked = view.newestPlan?.questions.filter(({ changesPlan }) => changesPlan) ?? [];
  return asked.length === 0 ? null : list(asked.map(({ text }) => text));
};

export const violations = (view: DeliveryView): string | null =>
  view.blockedBy.length === 0 ? null : violationsWithin(view.blockedBy, LONGEST_DETAIL);
