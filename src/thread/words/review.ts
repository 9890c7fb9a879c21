// What a review that asks for changes is answered with, on the pull request.
import { command, type Prefix } from "./commands.ts";
import { person } from "./phrase.ts";

/** `state`: "making patches" */
export const reviewTaken = (login: string, delivery: string, state: string): string =>
  `Its words are kept, ${person(login)}, for a new version, which is shown before anything is pushed. ${delivery} is ${state}.`;

export const ofReview = (prefix: Prefix, url: string, text: string): string =>
  `[This review](${url}) counts as ${command(prefix, "revise")}. ${text}`;
