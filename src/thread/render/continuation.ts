// The one comment in which a plan or a patch set goes on when neither its comment nor its check run holds all of it.
import { deliveryName } from "../../ids.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { urlOf } from "../words/links.ts";
import { blocks, link } from "../words/phrase.ts";
import { COMMENT_LIMIT, type Layout, within } from "./layout.ts";

/** `what` names it: "plan 1", "patch set 2 in `acme/shop`". Null when all of it stands elsewhere. */
export const continuation = (view: DeliveryView, key: string, what: string, pages: Layout): string | null => {
  if (pages.more.length === 0) return null;
  const first = link("the comment before", urlOf(view, key));
  return within(
    COMMENT_LIMIT,
    blocks(`**The rest of ${what}** of ${deliveryName(view.id)}, from ${first}, where it is decided.`, ...pages.more),
  );
};
