// What a review says, as one text: its own words, then each comment with its place. Pure.
import type { ReviewComment } from "../github/reading.ts";

const placeOf = ({ path, lines }: Pick<ReviewComment, "path" | "lines">): string => {
  if (lines === null) return path;
  const { first, last, side } = lines;
  return `${path}:${first === last ? last : `${first}-${last}`}${side === "before" ? " (before the change)" : ""}`;
};

/** In the order in which the comments were written. Empty where nothing was said. */
export const reviewWords = (
  body: string,
  comments: readonly Pick<ReviewComment, "path" | "lines" | "body">[],
): string =>
  [body.trim(), ...comments.map((comment) => ({ ...comment, body: comment.body.trim() })).flatMap(spoken)]
    .filter((text) => text !== "")
    .join("\n\n");

const spoken = (comment: Pick<ReviewComment, "path" | "lines" | "body">): readonly string[] =>
  comment.body === "" ? [] : [`${placeOf(comment)}: ${comment.body}`];
