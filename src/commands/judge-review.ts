// What becomes of a review that asks for changes: the one command that it stands for. Pure.
import { type About, type Judged, judgeComment, type Ruling } from "./judge.ts";
import type { ParsedCommand } from "./parse.ts";

/** `/revise owner/repo` with the review's words; what they hold is text, also where it looks like a command. */
const reviseOf = (fullName: string, text: string): ParsedCommand => ({
  name: "revise",
  position: 0,
  target: { kind: "repository", fullName },
  code: null,
  text,
});

/** Reviewing is everybody's, and asks nothing of us: whoever is no approver is told nothing. */
const rulingOf = (ruling: Ruling, { hearing: { standing, review } }: About): Ruling => {
  if (ruling.kind === "refused" && standing.kind !== "approver") return { ...ruling, kind: "unheard" };
  return ruling.kind === "asked" && review?.ok === false ? { kind: "refused", refusal: review.error } : ruling;
};

/** `fullName`: of the repository whose pull request was reviewed. */
export const judgeReview = (fullName: string, about: About): readonly Judged[] => {
  const { review } = about.hearing;
  const command = reviseOf(fullName, review?.ok === true ? review.value : "");
  return judgeComment({ kind: "commands", commands: [command] }, about).map((judged) => ({
    ...judged,
    ruling: rulingOf(judged.ruling, about),
  }));
};
