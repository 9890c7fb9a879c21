// GitHub's limits on what one comment or check run may hold, and how a long text is spread over the places that it has.
// Nothing is ever cut: a text that does not fit its places has no layout, and its caller refuses it.

/** Documented in characters; counted here in bytes of UTF-8, which are never fewer. */
export const COMMENT_LIMIT = 65_536;
export const CHECK_LIMIT = 65_535;

/**
 * What a comment says beside its sections: at most 100 approvers and 20 teams (7,000), a summary (3,000), commands and links
 * (2,000), evidence (3,000), marker.
 */
export const RESERVED = 16_000;

/** What stands in a head may be no longer than this; else it is a section, or left to a link. */
export const HEAD_SUMMARY = 3_000;

/** Rule 3: what stands alone as plain text, the command among it. */
export const FIRST_CHARACTERS = 400;

const bytes = new TextEncoder();
export const sizeOf = (text: string): number => bytes.encode(text).length;

export type Layout = Readonly<{
  comment: readonly string[];
  /** Goes on in the check run's text. */
  check: readonly string[];
  /** Goes on in the one continuation comment. */
  more: readonly string[];
}>;

const SEPARATOR = 2;

/** As many sections from the front as fit. */
const fill = (sections: readonly string[], limit: number): readonly string[] => {
  let used = 0;
  const end = sections.findIndex((section) => {
    used += sizeOf(section) + SEPARATOR;
    return used > limit;
  });
  return end < 0 ? sections : sections.slice(0, end);
};

/**
 * Sections in their order over comment, check run and continuation; null when they do not fit. Depends on nothing but
 * the sections, so a comment that is drawn again breaks at the same places.
 */
export const layout = (sections: readonly string[], places: Readonly<{ check: boolean }>): Layout | null => {
  const comment = fill(sections, COMMENT_LIMIT - RESERVED);
  const afterComment = sections.slice(comment.length);
  const check = places.check ? fill(afterComment, CHECK_LIMIT - RESERVED) : [];
  const afterCheck = afterComment.slice(check.length);
  const more = fill(afterCheck, COMMENT_LIMIT - RESERVED);
  return more.length < afterCheck.length ? null : { comment, check, more };
};

/** A last line of defence for what layout has not seen. Throws RangeError. */
export const within = (limit: number, text: string): string => {
  const size = sizeOf(text);
  if (size > limit) throw new RangeError(`a text of ${size} bytes is over GitHub's limit of ${limit}`);
  return text;
};
