// Says where the rest stands when a text did not fit into its comment. Nothing is cut silently.
import type { Digest } from "../../ids.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { checkKey } from "../key.ts";
import { linkTo, urlOf } from "../words/links.ts";
import { joinWords, link } from "../words/phrase.ts";
import { decidedBy } from "./by-code.ts";
import type { Layout } from "./layout.ts";

/** Where the same can be decided by a click; null while there is no check run, or a click would not do. */
export const buttonsOn = (view: DeliveryView, key: string, digest: Digest): string | null => {
  const url = urlOf(view, checkKey(key));
  return url === null || decidedBy(view, digest) !== "button"
    ? null
    : `The ${link("check run", url)} has buttons for it.`;
};

/**
 * Null when everything stands in the comment. `what` counts sections: "2 more parts". The next comment has no link: it would be
 * known only after this one was posted, and what is to be approved is not edited for that.
 */
export const goesOn = (
  view: DeliveryView,
  key: string,
  pages: Layout,
  what: (sections: readonly string[]) => string,
): string | null => {
  const places: string[] = [];
  if (pages.check.length > 0) places.push(`${what(pages.check)} in the ${linkTo(view, checkKey(key), "check run")}`);
  if (pages.more.length > 0) places.push(`${what(pages.more)} in the next comment`);
  if (places.length === 0) return null;
  return `**This goes on**: ${joinWords(places, "and")}. An approval covers all of it.`;
};
